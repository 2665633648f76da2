// The timeline: every lane of a recording on one clock. Framework-free; two canvases, one for the
// signals, one above for the cursor, so that moving the pointer repaints no signal.
import {
  drawAxis,
  drawBeats,
  drawLabels,
  drawMarks,
  drawSegments,
  toTime,
  toX,
  traceLane,
  type Segment,
  type TimedMark,
  type Trace,
} from './draw';
import type { SignalFrame } from './frames';
import { readInk, type Ink } from './ink';
import { centreOf, EVENTS_PX, excursionOf, layout, scaleBar, scaleGroup, scaleOf, valueText, type LaneChannel, type Layout } from './lanes';
import { isDense, Raster } from './raster';
import { SpectrogramLane, type LoadSpectrogram } from './spectrogram';
import { GROUP_SIZE, indexRange, levelFor, rootLevel, TileCache, type LoadSignal, type TileKey } from './tiles';
import { clampView, clock, panView, revealView, tickStep, zoomView, type View } from './view';

export interface Readout {
  timeS: number;
  channel: string | undefined;
  /** Extremes below the cursor; equal when one sample is one pixel. */
  value: string | undefined;
}

export interface Evidence {
  tminS: number;
  tmaxS: number;
  channel?: string;
}

export interface TimelineOptions {
  durationS: number;
  channels: readonly LaneChannel[];
  view?: View;
  loadSignal: LoadSignal;
  loadSpectrogram?: LoadSpectrogram;
  onView?(view: View): void;
  onReadout?(readout: Readout | undefined): void;
  onSelect?(channel: string | undefined): void;
  onSeek?(timeS: number): void;
  onError?(error: unknown): void;
}

const MAX_RATIO = 2;
const DRAG_PX = 3;
const WHEEL_ZOOM = 0.0016;

export class Timeline {
  private readonly base: HTMLCanvasElement;
  private readonly over: HTMLCanvasElement;
  private readonly tiles: TileCache;
  private readonly spectrogram: SpectrogramLane | undefined;
  private readonly observers: { disconnect(): void }[] = [];
  private readonly abort = new AbortController();
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private readonly root: number;
  private readonly raster = new Raster();
  private ink: Ink;
  private lay: Layout;
  private ratio = 1;
  private frameRequest = 0;
  private overRequest = 0;
  private dragged = false;
  private cursor: { x: number; y: number } | undefined;
  private scales = new Map<string, number>();
  private centres = new Map<number, number>();
  private firstLane = 0;
  private gain = 1;
  private showSpectrogram = false;
  private marks: readonly TimedMark[] = [];
  private segments: readonly Segment[] = [];
  private beats: readonly number[] = [];
  private selected: string | undefined;
  private evidence: Evidence | undefined;
  private playheadS: number | undefined;
  private channels: readonly LaneChannel[];
  view: View;

  constructor(
    private readonly host: HTMLElement,
    private readonly options: TimelineOptions,
  ) {
    this.channels = options.channels;
    this.view = clampView(options.view ?? { tminS: 0, tmaxS: options.durationS }, options.durationS);
    this.base = canvas(host);
    this.over = canvas(host);
    this.ink = readInk(host);
    this.root = rootLevel(options.durationS);
    const groups: number[][] = [];
    for (let i = 0; i < this.channels.length; i += GROUP_SIZE) groups.push(this.channels.slice(i, i + GROUP_SIZE).map((c) => c.index));
    this.tiles = new TileCache(options.durationS, groups, options.loadSignal, () => this.onTile(), (error) => options.onError?.(error));
    if (options.loadSpectrogram) this.spectrogram = new SpectrogramLane(options.durationS, options.loadSpectrogram, () => this.invalidate());
    this.lay = layout(1, 1, this.channels.length, 0, false);
    this.listen();
    this.resize();
  }

  destroy() {
    this.abort.abort();
    cancelAnimationFrame(this.frameRequest);
    cancelAnimationFrame(this.overRequest);
    for (const observer of this.observers) observer.disconnect();
    this.tiles.dispose();
    this.spectrogram?.dispose();
    this.base.remove();
    this.over.remove();
  }

