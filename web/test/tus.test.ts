import { describe, expect, test, vi } from 'vitest';
import { Problem } from '@/api/client';
import { metadataValue, upload } from '@/api/tus';

interface Server {
  fetch: typeof fetch;
  received: number[];
  calls: string[];
}

/** A tus server in memory. `breaks` lists the calls (counted from 1) whose connection is lost. */
function server(size: number, breaks: number[] = [], options: { loseAnswer?: boolean; unknown?: string } = {}): Server {
  const received: number[] = [];
  const calls: string[] = [];
  const answer = (status: number, headers: Record<string, string> = {}, body: string | null = null) => new Response(body, { status, headers });
  const handle = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? 'GET';
    calls.push(`${method} ${String(input)}`);
    const isBroken = breaks.includes(calls.length);
    if (isBroken && !options.loseAnswer) throw new TypeError('connection lost');
    const headers = new Headers(init.headers);
    expect(headers.get('tus-resumable')).toBe('1.0.0');
    if (method === 'POST') return answer(201, { location: 'http://elsewhere:9/v1/uploads/upl_1' });
    if (String(input) === options.unknown) return answer(404, {}, JSON.stringify({ title: 'Not found', status: 404, code: 'upload.not_found' }));
    if (method === 'PATCH') {
      if (Number(headers.get('upload-offset')) !== received.length) return answer(409, {}, JSON.stringify({ title: 'Conflict', status: 409, code: 'upload.offset' }));
      received.push(...new Uint8Array(await (init.body as Blob).arrayBuffer()));
      // The bytes arrived, only the answer did not.
      if (isBroken) throw new TypeError('connection lost');
    }
    const done: Record<string, string> = received.length === size ? { 'clx-recording': 'rec_1' } : {};
    return answer(method === 'PATCH' ? 204 : 200, { 'upload-offset': String(received.length), ...done });
  };
  return { fetch: handle as typeof fetch, received, calls };
}

const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i * 7) % 251);
const file = (n: number) => Object.assign(new Blob([bytes(n)]), { name: 'nächte.edf' });
const now = () => Promise.resolve();

describe('resumable upload', () => {
  test('sends every byte once and in order', async () => {
    const to = server(1_000);
    const progress: number[] = [];
    const id = await upload(file(1_000), { fetch: to.fetch, pieceBytes: 300, wait: now, onProgress: ({ sent }) => progress.push(sent) });
    expect(id).toBe('rec_1');
    expect(to.received).toEqual([...bytes(1_000)]);
    expect(progress).toEqual([0, 300, 600, 900, 1_000]);
    // The path only: the name in Location may be that of a proxy's inside.
    expect(to.calls[1]).toBe('HEAD /v1/uploads/upl_1');
  });

  test.each([true, false])('goes on after breaks without losing or repeating bytes (answer lost: %s)', async (loseAnswer) => {
    const to = server(1_000, [3, 5, 8], { loseAnswer });
    const id = await upload(file(1_000), { fetch: to.fetch, pieceBytes: 200, wait: now });
    expect(id).toBe('rec_1');
    expect(to.received).toEqual([...bytes(1_000)]);
  });

  test('continues an upload begun earlier', async () => {
    const to = server(1_000);
    to.received.push(...bytes(1_000).slice(0, 640));
    await upload(file(1_000), { fetch: to.fetch, resume: '/v1/uploads/upl_1', wait: now });
    expect(to.calls[0]).toBe('HEAD /v1/uploads/upl_1');
    expect(to.received).toEqual([...bytes(1_000)]);
  });

  test('begins again when the server forgot the upload', async () => {
    const to = server(10, [], { unknown: '/v1/uploads/upl_old' });
    await upload(file(10), { fetch: to.fetch, resume: '/v1/uploads/upl_old', wait: now });
    expect(to.calls[1]).toBe('POST /v1/uploads');
    expect(to.received).toEqual([...bytes(10)]);
  });

  test('gives up after its attempts, and waits longer each time', async () => {
    const wait = vi.fn((_: number) => Promise.resolve());
    const to = server(10, [1, 2, 3, 4, 5, 6, 7, 8]);
    await expect(upload(file(10), { fetch: to.fetch, wait, attempts: 4 })).rejects.toMatchObject({ code: 'offline' });
    expect(wait.mock.calls.map(([n]) => n)).toEqual([1, 2, 3]);
  });

  test('does not repeat what was refused', async () => {
    const refuse = vi.fn(async () => new Response(JSON.stringify({ title: 'Too large', status: 413, code: 'upload.too_large' }), { status: 413 }));
    const sent = upload(file(10), { fetch: refuse as unknown as typeof fetch, wait: now });
    await expect(sent).rejects.toBeInstanceOf(Problem);
    expect(refuse).toHaveBeenCalledTimes(1);
  });

  test('stops when it is told to', async () => {
    const abort = new AbortController();
    abort.abort();
    const lost = vi.fn(async () => Promise.reject(new DOMException('aborted', 'AbortError')));
    await expect(upload(file(10), { fetch: lost as unknown as typeof fetch, wait: now, signal: abort.signal })).rejects.toThrow();
    expect(lost).toHaveBeenCalledTimes(1);
  });

  test('names with any letters fit the metadata', () => {
    expect(metadataValue('Gërmadhë 脳.edf')).toBe(Buffer.from('Gërmadhë 脳.edf').toString('base64'));
  });
});
