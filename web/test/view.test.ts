import { describe, expect, test } from 'vitest';
import { clampView, clock, niceBelow, panView, revealView, tickStep, ticks, zoomView } from '@/plots/view';

const DAY = 86_400;

describe('view', () => {
  test('zooming keeps the moment below the pointer where it is', () => {
    const before = { tminS: 100, tmaxS: 200 };
    for (const around of [100, 130, 200]) {
      const after = zoomView(before, 0.5, around, DAY);
      const share = (view: typeof before) => (around - view.tminS) / (view.tmaxS - view.tminS);
      expect(share(after)).toBeCloseTo(share(before), 12);
      expect(after.tmaxS - after.tminS).toBeCloseTo(50, 9);
    }
  });

  test('a view never leaves the recording', () => {
    expect(clampView({ tminS: -5, tmaxS: 5 }, 60)).toEqual({ tminS: 0, tmaxS: 10 });
    expect(clampView({ tminS: 55, tmaxS: 65 }, 60)).toEqual({ tminS: 50, tmaxS: 60 });
    expect(panView({ tminS: 0, tmaxS: 10 }, -3, 60)).toEqual({ tminS: 0, tmaxS: 10 });
    expect(zoomView({ tminS: 0, tmaxS: 60 }, 10, 30, 60)).toEqual({ tminS: 0, tmaxS: 60 });
  });

  test('zooming in stops at ten milliseconds', () => {
    let view = { tminS: 0, tmaxS: DAY };
    for (let i = 0; i < 60; i += 1) view = zoomView(view, 0.5, 4_000, DAY);
    expect(view.tmaxS - view.tminS).toBeCloseTo(0.01, 9);
    expect((view.tminS + view.tmaxS) / 2).toBeCloseTo(4_000, 1);
  });

  test('zooming in and out again comes back', () => {
    const start = { tminS: 1_000, tmaxS: 1_020 };
    const back = zoomView(zoomView(start, 0.25, 1_007, DAY), 4, 1_007, DAY);
    expect(back.tminS).toBeCloseTo(start.tminS, 9);
    expect(back.tmaxS).toBeCloseTo(start.tmaxS, 9);
  });

  test('evidence in view moves nothing; evidence elsewhere is brought to the middle', () => {
    const view = { tminS: 0, tmaxS: 20 };
    expect(revealView(view, 5, 6, 60)).toBe(view);
    expect(revealView(view, 40, 42, 60)).toEqual({ tminS: 31, tmaxS: 51 });
    const wide = revealView(view, 10, 50, 60);
    expect(wide.tminS).toBeLessThanOrEqual(10);
    expect(wide.tmaxS).toBeGreaterThanOrEqual(50);
  });
});

describe('ticks', () => {
  test('labels get their room at every zoom', () => {
    for (let span = 0.01; span < DAY; span *= 1.7) {
      const step = tickStep(span, 1_200);
      expect((step / span) * 1_200).toBeGreaterThanOrEqual(90 - 1e-6);
      expect(ticks({ tminS: 0, tmaxS: span }, step).length).toBeLessThanOrEqual(14);
    }
  });

  test('ticks are multiples of the step, without drift', () => {
    expect(ticks({ tminS: 0, tmaxS: 0.5 }, 0.1)).toEqual([0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5]);
    expect(ticks({ tminS: 29, tmaxS: 91 }, 30)).toEqual([30, 60, 90]);
  });

  test.each([
    [0, 1, '0:00'],
    [59.9996, 1, '1:00'],
    [3_723, 1, '1:02:03'],
    [125.25, 0.05, '2:05.25'],
    [0.0004, 0.001, '0:00.000'],
    [-1.5, 0.1, '-0:01.5'],
    [86_399.999, 0.001, '23:59:59.999'],
  ])('%f s with steps of %f s reads %s', (s, step, text) => {
    expect(clock(s, step)).toBe(text);
  });

  test.each([
    [1, 1],
    [1.99, 1],
    [2, 2],
    [49, 20],
    [50e-6, 50e-6],
    [0.0099, 0.005],
    [0, 0],
  ])('the nice number below %f is %f', (value, expected) => {
    expect(niceBelow(value)).toBeCloseTo(expected, 12);
  });
});