  // What is shown -----------------------------------------------------------

  setChannels(channels: readonly LaneChannel[]) {
    this.channels = channels;
    this.rescale();
    this.invalidate();
  }

  setMarks(marks: readonly TimedMark[]) {
    this.marks = marks;
    this.invalidate();
  }

  setMusic(segments: readonly Segment[], beats: readonly number[]) {
    this.segments = segments;
    this.beats = beats;
    this.invalidate();
  }

  setSelected(channel: string | undefined) {
    if (channel === this.selected) return;
    this.selected = channel;
    this.invalidate();
  }

  setSpectrogram(shown: boolean) {
    this.showSpectrogram = shown && this.spectrogram !== undefined;
    this.relayout();
    this.invalidate();
  }

  /** Brings a stretch into view and marks it. */
  showEvidence(evidence: Evidence | undefined) {
    this.evidence = evidence;
    if (evidence) {
      const { tminS, tmaxS, channel } = evidence;
      // A finding over the whole recording needs no other view than the one there is.
      if (tmaxS - tminS < this.options.durationS * 0.9) this.setView(revealView(this.view, tminS, tmaxS, this.options.durationS));
      const lane = this.channels.findIndex((c) => c.name === channel);
      if (lane >= 0 && (lane < this.lay.firstLane || lane >= this.lay.firstLane + this.lay.shownLanes)) {
        this.firstLane = Math.max(0, lane - Math.floor(this.lay.shownLanes / 2));
        this.relayout();
      }
    }
    this.invalidate();
  }

  setPlayhead(timeS: number | undefined, follow: boolean) {
    this.playheadS = timeS;
    if (follow && timeS !== undefined && (timeS < this.view.tminS || timeS > this.view.tmaxS)) {
      const span = this.view.tmaxS - this.view.tminS;
      this.setView({ tminS: timeS - span * 0.05, tmaxS: timeS + span * 0.95 });
    }
    this.invalidateOver();
  }

  // Where one is ------------------------------------------------------------

  setView(view: View) {
    const next = clampView(view, this.options.durationS);
    if (next.tminS === this.view.tminS && next.tmaxS === this.view.tmaxS) return;
    this.view = next;
    this.invalidate();
    this.options.onView?.(next);
  }

  pan(share: number) {
    this.setView(panView(this.view, share * (this.view.tmaxS - this.view.tminS), this.options.durationS));
  }

  zoom(factor: number) {
    const { tminS, tmaxS } = this.view;
    const inside = this.playheadS !== undefined && this.playheadS >= tminS && this.playheadS <= tmaxS;
    this.setView(zoomView(this.view, factor, inside ? this.playheadS! : (tminS + tmaxS) / 2, this.options.durationS));
  }

  fit() {
    this.setView({ tminS: 0, tmaxS: this.options.durationS });
  }

  amplify(factor: number) {
    this.gain = Math.min(1000, Math.max(0.001, this.gain * factor));
    this.invalidate();
  }

  scrollLanes(by: number) {
    this.firstLane = Math.max(0, Math.min(this.channels.length - this.lay.shownLanes, this.lay.firstLane + by));
    this.relayout();
    this.invalidate();
  }

  /** The next annotation after the middle of the view, or the one before it. */
  jumpMark(direction: 1 | -1): TimedMark | undefined {
    const middle = (this.view.tminS + this.view.tmaxS) / 2;
    const edge = (this.view.tmaxS - this.view.tminS) * 1e-6;
    const found =
      direction > 0 ? this.marks.find((mark) => mark.tminS > middle + edge) : this.marks.findLast((mark) => mark.tminS < middle - edge);
    if (!found) return undefined;
    const half = (this.view.tmaxS - this.view.tminS) / 2;
    this.setView({ tminS: found.tminS - half, tmaxS: found.tminS + half });
    return found;
  }

