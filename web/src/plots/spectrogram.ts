// The time-frequency lane: one picture of the view and its surroundings, drawn scaled until the next.
import { CIVIDIS } from './cividis';
import { parseSpectrogram, type SpectrogramFrame } from './frames';
import type { View } from './view';

export interface SpectrogramRequest {
  channel: number;
  tminS: number;
  tmaxS: number;
  columns: number;
  rows: number;
}

export type LoadSpectrogram = (request: SpectrogramRequest, signal: AbortSignal) => Promise<ArrayBuffer>;

const SETTLE_MS = 90;
const KEPT = 12;

interface Picture {
  channel: number;
  frame: SpectrogramFrame;
  image: OffscreenCanvas;
}

function paint(frame: SpectrogramFrame): OffscreenCanvas {
  const { columns, rows, levels } = frame;
  const image = new OffscreenCanvas(Math.max(1, columns), Math.max(1, rows));
  const ctx = image.getContext('2d');
  if (!ctx || columns === 0 || rows === 0) return image;
  const data = ctx.createImageData(columns, rows);
  for (let x = 0; x < columns; x += 1) {
    for (let y = 0; y < rows; y += 1) {
      const level = levels[x * rows + y]!;
      // Low frequencies come first and stand at the bottom.
      const at = ((rows - 1 - y) * columns + x) * 4;
      data.data.set(CIVIDIS.subarray(level * 4, level * 4 + 4), at);
    }
  }
  ctx.putImageData(data, 0, 0);
  return image;
}

export class SpectrogramLane {
  private pictures: Picture[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private abort: AbortController | undefined;
  private asked = '';
  isBroken = false;

  constructor(
    private readonly durationS: number,
    private readonly load: LoadSpectrogram,
    private readonly onChange: () => void,
  ) {}

  /** Asks for the picture of this view, a little later: the view is often still moving. */
  want(channel: number, view: View, widthPx: number, heightPx: number) {
    const span = view.tmaxS - view.tminS;
    // Room at both sides, on a grid of half windows, so that panning meets what is there.
    const tminS = Math.max(0, (Math.floor((view.tminS / span) * 2) / 2) * span - span / 2);
    const tmaxS = Math.min(this.durationS, tminS + span * 2.5);
    const columns = Math.round(Math.min(2048, Math.max(64, (widthPx * (tmaxS - tminS)) / span)));
    const rows = Math.min(128, Math.max(48, Math.round(heightPx)));
    const id = `${channel}/${tminS.toFixed(6)}/${tmaxS.toFixed(6)}/${columns}/${rows}`;
    if (id === this.asked) return;
    this.asked = id;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.abort?.abort();
      const abort = new AbortController();
      this.abort = abort;
      this.load({ channel, tminS, tmaxS, columns, rows }, abort.signal)
        .then((buffer) => {
          if (abort.signal.aborted) return;
          const frame = parseSpectrogram(buffer);
          this.pictures = [...this.pictures.slice(1 - KEPT), { channel, frame, image: paint(frame) }];
          this.isBroken = false;
          this.onChange();
        })
        .catch(() => {
          if (abort.signal.aborted) return;
          // The lane says that it has nothing; the signals above stay.
          this.isBroken = true;
          this.onChange();
        });
    }, SETTLE_MS);
  }

  /** The frame that fits the view best, for the axis beside it. */
  current(channel: number): SpectrogramFrame | undefined {
    return this.pictures.findLast((picture) => picture.channel === channel)?.frame;
  }

  draw(ctx: CanvasRenderingContext2D, channel: number, view: View, x: number, y: number, width: number, height: number) {
    const perSecond = width / (view.tmaxS - view.tminS);
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, y, width, height);
    ctx.clip();
    ctx.imageSmoothingEnabled = true;
    // The newest lies on top of what is left of the older ones.
    for (const { channel: of, frame, image } of this.pictures) {
      if (of !== channel || frame.tmaxS < view.tminS || frame.tminS > view.tmaxS) continue;
      ctx.drawImage(image, x + (frame.tminS - view.tminS) * perSecond, y, (frame.tmaxS - frame.tminS) * perSecond, height);
    }
    ctx.restore();
  }

  dispose() {
    clearTimeout(this.timer);
    this.abort?.abort();
    this.pictures = [];
  }
}
