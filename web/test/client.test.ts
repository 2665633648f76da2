import { afterEach, describe, expect, test, vi } from 'vitest';
import { address, json, Problem } from '@/api/client';

afterEach(() => vi.unstubAllGlobals());

const answering = (response: Response | Error) =>
  vi.stubGlobal('fetch', vi.fn(async () => (response instanceof Error ? Promise.reject(response) : response)));

describe('client', () => {
  test('a refusal is thrown with the words of the server', async () => {
    const body = { title: 'Not found', status: 404, code: 'recording.not_found', detail: 'no recording rec_9', request_id: 'req_1' };
    answering(new Response(JSON.stringify(body), { status: 404 }));
    await expect(json('/v1/recordings/rec_9')).rejects.toMatchObject({ code: 'recording.not_found', message: 'no recording rec_9', status: 404 });
  });

  test('the page of a proxy is a problem too', async () => {
    answering(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    await expect(json('/v1/jobs')).rejects.toMatchObject({ status: 502, code: 'unknown' });
  });

  test('no answer is a problem of its own', async () => {
    answering(new TypeError('fetch failed'));
    await expect(json('/v1/jobs')).rejects.toMatchObject({ code: 'offline', status: 0 });
  });

  test('giving up is not a problem', async () => {
    answering(new DOMException('gone', 'AbortError'));
    await expect(json('/v1/jobs')).rejects.not.toBeInstanceOf(Problem);
  });

  test('what is undefined stays out of the address', () => {
    expect(address('/v1/jobs', { recording_id: undefined, limit: 5, q: 'a b&c' })).toBe('/v1/jobs?limit=5&q=a+b%26c');
  });
});