  /** Extremes of every channel in the view, from what is loaded: the table twin and the summary. */
  extremes(): { channel: LaneChannel; min: number; max: number }[] {
    return this.channels.map((channel, lane) => {
      let min = Infinity;
      let max = -Infinity;
      for (const { frame, row, fromS, toS } of this.tracesOf(lane)) {
        const step = (frame.tmaxS - frame.tminS) / frame.columns;
        for (let i = 0; i < frame.columns; i += 1) {
          const t = frame.tminS + (i + 0.5) * step;
          if (t < Math.max(fromS, this.view.tminS) || t > Math.min(toS, this.view.tmaxS)) continue;
          const lo = frame.values[(row * frame.columns + i) * 2]!;
          const hi = frame.values[(row * frame.columns + i) * 2 + 1]!;
          if (lo < min) min = lo;
          if (hi > max) max = hi;
        }
      }
      return { channel, min: min === Infinity ? NaN : min, max: max === -Infinity ? NaN : max };
    });
  }

  // Loading -----------------------------------------------------------------

  private onTile() {
    if (this.scales.size === 0) this.rescale();
    this.invalidate();
  }

  private rescale() {
    this.scales = new Map();
    const excursions = new Map<string, number[]>();
    for (const [lane, channel] of this.channels.entries()) {
      const root = this.tiles.get({ level: this.root, index: 0, group: Math.floor(lane / GROUP_SIZE) });
      if (!root) return;
      const row = lane % GROUP_SIZE;
      this.centres.set(channel.index, centreOf(channel, root, row));
      const group = scaleGroup(channel);
      const own = excursions.get(group) ?? [];
      if (!channel.isBad) own.push(excursionOf(root, row));
      excursions.set(group, own);
    }
    for (const [group, values] of excursions) this.scales.set(group, scaleOf(group, values).perLane);
  }

  private ask() {
    const { view, lay } = this;
    const level = Math.min(this.root, levelFor(view.tmaxS - view.tminS, lay.plotPx));
    const nGroups = Math.ceil(this.channels.length / GROUP_SIZE);
    const shown: number[] = [];
    for (let group = 0; group < nGroups; group += 1) {
      const first = group * GROUP_SIZE;
      if (first < lay.firstLane + lay.shownLanes && first + GROUP_SIZE > lay.firstLane) shown.push(group);
    }
    const keys: TileKey[] = [];
    for (let group = 0; group < nGroups; group += 1) keys.push({ level: this.root, index: 0, group });
    const [first, last] = indexRange(view, level);
    for (let index = first; index <= last; index += 1) for (const group of shown) keys.push({ level, index, group });
    // Neighbours: where panning leads, and one step out.
    const end = Math.ceil(this.options.durationS / 2 ** level) - 1;
    for (const group of shown) {
      if (last + 1 <= end) keys.push({ level, index: last + 1, group });
      if (first > 0) keys.push({ level, index: first - 1, group });
      if (level + 1 < this.root) for (const index of new Set([first >> 1, last >> 1])) keys.push({ level: level + 1, index, group });
    }
    this.tiles.want(keys);
    if (this.showSpectrogram && this.spectrogram) {
      const channel = this.spectrogramChannel();
      if (channel) this.spectrogram.want(channel.index, view, lay.plotPx, lay.spectrogramPx);
    }
  }

  private spectrogramChannel(): LaneChannel | undefined {
    return this.channels.find((c) => c.name === this.selected) ?? this.channels.find((c) => !c.isBad && c.kind !== 'stim') ?? this.channels[0];
  }

  /** The best there is for every stretch of the view: the right tile, finer ones, coarser ones. */
  private tracesOf(lane: number): Trace[] {
    const level = Math.min(this.root, levelFor(this.view.tmaxS - this.view.tminS, this.lay.plotPx));
    const group = Math.floor(lane / GROUP_SIZE);
    const row = lane % GROUP_SIZE;
    const traces: Trace[] = [];
    const [first, last] = indexRange(this.view, level);
    for (let index = first; index <= last; index += 1) this.best(traces, { level, index, group }, row);
    return traces;
  }

