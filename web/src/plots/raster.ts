// Dense traces, pixel by pixel. Stroking a thousand columns of extremes for 64 channels takes some
// 40 ms a frame; writing the pixels takes six.
import { toX, type LaneStyle, type Trace } from './draw';
import type { Layout } from './lanes';
import type { View } from './view';

type Rgb = readonly [r: number, g: number, b: number];

/** Whether a pixel holds more than one sample: then a trace is a band between extremes. */
export function isDense(view: View, lay: Layout, rateHz: number): boolean {
  return ((view.tmaxS - view.tminS) * rateHz) / lay.plotPx > 1.5;
}

/** The area of the lanes in device pixels; traces are added, then put on the canvas at once. */
export class Raster {
  private readonly surface = document.createElement('canvas');
  private readonly colours = new Map<string, Rgb>();
  private image: ImageData | undefined;
  private ratio = 1;
  private lay: Layout | undefined;

  begin(lay: Layout, ratio: number) {
    const width = Math.max(1, Math.round(lay.plotPx * ratio));
    const height = Math.max(1, Math.round(lay.lanesPx * ratio));
    if (this.image?.width === width && this.image.height === height) this.image.data.fill(0);
    else {
      this.surface.width = width;
      this.surface.height = height;
      this.image = new ImageData(width, height);
    }
    this.ratio = ratio;
    this.lay = lay;
  }

  /** Adds one channel. `colour` is `#rrggbb`, as a canvas gives it back. */
  add(traces: readonly Trace[], style: LaneStyle, view: View, colour: string, alpha: number) {
    const { image, lay, ratio } = this;
    if (!image || !lay) return;
    const rgb = this.rgb(colour);
    const middle = (style.middlePx - lay.lanesTopPx) * ratio;
    const reach = style.reachPx * ratio;
    const scale = style.pxPerUnit * ratio;
    const half = ratio / 2;
    const y = (value: number) => middle - Math.max(-reach, Math.min(reach, (value - style.centre) * scale));

    let lastT = -Infinity;
    let [lastX, lastTop, lastBottom] = [0, 0, 0];
    // The pixel column that is being collected.
    let [column, top, bottom] = [-1, Infinity, -Infinity];
    const put = () => {
      if (bottom >= top) fill(image, column, top - half, bottom + half, rgb, alpha);
    };
    const cover = (x: number, from: number, to: number, isJoined: boolean) => {
      if (x === column) {
        top = Math.min(top, from);
        bottom = Math.max(bottom, to);
        return;
      }
      const [beforeTop, beforeBottom] = [top, bottom];
      put();
      column = x;
      // A trace does not break: a column begins where the one before it ended.
      top = isJoined ? Math.min(from, beforeBottom) : from;
      bottom = isJoined ? Math.max(to, beforeTop) : to;
    };
    for (const { frame, row, fromS, toS } of traces) {
      const step = (frame.tmaxS - frame.tminS) / frame.columns;
      const first = Math.max(0, Math.floor((Math.max(fromS, view.tminS) - frame.tminS) / step) - 1);
      const last = Math.min(frame.columns - 1, Math.ceil((Math.min(toS, view.tmaxS) - frame.tminS) / step) + 1);
      const base = row * frame.columns;
      const bridge = Math.max(1.6 / style.rateHz, step * 2.5);
      for (let i = first; i <= last; i += 1) {
        const lo = frame.values[(base + i) * 2]!;
        const hi = frame.values[(base + i) * 2 + 1]!;
        if (lo !== lo || hi !== hi) continue;
        const t = frame.tminS + (i + 0.5) * step;
        if (t < fromS - step || t > toS + step || t <= lastT) continue;
        const x = (toX(t, view, lay) - lay.leftPx) * ratio;
        const [yTop, yBottom] = [y(hi), y(lo)];
        const at = Math.floor(x);
        const isJoined = t - lastT <= bridge;
        // Columns of the screen between two columns of data lie between their extremes.
        if (isJoined) {
          for (let between = Math.max(0, Math.floor(lastX) + 1); between < at && between < image.width; between += 1) {
            const part = (between + 0.5 - lastX) / (x - lastX);
            cover(between, lastTop + (yTop - lastTop) * part, lastBottom + (yBottom - lastBottom) * part, true);
          }
        }
        cover(at, yTop, yBottom, isJoined);
        [lastT, lastX, lastTop, lastBottom] = [t, x, yTop, yBottom];
      }
    }
    put();
  }

  draw(ctx: CanvasRenderingContext2D) {
    const { image, lay } = this;
    const own = this.surface.getContext('2d');
    if (!image || !lay || !own) return;
    own.putImageData(image, 0, 0);
    ctx.drawImage(this.surface, lay.leftPx, lay.lanesTopPx, image.width / this.ratio, image.height / this.ratio);
  }

  private rgb(colour: string): Rgb {
    let rgb = this.colours.get(colour);
    if (!rgb) {
      const n = Number.parseInt(colour.slice(1, 7), 16);
      rgb = [(n >> 16) & 255, (n >> 8) & 255, n & 255];
      this.colours.set(colour, rgb);
    }
    return rgb;
  }
}

/** One pixel column between two heights; the ends are as strong as they cover their pixel. */
export function fill(image: Pick<ImageData, 'width' | 'height' | 'data'>, x: number, top: number, bottom: number, rgb: Rgb, alpha: number) {
  if (x < 0 || x >= image.width) return;
  const first = Math.max(0, Math.floor(top));
  const last = Math.min(image.height - 1, Math.ceil(bottom) - 1);
  for (let y = first; y <= last; y += 1) {
    const covered = Math.min(y + 1, bottom) - Math.max(y, top);
    const strength = Math.round(255 * alpha * Math.max(0, covered));
    const at = (y * image.width + x) * 4;
    // Where two channels cross, the stronger one stays.
    if (strength < image.data[at + 3]!) continue;
    image.data[at] = rgb[0];
    image.data[at + 1] = rgb[1];
    image.data[at + 2] = rgb[2];
    image.data[at + 3] = strength;
  }
}
