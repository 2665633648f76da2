// The whole recording in one strip: envelope, marks, findings, and the window that is shown below.
import { parseSignal, type SignalFrame } from './frames';
import { readInk, type Ink } from './ink';
import type { LoadSignal } from './tiles';
import { clampView, panView, type View } from './view';

export interface StripOptions {
  durationS: number;
  /** The channel whose envelope is drawn. */
  channel: number;
  loadSignal: LoadSignal;
  onView(view: View): void;
}

const COLUMNS = 1200;
const GRIP_PX = 6;

export class Strip {
  private readonly element: HTMLCanvasElement;
  private readonly abort = new AbortController();
  private readonly observers: { disconnect(): void }[] = [];
  private ink: Ink;
  private frame: SignalFrame | undefined;
  private view: View;
  private marks: readonly { tminS: number; tmaxS: number; isFinding: boolean }[] = [];
  private request = 0;
  private drag: { kind: 'move' | 'start' | 'end'; fromS: number; view: View } | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly options: StripOptions,
  ) {
    this.view = { tminS: 0, tmaxS: options.durationS };
    this.ink = readInk(host);
    this.element = document.createElement('canvas');
    this.element.setAttribute('aria-hidden', 'true');
    Object.assign(this.element.style, { position: 'absolute', inset: '0', width: '100%', height: '100%' });
    host.append(this.element);
    const { signal } = this.abort;
    options
      .loadSignal({ tminS: 0, tmaxS: options.durationS, columns: COLUMNS, channels: [options.channel] }, signal)
      .then((buffer) => {
        this.frame = parseSignal(buffer);
        this.invalidate();
      })
      // The timeline above reports what it cannot load; the strip then stays a plain scroll bar.
      .catch(() => {});
    host.addEventListener('pointerdown', (event) => this.onDown(event), { signal });
    host.addEventListener('pointermove', (event) => this.onMove(event), { signal });
    host.addEventListener('pointerup', () => (this.drag = undefined), { signal });
    host.addEventListener('pointercancel', () => (this.drag = undefined), { signal });
    const size = new ResizeObserver(() => this.resize());
    size.observe(host);
    const theme = new MutationObserver(() => {
      this.ink = readInk(host);
      this.invalidate();
    });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.observers.push(size, theme);
    this.resize();
  }

  destroy() {
    this.abort.abort();
    cancelAnimationFrame(this.request);
    for (const observer of this.observers) observer.disconnect();
    this.element.remove();
  }

  setView(view: View) {
    this.view = view;
    this.invalidate();
  }

  setMarks(marks: readonly { tminS: number; tmaxS: number; isFinding: boolean }[]) {
    this.marks = marks;
    this.invalidate();
  }

  private timeAt(event: PointerEvent): number {
    const box = this.host.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * this.options.durationS;
  }

  private onDown(event: PointerEvent) {
    if (event.button !== 0) return;
    this.host.setPointerCapture(event.pointerId);
    const at = this.timeAt(event);
    const grip = (GRIP_PX / this.host.getBoundingClientRect().width) * this.options.durationS;
    let kind: 'move' | 'start' | 'end' = 'move';
    if (Math.abs(at - this.view.tminS) < grip) kind = 'start';
    else if (Math.abs(at - this.view.tmaxS) < grip) kind = 'end';
    else if (at < this.view.tminS || at > this.view.tmaxS) {
      this.options.onView(panView(this.view, at - (this.view.tminS + this.view.tmaxS) / 2, this.options.durationS));
    }
    this.drag = { kind, fromS: at, view: this.view };
  }

  private onMove(event: PointerEvent) {
    if (!this.drag) return;
    const at = Math.min(Math.max(this.timeAt(event), 0), this.options.durationS);
    const { kind, fromS, view } = this.drag;
    const { durationS } = this.options;
    if (kind === 'move') this.options.onView(panView(view, at - fromS, durationS));
    else if (kind === 'start') this.options.onView(clampView({ tminS: Math.min(at, view.tmaxS), tmaxS: view.tmaxS }, durationS));
    else this.options.onView(clampView({ tminS: view.tminS, tmaxS: Math.max(at, view.tminS) }, durationS));
  }

  private resize() {
    const { width, height } = this.host.getBoundingClientRect();
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.element.width = Math.max(1, Math.round(width * ratio));
    this.element.height = Math.max(1, Math.round(height * ratio));
    this.invalidate();
  }

  private invalidate() {
    if (this.request) return;
    this.request = requestAnimationFrame(() => {
      this.request = 0;
      this.paint();
    });
  }

  private paint() {
    const ctx = this.element.getContext('2d');
    if (!ctx) return;
    const { width, height } = this.element;
    const { durationS } = this.options;
    const x = (t: number) => (t / durationS) * width;
    ctx.fillStyle = this.ink.sunken;
    ctx.fillRect(0, 0, width, height);
    if (this.frame) this.paintEnvelope(ctx, this.frame, width, height);
    for (const mark of this.marks) {
      ctx.fillStyle = mark.isFinding ? this.ink.warn : this.ink.accent;
      const w = Math.max(2, x(mark.tmaxS) - x(mark.tminS));
      ctx.fillRect(x(mark.tminS), mark.isFinding ? 0 : height - 4, w, 4);
    }
    const [from, to] = [x(this.view.tminS), x(this.view.tmaxS)];
    ctx.fillStyle = this.ink.surface;
    ctx.globalAlpha = 0.68;
    ctx.fillRect(0, 0, from, height);
    ctx.fillRect(to, 0, width - to, height);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = this.ink.accent;
    ctx.lineWidth = 2;
    const w = Math.max(4, to - from);
    ctx.strokeRect(Math.min(from, width - w) + 1, 1, w - 2, height - 2);
  }

  private paintEnvelope(ctx: CanvasRenderingContext2D, frame: SignalFrame, width: number, height: number) {
    const spans: number[] = [];
    let sum = 0;
    for (let i = 0; i < frame.columns; i += 1) {
      const [lo, hi] = [frame.values[i * 2]!, frame.values[i * 2 + 1]!];
      if (lo === lo && hi === hi) {
        spans.push(hi - lo);
        sum += (lo + hi) / 2;
      }
    }
    if (spans.length === 0) return;
    spans.sort((a, b) => a - b);
    const centre = sum / spans.length;
    // One burst should not flatten everything else.
    const full = (spans[Math.floor(spans.length * 0.98)] ?? 0) * 1.2 || 1;
    ctx.fillStyle = this.ink.ink2;
    ctx.globalAlpha = 0.75;
    const step = width / frame.columns;
    for (let i = 0; i < frame.columns; i += 1) {
      const [lo, hi] = [frame.values[i * 2]!, frame.values[i * 2 + 1]!];
      if (lo !== lo || hi !== hi) continue;
      const top = height / 2 - Math.min(0.5, (hi - centre) / full) * height;
      const bottom = height / 2 - Math.max(-0.5, (lo - centre) / full) * height;
      ctx.fillRect(i * step, top, Math.max(1, step), Math.max(1, bottom - top));
    }
    ctx.globalAlpha = 1;
  }
}
