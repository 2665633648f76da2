'use client';
import { useSyncExternalStore } from 'react';

/** What a reader set for this browser; the account holds nothing of it. */
interface Preferences {
  lang: string;
  theme: 'light' | 'dark';
  /** `off` when single-key shortcuts are switched off (WCAG 2.1.4). */
  keys: 'on' | 'off';
  checklist: 'hidden';
  /** Set once a recording was opened. */
  opened: 'yes';
  volume: string;
}

const listeners = new Set<() => void>();

function read<K extends keyof Preferences>(name: K): Preferences[K] | undefined {
  try {
    return (localStorage.getItem(`clx.${name}`) as Preferences[K] | null) ?? undefined;
  } catch {
    return undefined; // storage is blocked: defaults hold
  }
}

export function setPreference<K extends keyof Preferences>(name: K, value: Preferences[K] | undefined) {
  try {
    if (value === undefined) localStorage.removeItem(`clx.${name}`);
    else localStorage.setItem(`clx.${name}`, value);
  } catch {
    // Storage is blocked: the choice lasts for this page only, through the listeners below.
  }
  if (name === 'theme') applyTheme();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

export function usePreference<K extends keyof Preferences>(name: K): Preferences[K] | undefined {
  return useSyncExternalStore(
    subscribe,
    () => read(name),
    () => undefined,
  );
}

/** The chosen theme, else the system's. */
export function applyTheme() {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = read('theme') ?? system;
}

function watchTheme(listener: () => void) {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** The theme on screen. */
export function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(
    watchTheme,
    () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'),
    () => 'light',
  );
}
