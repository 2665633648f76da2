// Strokes of the timeline on a 2D canvas. Knows nothing of loading, pointers or React.
import type { SignalFrame } from './frames';
import type { Ink } from './ink';
import { EVENTS_PX, type LaneChannel, type Layout } from './lanes';
import { clock, tickStep, ticks, type View } from './view';

export interface TimedMark {
  tminS: number;
  tmaxS: number;
  text: string;
  channel?: string;
}

export interface Segment {
  tminS: number;
  tmaxS: number;
  label: string;
}

export const toX = (t: number, view: View, lay: Layout) => lay.leftPx + ((t - view.tminS) / (view.tmaxS - view.tminS)) * lay.plotPx;
export const toTime = (x: number, view: View, lay: Layout) => view.tminS + ((x - lay.leftPx) / lay.plotPx) * (view.tmaxS - view.tminS);

export interface Trace {
  frame: SignalFrame;
  /** Row of the channel in the frame. */
  row: number;
  /** Only this stretch of the frame is drawn. */
  fromS: number;
  toS: number;
}

export interface LaneStyle {
  middlePx: number;
  centre: number;
  /** Pixels per unit of the channel, upwards. */
  pxPerUnit: number;
  /** How far a trace may leave its middle. */
  reachPx: number;
  /** Samples per second: a hole longer than one and a half of them is a gap. */
  rateHz: number;
}

/** Adds one channel's trace to the current path. */
export function traceLane(ctx: CanvasRenderingContext2D, traces: readonly Trace[], style: LaneStyle, view: View, lay: Layout) {
  let lastT = -Infinity;
  let isUp = false;
  for (const { frame, row, fromS, toS } of traces) {
    const step = (frame.tmaxS - frame.tminS) / frame.columns;
    const first = Math.max(0, Math.floor((Math.max(fromS, view.tminS) - frame.tminS) / step) - 1);
    const last = Math.min(frame.columns - 1, Math.ceil((Math.min(toS, view.tmaxS) - frame.tminS) / step) + 1);
    const base = row * frame.columns;
    const bridge = Math.max(1.6 / style.rateHz, step * 2.5);
    // So far in that single samples can be told apart.
    const markSamples = lay.plotPx / ((view.tmaxS - view.tminS) * style.rateHz) > 12;
    for (let i = first; i <= last; i += 1) {
      const lo = frame.values[(base + i) * 2]!;
      const hi = frame.values[(base + i) * 2 + 1]!;
      if (lo !== lo || hi !== hi) continue;
      const t = frame.tminS + (i + 0.5) * step;
      if (t < fromS - step || t > toS + step || t <= lastT) continue;
      const x = toX(t, view, lay);
      const yLo = style.middlePx - clampTo((lo - style.centre) * style.pxPerUnit, style.reachPx);
      const yHi = style.middlePx - clampTo((hi - style.centre) * style.pxPerUnit, style.reachPx);
      // Alternating the order saves the pen half of its way.
      const [a, b] = isUp ? [yLo, yHi] : [yHi, yLo];
      if (t - lastT > bridge) ctx.moveTo(x, a);
      else ctx.lineTo(x, a);
      if (Math.abs(yHi - yLo) > 0.2 || t - lastT > bridge) ctx.lineTo(x, b + (a === b ? 0.01 : 0));
      if (markSamples && lo === hi) {
        ctx.rect(x - 1.5, a - 1.5, 3, 3);
        ctx.moveTo(x, a);
      }
      isUp = !isUp;
      lastT = t;
    }
  }
}

const clampTo = (value: number, limit: number) => (value > limit ? limit : value < -limit ? -limit : value);

