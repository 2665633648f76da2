// Arithmetic of the visible stretch of time. Pure, so that it can be tested to the last bit.

export interface View {
  tminS: number;
  tmaxS: number;
}

/** Shortest stretch one can zoom to. */
export const MIN_SPAN_S = 0.01;

/** The same view inside the recording: the length is kept where it fits, the place gives way. */
export function clampView(view: View, durationS: number): View {
  const span = Math.min(Math.max(view.tmaxS - view.tminS, Math.min(MIN_SPAN_S, durationS)), durationS);
  const tminS = Math.min(Math.max(view.tminS, 0), durationS - span);
  return { tminS, tmaxS: tminS + span };
}

/** Zooms by `factor` (above 1 shows more time) so that `aroundS` stays where it is. */
export function zoomView(view: View, factor: number, aroundS: number, durationS: number): View {
  const span = view.tmaxS - view.tminS;
  const wanted = Math.min(Math.max(span * factor, Math.min(MIN_SPAN_S, durationS)), durationS);
  const share = span > 0 ? (aroundS - view.tminS) / span : 0.5;
  return clampView({ tminS: aroundS - share * wanted, tmaxS: aroundS + (1 - share) * wanted }, durationS);
}

export function panView(view: View, byS: number, durationS: number): View {
  return clampView({ tminS: view.tminS + byS, tmaxS: view.tmaxS + byS }, durationS);
}

/** Moves the view as little as needed to hold `fromS..toS` with some room around. */
export function revealView(view: View, fromS: number, toS: number, durationS: number): View {
  const span = view.tmaxS - view.tminS;
  const needed = (toS - fromS) * 1.4;
  if (needed <= span && fromS >= view.tminS && toS <= view.tmaxS) return view;
  const wanted = Math.max(span, needed);
  const middle = (fromS + toS) / 2;
  return clampView({ tminS: middle - wanted / 2, tmaxS: middle + wanted / 2 }, durationS);
}

// Steps that read well on a clock.
const STEPS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400,
];

export function tickStep(spanS: number, widthPx: number, minPx = 90): number {
  const least = (spanS * minPx) / Math.max(widthPx, 1);
  return STEPS_S.find((step) => step >= least) ?? 86_400;
}

export function ticks(view: View, stepS: number): number[] {
  const found: number[] = [];
  // Counting in steps keeps 0.1 + 0.1 + 0.1 from drifting.
  for (let i = Math.ceil(view.tminS / stepS - 1e-9); i * stepS <= view.tmaxS + stepS * 1e-9; i += 1) found.push(i * stepS + 0);
  return found;
}

/** `1:02:03`, `2:05.250`; as many decimals as the step needs. */
export function clock(s: number, stepS = 1): string {
  const decimals = stepS >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(stepS) - 1e-9));
  const unit = 10 ** decimals;
  const total = Math.round(Math.abs(s) * unit);
  const whole = Math.floor(total / unit);
  const fraction = decimals > 0 ? `.${String(total % unit).padStart(decimals, '0')}` : '';
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const two = (n: number) => String(n).padStart(2, '0');
  const sign = s < 0 && total > 0 ? '-' : '';
  return `${sign}${h > 0 ? `${h}:${two(m)}` : m}:${two(whole % 60)}${fraction}`;
}

/** The closest of 1, 2, 5 times a power of ten that is not above `value`. */
export function niceBelow(value: number): number {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const digit = value / power;
  return (digit >= 5 - 1e-9 ? 5 : digit >= 2 - 1e-9 ? 2 : 1) * power;
}
