// Numbers with their unit, in the reader's language. Nothing here invents a value: what is not
// there stays a dash.

const formats = new Map<string, Intl.NumberFormat>();

export function number(value: number, lang: string, digits = 2): string {
  const key = `${lang}/${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang, { maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format.format(Object.is(value, -0) ? 0 : value);
}

/** Always as many digits: what stands in a column of figures lines up. */
export function fixed(value: number, lang: string, digits: number): string {
  const key = `${lang}/=${digits}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'negative' });
    formats.set(key, format);
  }
  return format.format(value);
}

export function figure(value: number | null | undefined, unit: string, lang: string, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return unit ? `${number(value, lang, digits)} ${unit}` : number(value, lang, digits);
}

export function bytes(n: number, lang: string): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) {
    n /= 1000;
    i += 1;
  }
  return `${number(n, lang, i === 0 || n >= 100 ? 0 : 1)} ${units[i]}`;
}

/** `1:02:03`, `2:05`, `12.5 s` below a minute. */
export function duration(s: number | null | undefined, lang: string): string {
  if (s === null || s === undefined || !Number.isFinite(s)) return '–';
  if (s < 60) return `${number(s, lang, s < 10 ? 2 : 1)} s`;
  const total = Math.round(s);
  const h = Math.floor(total / 3600);
  const mm = Math.floor((total % 3600) / 60);
  const ss = String(total % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(mm).padStart(2, '0')}:${ss}` : `${mm}:${ss}`;
}

export function dateTime(iso: string, lang: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '–';
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `3 minutes ago`; a date when it is longer ago than a week. */
export function ago(iso: string, lang: string, now = Date.now()): string {
  const s = (new Date(iso).getTime() - now) / 1000;
  if (Math.abs(s) > 7 * 86_400) return new Intl.DateTimeFormat(lang, { dateStyle: 'medium' }).format(new Date(iso));
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  for (const [unit, size] of STEPS) if (Math.abs(s) >= size) return relative.format(Math.round(s / size), unit);
  return relative.format(0, 'minute');
}