export function drawAxis(ctx: CanvasRenderingContext2D, view: View, lay: Layout, ink: Ink) {
  const step = tickStep(view.tmaxS - view.tminS, lay.plotPx);
  ctx.lineWidth = 1;
  ctx.font = `12px ${ink.mono}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  for (const t of ticks(view, step)) {
    const x = Math.round(toX(t, view, lay)) + 0.5;
    ctx.strokeStyle = ink.line;
    ctx.globalAlpha = 0.7;
    ctx.beginPath();
    ctx.moveTo(x, EVENTS_PX);
    ctx.lineTo(x, lay.axisTopPx + 4);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.fillStyle = ink.ink2;
    const label = clock(t, step);
    const half = ctx.measureText(label).width / 2;
    ctx.fillText(label, Math.min(Math.max(x, lay.leftPx + half), lay.widthPx - half - 2), lay.axisTopPx + 14);
  }
}

export function drawLabels(ctx: CanvasRenderingContext2D, channels: readonly LaneChannel[], lay: Layout, ink: Ink, selected: string | undefined) {
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  const size = Math.max(9, Math.min(13, lay.lanePx - 1));
  for (let i = 0; i < lay.shownLanes; i += 1) {
    const channel = channels[lay.firstLane + i];
    if (!channel) break;
    const y = lay.lanesTopPx + (i + 0.5) * lay.lanePx;
    const isSelected = channel.name === selected;
    ctx.font = `${isSelected ? 600 : 400} ${size}px ${ink.sans}`;
    ctx.fillStyle = channel.isBad ? ink.ink2 : isSelected ? ink.accent : ink.ink;
    let label = channel.name;
    while (label.length > 1 && ctx.measureText(label).width > lay.leftPx - 14) label = `${label.slice(0, -2)}…`;
    ctx.fillText(label, lay.leftPx - 8, y);
    if (channel.isBad) {
      const width = ctx.measureText(label).width;
      ctx.fillRect(lay.leftPx - 8 - width, Math.round(y), width, 1);
    }
  }
}

/** Annotations in their lane on top, with a faint stretch over the signals. */
export function drawMarks(ctx: CanvasRenderingContext2D, marks: readonly TimedMark[], view: View, lay: Layout, ink: Ink) {
  ctx.font = `12px ${ink.sans}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  let freeFrom = lay.leftPx;
  for (const mark of marks) {
    if (mark.tmaxS < view.tminS || mark.tminS > view.tmaxS) continue;
    const x = Math.max(lay.leftPx, toX(mark.tminS, view, lay));
    const to = Math.min(lay.widthPx, toX(mark.tmaxS, view, lay));
    ctx.fillStyle = ink.accent;
    if (to - x > 1.5) {
      ctx.globalAlpha = 0.07;
      ctx.fillRect(x, EVENTS_PX, to - x, lay.axisTopPx - EVENTS_PX);
      ctx.globalAlpha = 1;
      ctx.fillRect(x, EVENTS_PX - 4, to - x, 2);
    }
    ctx.globalAlpha = 0.65;
    ctx.fillRect(Math.round(x), 4, 1, lay.axisTopPx - 4);
    ctx.globalAlpha = 1;
    if (x >= freeFrom - 0.5 && x < lay.widthPx - 12) {
      const room = Math.max(to - x, 110);
      let label = mark.text;
      while (label.length > 1 && ctx.measureText(label).width > room - 8) label = `${label.slice(0, -2)}…`;
      ctx.fillStyle = ink.ink;
      ctx.fillText(label, x + 5, 12);
      freeFrom = x + ctx.measureText(label).width + 12;
    }
  }
}

/** Parts of a song: those that sound alike share a letter and a shade. */
export function drawSegments(ctx: CanvasRenderingContext2D, segments: readonly Segment[], view: View, lay: Layout, ink: Ink) {
  ctx.font = `600 12px ${ink.sans}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const segment of segments) {
    if (segment.tmaxS < view.tminS || segment.tminS > view.tmaxS) continue;
    const x = Math.max(lay.leftPx, toX(segment.tminS, view, lay));
    const to = Math.min(lay.widthPx, toX(segment.tmaxS, view, lay));
    const shade = (segment.label.charCodeAt(0) - 65) % 4;
    ctx.fillStyle = ink.ink;
    ctx.globalAlpha = 0.06 + 0.05 * Math.max(0, shade);
    ctx.fillRect(x, 3, to - x - 1, EVENTS_PX - 8);
    ctx.globalAlpha = 1;
    if (to - x > 16) ctx.fillText(segment.label, x + 5, 13);
  }
}

export function drawBeats(ctx: CanvasRenderingContext2D, beats: readonly number[], view: View, lay: Layout, ink: Ink) {
  if (beats.length < 2) return;
  const perSecond = lay.plotPx / (view.tmaxS - view.tminS);
  const spacing = ((beats[beats.length - 1]! - beats[0]!) / (beats.length - 1)) * perSecond;
  // Closer than this they would be a grey curtain.
  if (spacing < 10) return;
  ctx.fillStyle = ink.kinds['emg'] ?? ink.accent;
  ctx.globalAlpha = spacing < 24 ? 0.4 : 0.7;
  for (const beat of beats) {
    if (beat < view.tminS || beat > view.tmaxS) continue;
    ctx.fillRect(Math.round(toX(beat, view, lay)), EVENTS_PX, 1, lay.axisTopPx - EVENTS_PX);
  }
  ctx.globalAlpha = 1;
}