  private best(traces: Trace[], key: TileKey, row: number) {
    const put = (frame: SignalFrame, of: TileKey) => {
      const span = 2 ** of.level;
      traces.push({ frame, row, fromS: of.index * span, toS: (of.index + 1) * span });
    };
    const exact = this.tiles.get(key);
    if (exact) return put(exact, key);
    const left = { ...key, level: key.level - 1, index: key.index * 2 };
    const right = { ...left, index: left.index + 1 };
    const [a, b] = [this.tiles.get(left), this.tiles.get(right)];
    if (a && b) {
      put(a, left);
      return put(b, right);
    }
    for (let level = key.level + 1, index = key.index; level <= this.root; level += 1) {
      index = Math.floor(index / 2);
      const coarse = this.tiles.get({ level, index, group: key.group });
      if (coarse) return put(coarse, key);
    }
  }

  // Painting ----------------------------------------------------------------

  private invalidate() {
    if (this.frameRequest) return;
    this.frameRequest = requestAnimationFrame(() => {
      this.frameRequest = 0;
      this.ask();
      this.paint();
      this.paintOver();
    });
  }

  private invalidateOver() {
    if (this.overRequest || this.frameRequest) return;
    this.overRequest = requestAnimationFrame(() => {
      this.overRequest = 0;
      this.paintOver();
    });
  }

  private paint() {
    const ctx = this.base.getContext('2d');
    if (!ctx) return;
    const { lay, view, ink } = this;
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.fillStyle = ink.raised;
    ctx.fillRect(0, 0, lay.widthPx, lay.heightPx);
    drawAxis(ctx, view, lay, ink);
    drawSegments(ctx, this.segments, view, lay, ink);
    drawMarks(ctx, this.marks, view, lay, ink);
    this.paintEvidence(ctx);
    this.paintLanes(ctx);
    drawBeats(ctx, this.beats, view, lay, ink);
    if (this.showSpectrogram) this.paintSpectrogram(ctx);
    drawLabels(ctx, this.channels, lay, ink, this.selected);
    this.paintScaleBar(ctx);
    // For tests and for whoever measures: what is on screen, and whether it is final.
    this.host.dataset.view = `${view.tminS},${view.tmaxS}`;
    this.host.dataset.settled = String(this.tiles.isIdle);
    performance.mark('clx:timeline-painted');
  }

