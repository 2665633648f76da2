// What the form asks for, and the parameters of `brainsync.compose` it stands for.

export const MODES = ['relax', 'focus', 'sleep', 'motivation', 'creativity', 'recovery'] as const;
export const STIMULI = ['am', 'monaural', 'isochronic', 'binaural', 'sham'] as const;
export const TONICS = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'] as const;
export const FORMATS = ['wav', 'flac', 'opus'] as const;

export type Mode = (typeof MODES)[number];
export type Stimulus = (typeof STIMULI)[number];

export interface Order {
  mode: Mode;
  stimulus: Stimulus;
  /** Seconds; `NaN` while the field is empty. */
  durationS: number;
  seed: number;
  levelLufs: number;
  /** `E major`, or empty: as measured. */
  key: string;
  /** Empty: as measured. */
  tempoBpm: string;
  targetHz: string;
}

export const FIRST_ORDER: Order = {
  mode: 'relax',
  stimulus: 'am',
  durationS: 600,
  seed: 1,
  levelLufs: -20,
  key: '',
  tempoBpm: '',
  targetHz: '',
};

const LIMITS = {
  durationS: [10, 10_800],
  levelLufs: [-23, -18],
  tempoBpm: [40, 180],
  targetHz: [0.5, 40],
} as const;

export type Limited = keyof typeof LIMITS;

/** The limits a value breaks; undefined when it is fine. */
export function broken(field: Limited, value: number | string): readonly [number, number] | undefined {
  if (value === '') return undefined;
  const [min, max] = LIMITS[field];
  const n = Number(value);
  return Number.isFinite(n) && n >= min && n <= max ? undefined : [min, max];
}

export function isSound(order: Order): boolean {
  const fields: Limited[] = ['durationS', 'levelLufs', 'tempoBpm', 'targetHz'];
  return fields.every((field) => !broken(field, order[field])) && Number.isInteger(order.seed) && order.seed >= 0;
}

export function paramsOf(order: Order): Record<string, unknown> {
  const [tonic, scale] = order.key.split(' ');
  return {
    mode: order.mode,
    stimulus: order.stimulus,
    duration_s: order.durationS,
    seed: order.seed,
    level_lufs: order.levelLufs,
    formats: [...FORMATS],
    ...(tonic && scale ? { key: { tonic, scale } } : {}),
    ...(order.tempoBpm !== '' ? { tempo_bpm: Number(order.tempoBpm) } : {}),
    ...(order.targetHz !== '' ? { target_hz: Number(order.targetHz) } : {}),
  };
}

/** `10:00`, `1:00:00` or plain minutes, as seconds. */
export function parseDuration(text: string): number {
  const parts = text.trim().split(':');
  if (text.trim() === '' || parts.some((part) => !/^\d+([.,]\d+)?$/.test(part))) return NaN;
  const numbers = parts.map((part) => Number(part.replace(',', '.')));
  if (numbers.length === 1) return numbers[0]! * 60;
  return numbers.reduce((sum, part) => sum * 60 + part, 0);
}

export function printDuration(s: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  return h > 0 ? `${h}:${two(m)}:${two(Math.round(s % 60))}` : `${m}:${two(Math.round(s % 60))}`;
}
