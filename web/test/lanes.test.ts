import { describe, expect, test } from 'vitest';
import { layout, scaleBar, scaleGroup, scaleOf, valueText, type LaneChannel } from '@/plots/lanes';

const channel = (over: Partial<LaneChannel>): LaneChannel => ({ index: 3, name: 'Cz', kind: 'eeg', unit: 'V', rateHz: 256, isBad: false, ...over });

describe('lanes', () => {
  test('64 channels fit on a laptop screen', () => {
    const lay = layout(1_100, 660, 64, 0, false);
    expect(lay.shownLanes).toBe(64);
    expect(lay.lanePx * 64).toBeCloseTo(lay.lanesPx, 6);
  });

  test('more channels than fit are scrolled, never beyond the last', () => {
    const lay = layout(1_100, 400, 256, 1_000, true);
    expect(lay.shownLanes).toBeLessThan(256);
    expect(lay.firstLane + lay.shownLanes).toBe(256);
    expect(lay.spectrogramTopPx + lay.spectrogramPx).toBe(lay.axisTopPx);
  });

  test('kinds share a scale, odd units stand alone', () => {
    expect(scaleGroup(channel({}))).toBe(scaleGroup(channel({ index: 9 })));
    expect(scaleGroup(channel({ kind: 'eog' }))).not.toBe(scaleGroup(channel({})));
    expect(scaleGroup(channel({ unit: 'degC', kind: 'misc' }))).toBe('own:3');
  });

  test('a scale follows the typical channel, not the loudest', () => {
    expect(scaleOf('eeg', [50e-6, 60e-6, 5e-3]).perLane).toBeCloseTo(66e-6, 9);
    expect(scaleOf('eeg', [0, NaN]).perLane).toBeGreaterThan(0);
  });

  test('the scale bar is a round value of readable height', () => {
    for (const perLane of [10e-6, 73e-6, 1.2e-3]) {
      for (const lanePx of [10, 32, 200]) {
        const { px, value } = scaleBar(perLane, lanePx);
        expect(px).toBeGreaterThan(17);
        expect(px).toBeLessThanOrEqual(52);
        expect(Number(value.toPrecision(1))).toBeCloseTo(value, 12);
      }
    }
  });

  test.each([
    [42.1e-6, 'V', '42.1 µV'],
    [-0.5e-6, 'V', '-0.5 µV'],
    [1.5e-3, 'V', '1.5 mV'],
    [36.64, 'degC', '36.6 degC'],
    [0.25, '1', '0.25'],
    [NaN, 'V', '–'],
  ])('%f %s reads %s', (value, unit, text) => {
    expect(valueText(value, unit)).toBe(text);
  });
});
