'use client';
import { useQuery } from '@tanstack/react-query';
import { Dialog as Radix } from 'radix-ui';
import { useDeferredValue, useId, useRef, useState } from 'react';
import { json } from '@/api/client';
import { keys } from '@/api/queries';
import type { Page, Recording } from '@/api/types';
import { useText } from '@/i18n/text';
import { useNavigate } from '@/nav';
import { Icon, type IconName } from '@/ui/icon';
import { Keys, useCommandList } from './commands';
import { keysOf } from './keys';

interface Entry {
  id: string;
  text: string;
  icon: IconName;
  keys?: string;
  run(): void;
}

/** Go, do, find a recording. */
export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const t = useText();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-(--scrim)" />
        <Radix.Content
          aria-describedby={undefined}
          className="fade-in fixed top-[12dvh] left-1/2 z-50 w-[min(94vw,560px)] -translate-x-1/2 overflow-hidden rounded-lg bg-raised shadow-(--lift)"
        >
          <Radix.Title className="sr-only">{t('command-palette')}</Radix.Title>
          <PaletteBody close={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteBody({ close }: { close(): void }) {
  const t = useText();
  const navigate = useNavigate();
  const listId = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const wanted = useDeferredValue(text.trim());
  const commands = useCommandList();
  const recordings = useQuery({
    queryKey: [...keys.recordings(wanted), 'palette'],
    queryFn: ({ signal }) => json<Page<Recording>>('/v1/recordings', { query: { q: wanted || undefined, limit: 6 }, signal }),
    placeholderData: (before) => before,
  });

  const needle = text.trim().toLocaleLowerCase();
  const entries: Entry[] = [
    ...commands
      .filter((command) => !command.hidden)
      .map((command): Entry => ({
        id: command.id,
        text: t(command.label),
        icon: command.group === 'go' ? 'next' : 'keyboard',
        keys: keysOf(command)[0],
        run: command.run,
      }))
      .filter((entry) => entry.text.toLocaleLowerCase().includes(needle)),
    ...(recordings.data?.data ?? []).map((recording): Entry => ({
      id: recording.id,
      text: recording.title,
      icon: recording.kind === 'audio' ? 'sound' : 'brain',
      run: () => navigate(`/recordings/${recording.id}`),
    })),
  ];
  const current = Math.min(at, entries.length - 1);

  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    close();
    entry.run();
  };
  const move = (to: number) => {
    setAt(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Icon name="search" className="text-ink-2" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries[current] ? `${listId}-${current}` : undefined}
          aria-label={t('command-palette')}
          placeholder={t('palette-placeholder')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') move(Math.min(current + 1, entries.length - 1));
            else if (event.key === 'ArrowUp') move(Math.max(current - 1, 0));
            else if (event.key === 'Enter') choose(entries[current]);
            else return;
            event.preventDefault();
          }}
          className="h-12 w-full bg-transparent text-lg outline-none placeholder:text-ink-2"
        />
      </div>
      <ul ref={list} id={listId} role="listbox" aria-label={t('command-palette')} className="max-h-[50dvh] overflow-y-auto p-1.5">
        {entries.map((entry, i) => (
          <li
            key={entry.id}
            id={`${listId}-${i}`}
            role="option"
            aria-selected={i === current}
            onPointerMove={() => setAt(i)}
            onClick={() => choose(entry)}
            className={`row flex cursor-pointer items-center gap-3 rounded-sm px-2.5 ${i === current ? 'bg-line/55' : ''}`}
          >
            <Icon name={entry.icon} className="text-ink-2" />
            <span className="min-w-0 flex-1 truncate">{entry.text}</span>
            {entry.keys && <Keys keys={entry.keys} />}
          </li>
        ))}
        {entries.length === 0 && <li className="px-2.5 py-3 text-ink-2">{t('palette-nothing')}</li>}
      </ul>
    </>
  );
}
