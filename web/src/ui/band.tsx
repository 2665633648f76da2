// The band code: one colour, one Greek letter and one line pattern for each band, everywhere.

export const BANDS = {
  delta: { letter: 'δ', dash: '10 3' },
  theta: { letter: 'θ', dash: '6 3' },
  alpha: { letter: 'α', dash: '' },
  sigma: { letter: 'σ', dash: '6 2 1 2' },
  beta: { letter: 'β', dash: '3 2' },
  gamma: { letter: 'γ', dash: '1 2' },
} as const;

export type BandName = keyof typeof BANDS;

export function isBand(name: string): name is BandName {
  return name in BANDS;
}

/** Letter over the band's line. Decorative: the band's name stands beside it. */
export function BandMark({ band }: { band: BandName }) {
  return (
    <span aria-hidden="true" className="inline-flex w-5 flex-col items-center leading-none">
      <span className="text-lg font-medium">{BANDS[band].letter}</span>
      <svg width="18" height="4" viewBox="0 0 18 4">
        <path d="M0 2h18" stroke={`var(--${band})`} strokeWidth="3" strokeDasharray={BANDS[band].dash} />
      </svg>
    </span>
  );
}
