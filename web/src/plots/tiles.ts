// Stretches of signal in powers of two. Level `l` cuts time into tiles of 2^l seconds with
// `TILE_COLUMNS` columns each; a tile never changes, so a key says all about it.
import { parseSignal, type SignalFrame } from './frames';
import type { View } from './view';

export const TILE_COLUMNS = 1024;
/** Channels that travel together. */
export const GROUP_SIZE = 32;
const MIN_LEVEL = -8;
const CACHE_BYTES = 96 * 1024 * 1024;
const AT_ONCE = 4;

export interface TileKey {
  level: number;
  index: number;
  group: number;
}

export interface SignalRequest {
  tminS: number;
  tmaxS: number;
  columns: number;
  channels: number[];
}

export type LoadSignal = (request: SignalRequest, signal: AbortSignal) => Promise<ArrayBuffer>;

const text = (key: TileKey) => `${key.level}/${key.index}/${key.group}`;

/** The level whose columns are closest to a pixel: between 0.7 and 1.42 of one. */
export function levelFor(spanS: number, widthPx: number): number {
  const perPixel = spanS / Math.max(1, widthPx);
  return Math.max(MIN_LEVEL, Math.round(Math.log2(perPixel * TILE_COLUMNS)));
}

/** The level at which one tile holds everything. */
export function rootLevel(durationS: number): number {
  return Math.max(MIN_LEVEL, Math.ceil(Math.log2(Math.max(durationS, 2 ** MIN_LEVEL)) - 1e-9));
}

export function indexRange(view: View, level: number): [first: number, last: number] {
  const span = 2 ** level;
  return [Math.max(0, Math.floor(view.tminS / span)), Math.max(0, Math.ceil(view.tmaxS / span) - 1)];
}

interface Wanted {
  key: TileKey;
  abort: AbortController;
}

/** Loads, keeps and finds tiles. Bounded: the longest unused ones go first. */
export class TileCache {
  private readonly tiles = new Map<string, SignalFrame>();
  private readonly loading = new Map<string, Wanted>();
  private queue: TileKey[] = [];
  private bytes = 0;
  private readonly failed = new Map<string, number>();

  constructor(
    private readonly durationS: number,
    private readonly groups: readonly (readonly number[])[],
    private readonly load: LoadSignal,
    private readonly onChange: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  get(key: TileKey): SignalFrame | undefined {
    const id = text(key);
    const tile = this.tiles.get(id);
    if (tile) {
      // A Map keeps the order of insertion: put in again, it is the most recently used.
      this.tiles.delete(id);
      this.tiles.set(id, tile);
    }
    return tile;
  }

  /** Whether nothing that is on screen is missing any more. */
  get isIdle(): boolean {
    return this.loading.size === 0 && this.queue.length === 0;
  }

  /** Asks for these, in this order; what is being loaded and no longer asked for is given up. */
  want(keys: readonly TileKey[]) {
    const asked = new Set(keys.map(text));
    for (const [id, wanted] of this.loading) {
      if (!asked.has(id)) {
        wanted.abort.abort();
        this.loading.delete(id);
      }
    }
    const now = performance.now();
    this.queue = keys.filter((key) => {
      const id = text(key);
      return !this.tiles.has(id) && !this.loading.has(id) && !((this.failed.get(id) ?? -Infinity) > now - 5_000);
    });
    this.pump();
  }

  dispose() {
    this.queue = [];
    for (const { abort } of this.loading.values()) abort.abort();
    this.loading.clear();
    this.tiles.clear();
  }

  private pump() {
    while (this.loading.size < AT_ONCE) {
      const key = this.queue.shift();
      if (!key) return;
      void this.fetch(key);
    }
  }

  private async fetch(key: TileKey) {
    const id = text(key);
    const abort = new AbortController();
    this.loading.set(id, { key, abort });
    const span = 2 ** key.level;
    const tminS = key.index * span;
    const tmaxS = Math.min(tminS + span, this.durationS);
    // The last tile ends with the recording, at the same width of a column. Columns between two
    // samples stay empty; the pen goes across them.
    const columns = Math.max(1, Math.round((TILE_COLUMNS * (tmaxS - tminS)) / span));
    try {
      const buffer = await this.load({ tminS, tmaxS, columns, channels: [...(this.groups[key.group] ?? [])] }, abort.signal);
      if (abort.signal.aborted) return;
      this.keep(id, parseSignal(buffer));
      this.loading.delete(id);
      this.onChange();
    } catch (error) {
      if (abort.signal.aborted) return;
      this.loading.delete(id);
      this.failed.set(id, performance.now());
      this.onError(error);
    }
    this.pump();
  }

  private keep(id: string, tile: SignalFrame) {
    this.tiles.set(id, tile);
    this.bytes += tile.values.byteLength;
    for (const [oldest, old] of this.tiles) {
      if (this.bytes <= CACHE_BYTES || oldest === id) break;
      this.tiles.delete(oldest);
      this.bytes -= old.values.byteLength;
    }
  }
}