  private paintLanes(ctx: CanvasRenderingContext2D) {
    const { lay, view, ink } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(lay.leftPx, lay.lanesTopPx, lay.plotPx, lay.lanesPx);
    ctx.clip();
    ctx.lineJoin = 'bevel';
    ctx.lineWidth = 1;
    this.raster.begin(lay, this.ratio);
    for (let i = 0; i < lay.shownLanes; i += 1) {
      const lane = lay.firstLane + i;
      const channel = this.channels[lane];
      if (!channel) break;
      const perLane = this.perLane(channel);
      if (!(perLane > 0)) continue;
      ctx.strokeStyle = channel.name === this.selected ? ink.accent : (ink.kinds[channel.kind] ?? ink.ink);
      const alpha = channel.isBad ? 0.35 : 1;
      const style = {
        middlePx: lay.lanesTopPx + (i + 0.5) * lay.lanePx,
        centre: this.centres.get(channel.index) ?? 0,
        pxPerUnit: lay.lanePx / perLane,
        reachPx: channel.kind === 'audio' ? lay.lanePx / 2 - 2 : lay.lanePx * 1.5,
        rateHz: channel.rateHz,
      };
      if (isDense(view, lay, channel.rateHz)) {
        this.raster.add(this.tracesOf(lane), style, view, String(ctx.strokeStyle), alpha);
        continue;
      }
      ctx.globalAlpha = alpha;
      ctx.beginPath();
      traceLane(ctx, this.tracesOf(lane), style, view, lay);
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
    this.raster.draw(ctx);
    ctx.restore();
  }

  private perLane(channel: LaneChannel): number {
    return (this.scales.get(scaleGroup(channel)) ?? 0) / this.gain;
  }

  private paintEvidence(ctx: CanvasRenderingContext2D) {
    if (!this.evidence) return;
    const { lay, view, ink } = this;
    const { tminS, tmaxS, channel } = this.evidence;
    const x = Math.max(lay.leftPx, toX(tminS, view, lay));
    const to = Math.min(lay.widthPx, toX(tmaxS, view, lay));
    if (to < lay.leftPx || x > lay.widthPx) return;
    const lane = this.channels.findIndex((c) => c.name === channel) - lay.firstLane;
    const onLane = channel !== undefined && lane >= 0 && lane < lay.shownLanes;
    const top = onLane ? lay.lanesTopPx + lane * lay.lanePx - 2 : lay.lanesTopPx;
    const height = onLane ? lay.lanePx + 4 : lay.lanesPx;
    ctx.fillStyle = ink.warn;
    ctx.globalAlpha = 0.16;
    ctx.fillRect(x, top, Math.max(2, to - x), height);
    ctx.globalAlpha = 1;
    ctx.fillRect(x, top, 1.5, height);
    ctx.fillRect(Math.max(x, to - 1.5), top, 1.5, height);
  }

  private paintSpectrogram(ctx: CanvasRenderingContext2D) {
    const { lay, view, ink } = this;
    const channel = this.spectrogramChannel();
    if (!channel || !this.spectrogram) return;
    const [top, height] = [lay.spectrogramTopPx, lay.spectrogramPx - 2];
    ctx.fillStyle = ink.sunken;
    ctx.fillRect(lay.leftPx, top, lay.plotPx, height);
    this.spectrogram.draw(ctx, channel.index, view, lay.leftPx, top, lay.plotPx, height);
    const frame = this.spectrogram.current(channel.index);
    ctx.fillStyle = ink.ink2;
    ctx.font = `12px ${ink.mono}`;
    ctx.textAlign = 'right';
    if (frame) {
      const hz = (f: number) => (f >= 1000 ? `${Number((f / 1000).toPrecision(2))} kHz` : `${Number(f.toPrecision(2))} Hz`);
      ctx.textBaseline = 'top';
      ctx.fillText(hz(frame.fmaxHz), lay.leftPx - 8, top + 1);
      ctx.textBaseline = 'bottom';
      ctx.fillText(hz(frame.fminHz), lay.leftPx - 8, top + height);
    }
    ctx.textBaseline = 'middle';
    ctx.font = `12px ${ink.sans}`;
    ctx.fillText(channel.name, lay.leftPx - 8, top + height / 2);
  }

  private paintScaleBar(ctx: CanvasRenderingContext2D) {
    const { lay, ink } = this;
    const shown = this.channels.slice(lay.firstLane, lay.firstLane + lay.shownLanes);
    const channel = shown.find((c) => !c.isBad && !scaleGroup(c).startsWith('own:') && c.kind !== 'audio');
    if (!channel) return;
    const bar = scaleBar(this.perLane(channel), lay.lanePx);
    if (!(bar.px > 0)) return;
    const label = valueText(bar.value, channel.unit);
    ctx.font = `12px ${ink.mono}`;
    const width = ctx.measureText(label).width + 22;
    const height = Math.max(20, bar.px + 8);
    const x = lay.widthPx - width - 8;
    const y = lay.lanesTopPx + lay.lanesPx - height - 6;
    ctx.globalAlpha = 0.88;
    ctx.fillStyle = ink.raised;
    ctx.fillRect(x, y, width, height);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = ink.ink;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    const [top, bottom] = [y + height / 2 - bar.px / 2, y + height / 2 + bar.px / 2];
    ctx.moveTo(x + 5, top);
    ctx.lineTo(x + 11, top);
    ctx.moveTo(x + 8, top);
    ctx.lineTo(x + 8, bottom);
    ctx.moveTo(x + 5, bottom);
    ctx.lineTo(x + 11, bottom);
    ctx.stroke();
    ctx.fillStyle = ink.ink;
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    ctx.fillText(label, x + 17, y + height / 2);
  }

  private paintOver() {
    const ctx = this.over.getContext('2d');
    if (!ctx) return;
    const { lay, view, ink, cursor } = this;
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, lay.widthPx, lay.heightPx);
    if (this.playheadS !== undefined && this.playheadS >= view.tminS && this.playheadS <= view.tmaxS) {
      const x = toX(this.playheadS, view, lay);
      ctx.fillStyle = ink.bad;
      ctx.fillRect(x - 0.75, 0, 1.5, lay.axisTopPx);
      ctx.beginPath();
      ctx.moveTo(x - 5, 0);
      ctx.lineTo(x + 5, 0);
      ctx.lineTo(x, 6);
      ctx.fill();
    }
    if (cursor && cursor.x >= lay.leftPx) {
      ctx.fillStyle = ink.ink2;
      ctx.fillRect(Math.round(cursor.x), EVENTS_PX, 1, lay.axisTopPx - EVENTS_PX);
      const step = tickStep(view.tmaxS - view.tminS, lay.plotPx, 4);
      const label = clock(toTime(cursor.x, view, lay), Math.max(0.001, step));
      ctx.font = `12px ${ink.mono}`;
      ctx.textAlign = 'center';
      ctx.textBaseline = 'middle';
      const half = ctx.measureText(label).width / 2 + 6;
      const x = Math.min(Math.max(cursor.x, lay.leftPx + half), lay.widthPx - half);
      ctx.fillStyle = ink.ink;
      ctx.fillRect(x - half, lay.axisTopPx + 4, half * 2, 19);
      ctx.fillStyle = ink.surface;
      ctx.fillText(label, x, lay.axisTopPx + 14);
    }
  }

