// One entrance to the server. Same origin, session cookie, refusals as `Problem`.
import type { ProblemDocument } from './types';

/** A refusal of the server, or the lack of an answer (`code` is then `offline`). */
export class Problem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.detail ?? document.title);
    this.name = 'Problem';
  }
  get status() {
    return this.document.status;
  }
  get code() {
    return this.document.code;
  }

  /** Whether the field of that JSON pointer is what was wrong. */
  isAbout(pointer: string): boolean {
    return this.document.violations?.some((violation) => violation.pointer === pointer) ?? false;
  }
}

export function offline(cause: unknown): Problem {
  const detail = cause instanceof Error ? cause.message : undefined;
  return new Problem({ title: 'No answer from the server', status: 0, code: 'offline', detail });
}

/** Turns an unsuccessful response into a `Problem`, whatever its body is. */
export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<ProblemDocument>;
    if (typeof body.title === 'string') {
      return new Problem({ code: 'unknown', ...body, title: body.title, status: response.status });
    }
  } catch {
    // Not JSON, such as the page of a proxy: the status is all there is.
  }
  const title = response.statusText || `HTTP ${response.status}`;
  return new Problem({ title, status: response.status, code: 'unknown' });
}

export interface Options {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export function address(path: string, query: Options['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** A response with a status of 200 to 299; anything else is thrown as a `Problem`. */
export async function request(path: string, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method: options.method ?? 'GET',
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: 'same-origin',
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw offline(cause);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function json<T>(path: string, options?: Options): Promise<T> {
  const response = await request(path, options);
  return (await response.json()) as T;
}

export async function binary(path: string, options?: Options): Promise<ArrayBuffer> {
  const response = await request(path, { ...options, headers: { accept: 'application/octet-stream' } });
  return response.arrayBuffer();
}

/** A key for a POST that must not happen twice when it is sent again. */
export function idempotencyKey(): Record<string, string> {
  return { 'idempotency-key': crypto.randomUUID() };
}
