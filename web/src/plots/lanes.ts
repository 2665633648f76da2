// What is drawn where: lanes, their scale, their colour.
import type { SignalFrame } from './frames';
import { niceBelow } from './view';

export interface LaneChannel {
  /** Number of the channel in the recording. */
  index: number;
  name: string;
  kind: string;
  unit: string;
  rateHz: number;
  isBad: boolean;
}

export const MIN_LANE_PX = 9;
export const AXIS_PX = 24;
export const EVENTS_PX = 26;

export interface Layout {
  widthPx: number;
  heightPx: number;
  /** Left edge of the signals; labels stand before it. */
  leftPx: number;
  plotPx: number;
  /** Top and height of all signal lanes together. */
  lanesTopPx: number;
  lanesPx: number;
  lanePx: number;
  firstLane: number;
  shownLanes: number;
  spectrogramTopPx: number;
  spectrogramPx: number;
  axisTopPx: number;
}

export function layout(widthPx: number, heightPx: number, nLanes: number, firstLane: number, hasSpectrogram: boolean): Layout {
  const leftPx = widthPx < 560 ? 52 : 84;
  const axisTopPx = heightPx - AXIS_PX;
  const spectrogramPx = hasSpectrogram ? Math.round(Math.min(150, heightPx * 0.26)) : 0;
  const spectrogramTopPx = axisTopPx - spectrogramPx;
  const lanesPx = Math.max(0, spectrogramTopPx - EVENTS_PX - (hasSpectrogram ? 6 : 0));
  const fitting = Math.max(1, Math.floor(lanesPx / MIN_LANE_PX));
  const shownLanes = Math.max(1, Math.min(nLanes, fitting));
  return {
    widthPx,
    heightPx,
    leftPx,
    plotPx: Math.max(1, widthPx - leftPx),
    lanesTopPx: EVENTS_PX,
    lanesPx,
    lanePx: lanesPx / shownLanes,
    firstLane: Math.max(0, Math.min(firstLane, nLanes - shownLanes)),
    shownLanes,
    spectrogramTopPx,
    spectrogramPx,
    axisTopPx,
  };
}

const isVolt = (unit: string) => /^(v|volt)$/i.test(unit);

/** Kinds share a scale, so that amplitudes compare; a unit nobody knows stands for itself. */
export function scaleGroup(channel: LaneChannel): string {
  if (channel.kind === 'audio') return 'audio';
  return isVolt(channel.unit) && channel.kind !== 'stim' ? channel.kind : `own:${channel.index}`;
}

export interface Scale {
  /** Units of the channel that one lane is high, at gain 1. */
  perLane: number;
}

function median(values: number[]): number {
  if (values.length === 0) return NaN;
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? NaN;
}

/** Middle of a channel: what its lane is centred on. Audio is centred on zero. */
export function centreOf(channel: LaneChannel, root: SignalFrame, row: number): number {
  if (channel.kind === 'audio') return 0;
  const middles: number[] = [];
  for (let i = 0; i < root.columns; i += 1) {
    const lo = root.values[(row * root.columns + i) * 2] ?? NaN;
    const hi = root.values[(row * root.columns + i) * 2 + 1] ?? NaN;
    if (Number.isFinite(lo) && Number.isFinite(hi)) middles.push((lo + hi) / 2);
  }
  const middle = median(middles);
  return Number.isFinite(middle) ? middle : 0;
}

/** Height of a channel's usual range: between the 5th and 95th percentile of its extremes. */
export function excursionOf(root: SignalFrame, row: number): number {
  const lows: number[] = [];
  const highs: number[] = [];
  for (let i = 0; i < root.columns; i += 1) {
    const lo = root.values[(row * root.columns + i) * 2] ?? NaN;
    const hi = root.values[(row * root.columns + i) * 2 + 1] ?? NaN;
    if (!Number.isFinite(lo) || !Number.isFinite(hi)) continue;
    lows.push(lo);
    highs.push(hi);
  }
  lows.sort((x, y) => x - y);
  highs.sort((x, y) => x - y);
  return (highs[Math.floor(highs.length * 0.95)] ?? NaN) - (lows[Math.floor(lows.length * 0.05)] ?? NaN);
}

/** Scale of a group from the excursions of its good channels. */
export function scaleOf(group: string, excursions: number[]): Scale {
  if (group === 'audio') return { perLane: 2.1 };
  const typical = median(excursions.filter((value) => Number.isFinite(value) && value > 0));
  // Nothing moves: any scale shows the flat lines that are there.
  return { perLane: Number.isFinite(typical) ? typical * 1.1 : 1 };
}

const PREFIXES: [number, string][] = [
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
];

/** A value of a channel with the prefix a reader expects: `42.1 µV`. */
export function valueText(value: number, unit: string, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (!isVolt(unit)) return `${Number(value.toPrecision(digits))}${unit && unit !== '1' ? ` ${unit}` : ''}`;
  const size = Math.abs(value);
  // Microvolts are the habit of the field even below one.
  const [factor, prefix] = size >= 1 ? PREFIXES[0]! : size >= 1e-3 ? PREFIXES[1]! : PREFIXES[2]!;
  return `${Number((value / factor).toPrecision(digits))} ${prefix}V`;
}

/** Length of a scale bar of about `targetPx`, and what it stands for. */
export function scaleBar(perLane: number, lanePx: number, targetPx = 34): { px: number; value: number } {
  if (!(perLane > 0) || !(lanePx > 0)) return { px: 0, value: 0 };
  const value = niceBelow((perLane / lanePx) * targetPx * 1.5);
  return { px: (value / perLane) * lanePx, value };
}
