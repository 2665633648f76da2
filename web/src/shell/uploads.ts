'use client';
// Uploads of this page. They live outside React, so that they go on while one moves about.
import { useSyncExternalStore } from 'react';
import { Problem } from '@/api/client';
import { abandon, upload } from '@/api/tus';

export interface Upload {
  id: number;
  name: string;
  size: number;
  sent: number;
  rate?: number;
  state: 'waiting' | 'sending' | 'paused' | 'failed' | 'done';
  problem?: Problem;
  recording?: string;
}

interface Entry extends Upload {
  file: File;
  location?: string;
  abort?: AbortController;
}

const AT_ONCE = 2;
const RESUME = 'clx.uploads';

let entries: Entry[] = [];
let shown: readonly Upload[] = [];
let next = 1;
const listeners = new Set<() => void>();
let onDone: (upload: Upload) => void = () => {};

function publish() {
  shown = entries.map(({ file: _file, location: _location, abort: _abort, ...upload }) => upload);
  for (const listener of listeners) listener();
}

function change(id: number, update: Partial<Entry>) {
  entries = entries.map((entry) => (entry.id === id ? { ...entry, ...update } : entry));
  publish();
}

const find = (id: number) => entries.find((entry) => entry.id === id);

// A file is recognised by name, size and date, so that dropping it again after a reload goes on.
const mark = (file: File) => `${file.name}/${file.size}/${file.lastModified}`;

function remembered(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(RESUME) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

function remember(file: File, location: string | undefined) {
  const all = remembered();
  if (location) all[mark(file)] = location;
  else delete all[mark(file)];
  try {
    localStorage.setItem(RESUME, JSON.stringify(all));
  } catch {
    // Storage is blocked: an upload then only survives navigation, not a reload.
  }
}

async function run(id: number) {
  const entry = find(id);
  if (!entry) return;
  const abort = new AbortController();
  change(id, { state: 'sending', problem: undefined, abort });
  try {
    const recording = await upload(entry.file, {
      resume: entry.location ?? remembered()[mark(entry.file)],
      signal: abort.signal,
      onCreated: (location) => {
        change(id, { location });
        remember(entry.file, location);
      },
      onProgress: ({ sent, rate }) => change(id, { sent, rate }),
    });
    remember(entry.file, undefined);
    change(id, { state: 'done', sent: entry.size, recording });
    const done = find(id);
    if (done) onDone(done);
  } catch (error) {
    if (abort.signal.aborted) return;
    change(id, { state: 'failed', problem: error instanceof Problem ? error : undefined });
  } finally {
    pump();
  }
}

function pump() {
  let running = entries.filter((entry) => entry.state === 'sending').length;
  for (const entry of entries) {
    if (running >= AT_ONCE) return;
    if (entry.state !== 'waiting') continue;
    running += 1;
    void run(entry.id);
  }
}

export function addFiles(files: Iterable<File>) {
  for (const file of files) {
    entries = [...entries, { id: next++, name: file.name, size: file.size, sent: 0, state: 'waiting', file }];
  }
  publish();
  pump();
}

export function pauseUpload(id: number) {
  const entry = find(id);
  change(id, { state: 'paused', rate: undefined });
  entry?.abort?.abort();
  pump();
}

export function continueUpload(id: number) {
  change(id, { state: 'waiting' });
  pump();
}

export function cancelUpload(id: number) {
  const entry = find(id);
  entries = entries.filter((other) => other.id !== id);
  publish();
  if (!entry) return;
  entry.abort?.abort();
  remember(entry.file, undefined);
  // What the server keeps of it expires by itself if this does not arrive.
  if (entry.location) abandon(entry.location).catch(() => {});
  pump();
}

export function whenUploaded(listener: (upload: Upload) => void) {
  onDone = listener;
}

const none: readonly Upload[] = [];

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
    () => none,
  );
}