  // Pointer -----------------------------------------------------------------

  private listen() {
    const { signal } = this.abort;
    const on = <K extends keyof HTMLElementEventMap>(type: K, run: (event: HTMLElementEventMap[K]) => void, passive = true) =>
      this.host.addEventListener(type, run, { signal, passive });
    on('wheel', (event) => this.onWheel(event), false);
    on('pointerdown', (event) => this.onDown(event));
    on('pointermove', (event) => this.onMove(event));
    on('pointerup', (event) => this.onUp(event));
    on('pointercancel', (event) => this.pointers.delete(event.pointerId));
    on('pointerleave', () => this.setCursor(undefined));
    on('dblclick', (event) => this.setView(zoomView(this.view, 0.25, this.timeAt(this.local(event).x), this.options.durationS)));
    const size = new ResizeObserver(() => this.resize());
    size.observe(this.host);
    const theme = new MutationObserver(() => {
      this.ink = readInk(this.host);
      this.invalidate();
    });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.observers.push(size, theme);
    void document.fonts.ready.then(() => {
      if (!signal.aborted) this.invalidate();
    });
  }

  private local(event: MouseEvent): { x: number; y: number } {
    const box = this.host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private timeAt(x: number): number {
    return toTime(Math.max(this.lay.leftPx, x), this.view, this.lay);
  }

  private onWheel(event: WheelEvent) {
    event.preventDefault();
    const scale = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
    const [dx, dy] = [event.deltaX * scale, event.deltaY * scale];
    if (event.shiftKey || Math.abs(dx) > Math.abs(dy)) {
      const by = event.shiftKey && dx === 0 ? dy : dx;
      this.pan(by / this.lay.plotPx);
    } else {
      const factor = Math.exp(dy * WHEEL_ZOOM * (event.ctrlKey ? 5 : 1));
      this.setView(zoomView(this.view, factor, this.timeAt(this.local(event).x), this.options.durationS));
    }
  }

  private onDown(event: PointerEvent) {
    if (event.button !== 0) return;
    this.host.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.local(event));
    this.dragged = this.pointers.size > 1;
  }

