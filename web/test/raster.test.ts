import { describe, expect, it } from 'vitest';
import { fill } from '@/plots/raster';

const blank = (width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) as Uint8ClampedArray<ArrayBuffer> });
const strengths = (image: ReturnType<typeof blank>, x: number) =>
  Array.from({ length: image.height }, (_, y) => image.data[(y * image.width + x) * 4 + 3]);

describe('a column of a dense trace', () => {
  it('covers its ends by the part of the pixel it takes', () => {
    const image = blank(3, 5);
    fill(image, 1, 1.25, 3.5, [1, 2, 3], 1);
    expect(strengths(image, 1)).toEqual([0, 191, 255, 128, 0]);
    expect(strengths(image, 0)).toEqual([0, 0, 0, 0, 0]);
    expect([...image.data.slice((2 * 3 + 1) * 4, (2 * 3 + 1) * 4 + 3)]).toEqual([1, 2, 3]);
  });
  it('is cut at the edges and weaker with less alpha', () => {
    const image = blank(1, 3);
    fill(image, 0, -4, 9, [0, 0, 0], 0.5);
    expect(strengths(image, 0)).toEqual([128, 128, 128]);
    fill(image, 7, 0, 3, [0, 0, 0], 1);
    fill(image, -1, 0, 3, [0, 0, 0], 1);
    expect(strengths(image, 0)).toEqual([128, 128, 128]);
  });
  it('leaves the stronger of two channels', () => {
    const image = blank(1, 1);
    fill(image, 0, 0, 1, [9, 9, 9], 1);
    fill(image, 0, 0, 1, [1, 1, 1], 0.35);
    expect(image.data[0]).toBe(9);
  });
});
