'use client';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useText } from '@/i18n/text';
import { IconButton } from './button';
import { Icon } from './icon';

interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'ok' | 'bad';
  action?: { label: string; run(): void };
}

const LIFE_MS = 7_000;
let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function update(change: readonly Toast[]) {
  toasts = change;
  for (const listener of listeners) listener();
}

/** Says something at the edge of the screen; it leaves by itself, except while looked at. */
export function toast(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}) {
  const id = next++;
  update([...toasts.slice(-3), { id, text, tone: 'plain', ...options }]);
}

function dismiss(id: number) {
  update(toasts.filter((other) => other.id !== id));
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const none: readonly Toast[] = [];

export function Toasts() {
  const t = useText();
  const shown = useSyncExternalStore(subscribe, () => toasts, () => none);
  return (
    <div
      role="region"
      aria-live="polite"
      aria-label={t('shell-messages')}
      className="pointer-events-none fixed inset-x-3 bottom-16 z-60 flex flex-col items-center gap-2 md:inset-x-auto md:right-5 md:bottom-5 md:items-end"
    >
      {shown.map((item) => (
        <ToastCard key={item.id} item={item} />
      ))}
    </div>
  );
}

function ToastCard({ item }: { item: Toast }) {
  const t = useText();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(item.id), LIFE_MS);
    return () => clearTimeout(timer);
  }, [held, item.id]);
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="fade-in pointer-events-auto flex max-w-md items-center gap-2 rounded-lg bg-raised py-1.5 pr-1.5 pl-3.5 shadow-(--lift)"
    >
      {item.tone !== 'plain' && (
        <span className={item.tone === 'ok' ? 'text-ok' : 'text-bad'}>
          <Icon name={item.tone === 'ok' ? 'check' : 'problem'} />
        </span>
      )}
      <span className="min-w-0">{item.text}</span>
      {item.action && (
        <button
          type="button"
          className="h-9 rounded-md px-2.5 font-semibold text-accent hover:bg-line/45"
          onClick={() => {
            item.action?.run();
            dismiss(item.id);
          }}
        >
          {item.action.label}
        </button>
      )}
      <IconButton icon="close" label={t('action-close')} onClick={() => dismiss(item.id)} />
    </div>
  );
}
