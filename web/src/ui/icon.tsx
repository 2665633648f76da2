import type { SVGProps } from 'react';

// Own glyphs on a 20 px grid, 1.5 px strokes.
const PATHS = {
  library: 'M3 5.5h14M3 10h14M3 14.5h9',
  studio: 'M3 10h2.500l1.5-5 3 11 2.5-9 1.5 3H17',
  settings: 'M4 6h7m4 0h1M4 14h1m4 0h7M13 4v4M7 12v4',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12Zm4.3-1.700L17 17',
  upload: 'M10 13V4m0 0L6.5 7.500M10 4l3.5 3.500M4 13v3h12v-3',
  download: 'M10 4v9m0 0 3.5-3.500M10 13 6.5 9.500M4 13v3h12v-3',
  trash: 'M4 6h12M8 6V4h4v2m-6.5 0 .7 10h7.600l.7-10',
  close: 'm5 5 10 10M15 5 5 15',
  play: 'M6.5 4.500v11l9-5.5-9-5.500Z',
  pause: 'M7 4.500v11M13 4.500v11',
  retry: 'M15.5 7A6 6 0 1 0 16 11m0-7v3.500h-3.5',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  chevron: 'm7 8 3 3 3-3',
  next: 'm8 5 5 5-5 5',
  back: 'm12 5-5 5 5 5',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  jobs: 'M10 3v3m0 8v3M3 10h3m8 0h3M5 5l2 2m6 6 2 2m0-10-2 2m-6 6-2 2',
  sun: 'M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm0-10v1.500m0 11V17m7-7h-1.500m-11 0H3m12-5-1 1m-8 8-1 1m10 0-1-1m-8-8-1-1',
  moon: 'M16 11.500A6.5 6.5 0 0 1 8.5 4a6.5 6.5 0 1 0 7.5 7.500Z',
  globe: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM3 10h14M10 3c2 2 3 4.5 3 7s-1 5-3 7c-2-2-3-4.5-3-7s1-5 3-7Z',
  user: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-6 7c.5-3 3-4.5 6-4.500s5.5 1.5 6 4.5',
  warning: 'M10 4 2.5 16.500h15L10 4Zm0 5v3.500m0 2v.01',
  info: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-8v4.500M10 6.500v.01',
  problem: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm-2.5-9.5 5 5m0-5-5 5',
  headphones: 'M4 13v-2.500a6 6 0 0 1 12 0V13M4 12.500h2.500V16H5a1 1 0 0 1-1-1v-2.500Zm12 0h-2.500V16H15a1 1 0 0 0 1-1v-2.500Z',
  table: 'M3.5 4.500h13v11h-13v-11Zm0 3.700h13m-13 3.600h13M8 4.500v11',
  key: 'M7 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm3-3h7m-2 0v3m-2.5-3v2',
  brain: 'M3 10c2 0 2-5 4-5s2 10 4 10 2-8 3.5-8S16 10 17 10',
  sound: 'M4 8v4m3-7v10m3-8v6m3-9v12m3-8v4',
  zoomin: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12Zm4.3-1.700L17 17M9 6.500v5M6.5 9h5',
  zoomout: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12Zm4.3-1.700L17 17M6.5 9h5',
  plus: 'M10 4.500v11M4.5 10h11',
  minus: 'M4.5 10h11',
  fit: 'M3.5 8V4.500H7M13 4.500h3.500V8m0 4v3.500H13m-6 0H3.500V12',
  keyboard: 'M2.5 6h15v8.500h-15V6ZM5 8.500h.01M8 8.500h.01M11 8.500h.01M14 8.500h.01M6 12h8',
  copy: 'M7 7V4h9v9h-3M4 7h9v9H4V7Z',
  logout: 'M8 4H4v12h4m4-9 3 3-3 3m3-3H8',
  report: 'M5 3h7l3.5 3.500V17H5V3Zm6.5 0v4h4M7.5 10.500h5m-5 3h5',
} as const;

export type IconName = keyof typeof PATHS;

/** Decorative: the name of a control is its text or `aria-label`, never the glyph. */
export function Icon({ name, size = 18, ...rest }: { name: IconName; size?: number } & SVGProps<SVGSVGElement>) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.4 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
      {...rest}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
