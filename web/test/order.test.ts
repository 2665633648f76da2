import { describe, expect, test } from 'vitest';
import { broken, FIRST_ORDER, isSound, paramsOf, parseDuration, printDuration } from '@/modules/studio/order';

describe('order of a track', () => {
  test.each([
    ['10', 600],
    ['0:30', 30],
    ['10:00', 600],
    ['1:02:03', 3_723],
    ['1.5', 90],
    ['1,5', 90],
    ['', NaN],
    ['ten', NaN],
    ['1:', NaN],
  ])('"%s" is %f s', (text, s) => {
    expect(parseDuration(text)).toBe(s);
  });

  test('a printed length is read back', () => {
    for (const s of [10, 59, 60, 600, 3_723, 10_800]) expect(parseDuration(printDuration(s))).toBe(s);
  });

  test('limits are those of the analysis', () => {
    expect(broken('durationS', 10)).toBeUndefined();
    expect(broken('durationS', 9.9)).toEqual([10, 10_800]);
    expect(broken('durationS', NaN)).toEqual([10, 10_800]);
    expect(broken('levelLufs', -17)).toEqual([-23, -18]);
    expect(broken('tempoBpm', '')).toBeUndefined();
    expect(broken('tempoBpm', '200')).toEqual([40, 180]);
    expect(isSound(FIRST_ORDER)).toBe(true);
    expect(isSound({ ...FIRST_ORDER, seed: 1.5 })).toBe(false);
  });

  test('only what was set by hand overrides the measurement', () => {
    expect(paramsOf(FIRST_ORDER)).toEqual({ mode: 'relax', stimulus: 'am', duration_s: 600, seed: 1, level_lufs: -20, formats: ['wav', 'flac', 'opus'] });
    expect(paramsOf({ ...FIRST_ORDER, key: 'F# minor', tempoBpm: '72.5', targetHz: '8' })).toMatchObject({
      key: { tonic: 'F#', scale: 'minor' },
      tempo_bpm: 72.5,
      target_hz: 8,
    });
  });
});
