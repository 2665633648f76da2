'use client';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useText } from '@/i18n/text';
import { Dialog } from '@/ui/dialog';
import { useNavigate } from '@/nav';
import { isTaken, keysOf, pressed, printed, Registry, type Command } from './keys';
import { usePreference } from './preferences';
import { PLACES } from './places';
import { Palette } from './palette';

export const registry = new Registry();

/** Offers commands while the caller is on screen. `run` may change without a new registration. */
export function useCommands(commands: readonly Command[]) {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const ids = commands.map((command) => command.id).join(' ');
  useEffect(() => {
    const stable = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find((other) => other.id === command.id)?.run(),
    }));
    return registry.add(stable);
  }, [ids]);
}

const none: readonly Command[] = [];

export function useCommandList(): readonly Command[] {
  return useSyncExternalStore(registry.subscribe, registry.list, () => none);
}

/** Listens to the keyboard and shows palette and sheet. */
export function Commands({ paletteOpen, onPalette }: { paletteOpen: boolean; onPalette(open: boolean): void }) {
  const navigate = useNavigate();
  const [sheet, setSheet] = useState(false);
  const singleKeys = usePreference('keys') !== 'off';

  useCommands([
    { id: 'palette', label: 'command-palette', group: 'do', keys: 'mod+k', run: () => onPalette(true), hidden: true },
    { id: 'sheet', label: 'command-sheet', group: 'do', keys: '?', run: () => setSheet(true) },
    ...PLACES.map((place): Command => ({
      id: `go-${place.id}`,
      label: place.label,
      group: 'go',
      keys: `g ${place.key}`,
      run: () => navigate(place.href),
    })),
  ]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const key = pressed(event);
      if (!key.startsWith('mod+') && isTaken(event.target, key)) return;
      const command = registry.match(key, singleKeys, event.timeStamp);
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [singleKeys]);

  return (
    <>
      <Palette open={paletteOpen} onOpenChange={onPalette} />
      <Sheet open={sheet} onOpenChange={setSheet} />
    </>
  );
}

export function Keys({ keys }: { keys: string }) {
  const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
  return (
    <span className="inline-flex gap-1">
      {printed(keys, isMac).map((key, i) => (
        <kbd key={i} className="num rounded-sm border border-line bg-sunken px-1.5 text-xs leading-5 text-ink-2">
          {key}
        </kbd>
      ))}
    </span>
  );
}

const GROUPS = ['go', 'do', 'timeline', 'player'] as const;

function Sheet({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const t = useText();
  const commands = useCommandList();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('command-sheet')} wide>
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {GROUPS.map((group) => {
          const own = commands.filter((command) => command.group === group && keysOf(command).length > 0);
          if (own.length === 0) return null;
          return (
            <section key={group}>
              <h3 className="eyebrow mb-1">{t(`command-group-${group}`)}</h3>
              <dl>
                {own.map((command) => (
                  <div key={command.id} className="flex min-h-8 items-center justify-between gap-3 border-b border-line/60 last:border-0">
                    <dt>{t(command.label)}</dt>
                    <dd className="flex gap-2">
                      {keysOf(command).map((keys) => (
                        <Keys key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
