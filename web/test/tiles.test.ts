import { describe, expect, test, vi } from 'vitest';
import { FrameError, parseSignal, parseSpectrogram } from '@/plots/frames';
import { indexRange, levelFor, rootLevel, TILE_COLUMNS, TileCache, type SignalRequest } from '@/plots/tiles';

function signalFrame(channels: number, columns: number, tminS: number, tmaxS: number): ArrayBuffer {
  const buffer = new ArrayBuffer(32 + channels * columns * 8);
  const view = new DataView(buffer);
  for (const [i, letter] of [...'CLXS'].entries()) view.setUint8(i, letter.charCodeAt(0));
  view.setUint32(4, 1, true);
  view.setUint32(8, channels, true);
  view.setUint32(12, columns, true);
  view.setFloat64(16, tminS, true);
  view.setFloat64(24, tmaxS, true);
  for (let i = 0; i < channels * columns; i += 1) {
    view.setFloat32(32 + i * 8, -i, true);
    view.setFloat32(36 + i * 8, i, true);
  }
  return buffer;
}

describe('binary frames', () => {
  test('a signal frame is read as it was written', () => {
    const frame = parseSignal(signalFrame(2, 3, 1.5, 4.5));
    expect(frame).toMatchObject({ nChannels: 2, columns: 3, tminS: 1.5, tmaxS: 4.5 });
    // Channel 1, column 2 is pair 5.
    expect([frame.values[10], frame.values[11]]).toEqual([-5, 5]);
  });

  test('another frame, another version or a cut one is refused', () => {
    expect(() => parseSpectrogram(signalFrame(1, 1, 0, 1))).toThrow(FrameError);
    expect(() => parseSignal(signalFrame(2, 3, 0, 1).slice(0, 60))).toThrow(/80/);
    const later = signalFrame(1, 1, 0, 1);
    new DataView(later).setUint32(4, 2, true);
    expect(() => parseSignal(later)).toThrow(/version/);
  });
});

describe('levels', () => {
  test('a column is about a pixel', () => {
    for (let span = 0.05; span < 86_400; span *= 1.3) {
      const column = 2 ** levelFor(span, 1_000) / TILE_COLUMNS;
      const pixel = span / 1_000;
      if (levelFor(span, 1_000) === -8) continue;
      expect(column).toBeLessThanOrEqual(pixel * Math.SQRT2 * (1 + 1e-6));
      expect(column).toBeGreaterThanOrEqual((pixel / Math.SQRT2) * (1 - 1e-6));
    }
  });

  test('the root tile holds the whole recording', () => {
    for (const duration of [0.5, 1, 60, 61.4, 28_800, 86_400]) {
      expect(2 ** rootLevel(duration)).toBeGreaterThanOrEqual(duration);
      expect(indexRange({ tminS: 0, tmaxS: duration }, rootLevel(duration))).toEqual([0, 0]);
    }
  });

  test('an edge that is the end of a tile does not ask for the next one', () => {
    expect(indexRange({ tminS: 8, tmaxS: 16 }, 3)).toEqual([1, 1]);
    expect(indexRange({ tminS: 7.9, tmaxS: 16.1 }, 3)).toEqual([0, 2]);
  });
});

describe('tile cache', () => {
  const settled = () => new Promise((done) => setTimeout(done, 5));

  test('asks for each tile once, inside the recording, with columns of equal width', async () => {
    const asked: SignalRequest[] = [];
    const load = vi.fn(async (request: SignalRequest) => {
      asked.push(request);
      return signalFrame(request.channels.length, request.columns, request.tminS, request.tmaxS);
    });
    const cache = new TileCache(60, [[0, 1]], load, () => {}, () => {});
    const key = { level: 6, index: 0, group: 0 };
    cache.want([key]);
    cache.want([key]);
    await settled();
    cache.want([key]);
    expect(load).toHaveBeenCalledTimes(1);
    expect(asked[0]).toMatchObject({ tminS: 0, tmaxS: 60, columns: 960, channels: [0, 1] });
    expect(cache.get(key)?.columns).toBe(960);
    expect(cache.isIdle).toBe(true);
  });

  test('gives up what nobody looks at any more', async () => {
    const aborted: boolean[] = [];
    const load = (_: SignalRequest, signal: AbortSignal) =>
      new Promise<ArrayBuffer>((_, fail) =>
        signal.addEventListener('abort', () => {
          aborted.push(true);
          fail(new Error('aborted'));
        }),
      );
    const onError = vi.fn();
    const cache = new TileCache(1_000, [[0]], load, () => {}, onError);
    cache.want([{ level: 0, index: 1, group: 0 }]);
    cache.want([]);
    await settled();
    expect(aborted).toEqual([true]);
    expect(onError).not.toHaveBeenCalled();
  });

  test('a failure is reported and not repeated at once', async () => {
    const load = vi.fn(async () => Promise.reject(new Error('no')));
    const onError = vi.fn();
    const cache = new TileCache(10, [[0]], load, () => {}, onError);
    const key = { level: 0, index: 0, group: 0 };
    cache.want([key]);
    await settled();
    cache.want([key]);
    await settled();
    expect(load).toHaveBeenCalledTimes(1);
    expect(onError).toHaveBeenCalledTimes(1);
  });
});
