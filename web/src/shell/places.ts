import type { IconName } from '@/ui/icon';

export interface Place {
  id: string;
  /** Message id of its name. */
  label: string;
  href: string;
  icon: IconName;
  /** Second key after `g`. */
  key: string;
}

/** Where one can go. Only what works is here. */
export const PLACES: readonly Place[] = [
  { id: 'library', label: 'nav-library', href: '/', icon: 'library', key: 'h' },
  { id: 'studio', label: 'nav-studio', href: '/studio', icon: 'studio', key: 's' },
  { id: 'settings', label: 'nav-settings', href: '/settings', icon: 'settings', key: ',' },
];
