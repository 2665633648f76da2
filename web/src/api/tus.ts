// Resumable upload by the tus 1.0 protocol: create, then send pieces from the offset the server
// confirms. After a break the offset is asked again, so nothing is sent twice and nothing is lost.
import { offline, Problem, problemOf } from './client';

export interface UploadSource {
  name: string;
  size: number;
  slice(start: number, end: number): Blob;
}

export interface UploadProgress {
  sent: number;
  size: number;
  /** Bytes per second over the last pieces; undefined before the first one. */
  rate?: number;
}

export interface UploadOptions {
  /** Address of an upload begun earlier, to go on with it. */
  resume?: string;
  pieceBytes?: number;
  attempts?: number;
  signal?: AbortSignal;
  onCreated?(location: string): void;
  onProgress?(progress: UploadProgress): void;
  /** Waits before attempt `n`; replaced in tests. */
  wait?(n: number): Promise<void>;
  fetch?: typeof fetch;
}

const VERSION = { 'tus-resumable': '1.0.0' };
const PIECE_BYTES = 4 * 1024 * 1024;
const ATTEMPTS = 6;

/** Base64 of the UTF-8 bytes, as tus metadata wants it. */
export function metadataValue(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

const backoff = (n: number) => new Promise<void>((done) => setTimeout(done, Math.min(16_000, 500 * 2 ** n)));

/** Sends the whole file; returns the id of the recording it became. */
export async function upload(file: UploadSource, options: UploadOptions = {}): Promise<string> {
  const send = options.fetch ?? fetch;
  const attempts = options.attempts ?? ATTEMPTS;
  const wait = options.wait ?? backoff;
  let location = options.resume;
  let failures = 0;

  for (;;) {
    try {
      if (!location) {
        location = await create(send, file, options.signal);
        options.onCreated?.(location);
      }
      const at = await confirmed(send, location, options.signal);
      return await sendFrom(send, file, location, at, options, () => {
        failures = 0;
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      const problem = error instanceof Problem ? error : offline(error);
      if (problem.status === 404 || problem.status === 410) {
        // The server no longer knows the upload (it expired): begin again, but only once per failure.
        if (!location) throw problem;
        location = undefined;
      } else if (problem.status >= 400 && problem.status < 500 && problem.status !== 409 && problem.status !== 423 && problem.status !== 429) {
        throw problem;
      }
      failures += 1;
      if (failures >= attempts) throw problem;
      await wait(failures);
    }
  }
}

async function create(send: typeof fetch, file: UploadSource, signal?: AbortSignal): Promise<string> {
  const response = await send('/v1/uploads', {
    method: 'POST',
    headers: {
      ...VERSION,
      'upload-length': String(file.size),
      'upload-metadata': `filename ${metadataValue(file.name)}`,
    },
    signal,
  });
  if (!response.ok) throw await problemOf(response);
  const location = response.headers.get('location');
  if (!location) throw new Problem({ title: 'The server gave no address for the upload', status: 502, code: 'unknown' });
  // Only the path: the server may sit behind a proxy with another name.
  return new URL(location, 'http://same.origin').pathname;
}

interface Position {
  offset: number;
  recording?: string;
}

async function confirmed(send: typeof fetch, location: string, signal?: AbortSignal): Promise<Position> {
  const response = await send(location, { method: 'HEAD', headers: VERSION, signal });
  if (!response.ok) throw await problemOf(response);
  return {
    offset: Number(response.headers.get('upload-offset') ?? 0),
    recording: response.headers.get('clx-recording') ?? undefined,
  };
}

async function sendFrom(
  send: typeof fetch,
  file: UploadSource,
  location: string,
  position: Position,
  options: UploadOptions,
  onPiece: () => void,
): Promise<string> {
  const pieceBytes = options.pieceBytes ?? PIECE_BYTES;
  let { offset, recording } = position;
  let rate: number | undefined;
  options.onProgress?.({ sent: offset, size: file.size });
  while (!recording) {
    const started = performance.now();
    const piece = file.slice(offset, Math.min(offset + pieceBytes, file.size));
    const response = await send(location, {
      method: 'PATCH',
      headers: { ...VERSION, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: piece,
      signal: options.signal,
    });
    if (!response.ok) throw await problemOf(response);
    const next = Number(response.headers.get('upload-offset') ?? offset + piece.size);
    const seconds = (performance.now() - started) / 1000;
    if (seconds > 0 && next > offset) rate = (next - offset) / seconds;
    recording = response.headers.get('clx-recording') ?? undefined;
    if (!recording && next <= offset) {
      throw new Problem({ title: 'The upload does not advance', status: 502, code: 'upload.stalled' });
    }
    offset = next;
    onPiece();
    options.onProgress?.({ sent: offset, size: file.size, rate });
  }
  return recording;
}

/** Gives up an upload; the server drops what it has of it. */
export async function abandon(location: string): Promise<void> {
  await fetch(location, { method: 'DELETE', headers: VERSION });
}