  private onMove(event: PointerEvent) {
    const at = this.local(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.setCursor(event.pointerType === 'mouse' ? at : undefined);
    const [first, second] = [...this.pointers.entries()];
    if (first && second) {
      const other = first[0] === event.pointerId ? second[1] : first[1];
      const factor = Math.abs(before.x - other.x) / Math.max(1, Math.abs(at.x - other.x));
      const middle = (at.x + other.x) / 2;
      const zoomed = zoomView(this.view, factor, this.timeAt((before.x + other.x) / 2), this.options.durationS);
      const moved = ((before.x + other.x) / 2 - middle) / this.lay.plotPx;
      this.pointers.set(event.pointerId, at);
      return this.setView(panView(zoomed, moved * (zoomed.tmaxS - zoomed.tminS), this.options.durationS));
    }
    if (!this.dragged && Math.abs(at.x - before.x) < DRAG_PX) return;
    this.dragged = true;
    this.host.style.cursor = 'grabbing';
    this.pointers.set(event.pointerId, at);
    this.setCursor(undefined);
    this.pan((before.x - at.x) / this.lay.plotPx);
  }

  private onUp(event: PointerEvent) {
    this.pointers.delete(event.pointerId);
    this.host.style.cursor = '';
    if (this.dragged || event.button !== 0) return;
    const at = this.local(event);
    if (at.x < this.lay.leftPx) {
      const channel = this.channelAt(at.y);
      if (channel) this.options.onSelect?.(channel.name === this.selected ? undefined : channel.name);
    } else this.options.onSeek?.(this.timeAt(at.x));
  }

  private channelAt(y: number): LaneChannel | undefined {
    const { lay } = this;
    const i = Math.floor((y - lay.lanesTopPx) / lay.lanePx);
    return i >= 0 && i < lay.shownLanes ? this.channels[lay.firstLane + i] : undefined;
  }

  private setCursor(at: { x: number; y: number } | undefined) {
    this.cursor = at;
    this.invalidateOver();
    this.options.onReadout?.(at && at.x >= this.lay.leftPx ? this.readout(at) : undefined);
  }

  private readout(at: { x: number; y: number }): Readout {
    const timeS = this.timeAt(at.x);
    const channel = this.channelAt(at.y);
    if (!channel) return { timeS, channel: undefined, value: undefined };
    const lane = this.channels.indexOf(channel);
    for (const { frame, row, fromS, toS } of this.tracesOf(lane)) {
      if (timeS < fromS || timeS >= toS) continue;
      const i = nearestColumn(frame, row, timeS, 1 / channel.rateHz);
      const lo = frame.values[(row * frame.columns + i) * 2] ?? NaN;
      const hi = frame.values[(row * frame.columns + i) * 2 + 1] ?? NaN;
      const [low, high] = [valueText(lo, channel.unit), valueText(hi, channel.unit)];
      return { timeS, channel: channel.name, value: low === high ? low : `${low} … ${high}` };
    }
    return { timeS, channel: channel.name, value: undefined };
  }

  // Size --------------------------------------------------------------------

  private resize() {
    const box = this.host.getBoundingClientRect();
    this.ratio = Math.min(MAX_RATIO, window.devicePixelRatio || 1);
    for (const element of [this.base, this.over]) {
      element.width = Math.max(1, Math.round(box.width * this.ratio));
      element.height = Math.max(1, Math.round(box.height * this.ratio));
    }
    this.relayout();
    this.invalidate();
  }

  private relayout() {
    const { width, height } = this.host.getBoundingClientRect();
    this.lay = layout(Math.max(1, width), Math.max(1, height), this.channels.length, this.firstLane, this.showSpectrogram);
    this.firstLane = this.lay.firstLane;
  }
}

/** The column at a time, or the closest one that holds a sample no further than `withinS` away. */
function nearestColumn(frame: SignalFrame, row: number, timeS: number, withinS: number): number {
  const step = (frame.tmaxS - frame.tminS) / frame.columns;
  const at = Math.min(frame.columns - 1, Math.floor((timeS - frame.tminS) / step));
  for (let away = 0; away * step <= withinS; away += 1) {
    for (const i of [at - away, at + away]) {
      if (i >= 0 && i < frame.columns && Number.isFinite(frame.values[(row * frame.columns + i) * 2])) return i;
    }
  }
  return at;
}

function canvas(host: HTMLElement): HTMLCanvasElement {
  const element = document.createElement('canvas');
  element.setAttribute('aria-hidden', 'true');
  Object.assign(element.style, { position: 'absolute', inset: '0', width: '100%', height: '100%', pointerEvents: 'none' });
  host.append(element);
  return element;
}
