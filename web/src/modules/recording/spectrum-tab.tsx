'use client';
import type { ReactNode } from 'react';
import type { AudioOverview, BandPower, EegOverview } from '@/api/results';
import type { Recording } from '@/api/types';
import { duration, figure, fixed, number } from '@/i18n/format';
import { useLang, useText, useTextOr } from '@/i18n/text';
import { BandMark, isBand } from '@/ui/band';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { Table, type Column } from '@/ui/table';
import { Plots } from './plots';

interface SpectrumTabProps {
  recording: Recording;
  jobId: string | undefined;
  eeg: EegOverview | undefined;
  audio: AudioOverview | undefined;
  error: unknown;
}

export function SpectrumTab({ jobId, eeg, audio, error }: SpectrumTabProps) {
  const t = useText();
  if (error) return <Failure error={error} />;
  if (!jobId) {
    return (
      <Empty icon="brain" title={t('overview-not-yet')}>
        {t('overview-not-yet-text')}
      </Empty>
    );
  }
  return (
    <div className="mx-auto flex w-full max-w-7xl flex-col gap-8 px-4 py-6 sm:px-6">
      {eeg ? <EegFigures eeg={eeg} /> : audio ? <AudioFigures audio={audio} /> : <Skeleton className="h-40" />}
      <Plots jobId={jobId} />
      {eeg && <BandTable eeg={eeg} />}
      {eeg && <Method eeg={eeg} />}
    </div>
  );
}

interface FigureProps {
  label: string;
  value: string;
  note?: string;
}

function Figures({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-2 gap-px overflow-clip rounded-lg border border-line bg-line md:grid-cols-4">{children}</dl>;
}

function FigureCell({ label, value, note }: FigureProps) {
  return (
    <div className="bg-raised px-4 py-3">
      <dt className="text-sm text-ink-2">{label}</dt>
      <dd className="num mt-0.5 text-xl">{value}</dd>
      {note && <dd className="text-sm text-ink-2">{note}</dd>}
    </div>
  );
}

function EegFigures({ eeg }: { eeg: EegOverview }) {
  const t = useText();
  const textOr = useTextOr();
  const lang = useLang();
  const peak = eeg.alpha_peak;
  const good = eeg.channels.filter((channel) => channel.quality.good).length;
  return (
    <section aria-labelledby="state-title">
      <h2 id="state-title" className="mb-3 text-lg font-semibold">
        {t('overview-state')}
      </h2>
      {eeg.state.statements.length > 0 && (
        <ul className="mb-5 flex max-w-[72ch] flex-col gap-1.5 text-lg">
          {eeg.state.statements.map((statement) => (
            <li key={statement.message}>{textOr(statement.message, statement.figures, statement.text)}</li>
          ))}
        </ul>
      )}
      <Figures>
        <FigureCell
          label={t('figure-alpha-peak')}
          value={figure(peak?.peak_hz, 'Hz', lang)}
          note={peak ? (peak.ci95_hz ? t('figure-ci95', { from: number(peak.ci95_hz[0], lang), to: number(peak.ci95_hz[1], lang), unit: 'Hz' }) : t('figure-prominence', { db: number(peak.prominence_db, lang, 1) })) : t('figure-no-peak')}
        />
        <FigureCell label={t('figure-theta-beta')} value={figure(eeg.theta_beta_ratio, '', lang)} note={t('figure-theta-beta-note')} />
        <FigureCell
          label={t('figure-aperiodic')}
          value={figure(eeg.aperiodic?.exponent, '', lang)}
          note={eeg.aperiodic ? `R² ${number(eeg.aperiodic.r_squared, lang)}, ${number(eeg.aperiodic.fmin_hz, lang)}–${number(eeg.aperiodic.fmax_hz, lang)} Hz` : undefined}
        />
        <FigureCell label={t('figure-good-channels')} value={`${good} / ${eeg.channels.length}`} note={duration(eeg.duration_s, lang)} />
      </Figures>
      {eeg.mean_bands && <Bands bands={eeg.mean_bands} />}
    </section>
  );
}

/** Relative power of the mean of the good channels, in the band code. */
function Bands({ bands }: { bands: readonly BandPower[] }) {
  const t = useText();
  const lang = useLang();
  return (
    <div className="mt-5">
      <h3 className="eyebrow mb-2">{t('figure-bands')}</h3>
      <ul className="flex flex-col gap-1.5">
        {bands.map((band) => (
          <li key={band.band} className="flex items-center gap-3">
            {isBand(band.band) && <BandMark band={band.band} />}
            <span className="w-16">{isBand(band.band) ? t(`band-${band.band}`) : band.band}</span>
            <span className="h-3 min-w-0 flex-1">
              <span className="block h-full" style={{ width: `${Math.min(100, band.relative * 100)}%`, background: `var(--${band.band})` }} />
            </span>
            <span className="num w-14 text-right text-sm">{fixed(band.relative * 100, lang, 1)} %</span>
            <span className="num w-24 text-right text-sm text-ink-2 max-sm:hidden">{fixed(band.power_v2 * 1e12, lang, 2)} µV²</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function AudioFigures({ audio }: { audio: AudioOverview }) {
  const t = useText();
  const lang = useLang();
  const { tempo, key, loudness, dynamics } = audio;
  return (
    <section aria-labelledby="music-title">
      <h2 id="music-title" className="mb-3 text-lg font-semibold">
        {t('overview-music')}
      </h2>
      <Figures>
        <FigureCell
          label={t('figure-tempo')}
          value={figure(tempo?.bpm, 'BPM', lang, 1)}
          note={tempo ? t('figure-confidence', { percent: number(tempo.confidence * 100, lang, 0) }) : t('figure-no-tempo')}
        />
        <FigureCell
          label={t('figure-key')}
          value={key ? `${key.tonic} ${t(`mode-${key.mode}`)}` : '–'}
          note={key ? t('figure-key-strength', { r: number(key.strength, lang) }) : t('figure-no-key')}
        />
        <FigureCell label={t('figure-loudness')} value={figure(loudness.integrated_lufs, 'LUFS', lang, 1)} note={t('figure-range', { lu: figure(loudness.range_lu, 'LU', lang, 1) })} />
        <FigureCell label={t('figure-true-peak')} value={figure(loudness.true_peak_dbtp, 'dBTP', lang, 1)} note={t('figure-crest', { db: figure(dynamics.crest_db, 'dB', lang, 1) })} />
      </Figures>
      {tempo && tempo.candidates.length > 1 && (
        <p className="mt-3 text-sm text-ink-2">
          {t('figure-tempo-others', { list: tempo.candidates.slice(1, 4).map((c) => `${number(c.bpm, lang, 1)} BPM`).join(', ') })}
        </p>
      )}
      {key && <p className="mt-1 text-sm text-ink-2">{t('figure-tuning', { cents: number(key.tuning_cents, lang, 0) })}</p>}
    </section>
  );
}

const decibels = (value: number | null | undefined, lang: string) =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : `${fixed(value, lang, 1)} dB`;

function BandTable({ eeg }: { eeg: EegOverview }) {
  const t = useText();
  const lang = useLang();
  type Row = EegOverview['channels'][number];
  const columns: Column<Row>[] = [
    { key: 'name', head: t('column-channel'), cell: (row) => <span className={row.quality.good ? '' : 'text-ink-2 line-through'}>{row.name}</span> },
    ...eeg.bands.map((band, i): Column<Row> => ({
      key: band.name,
      head: `${isBand(band.name) ? t(`band-${band.name}`) : band.name} µV²`,
      numeric: true,
      cell: (row) => (row.bands[i] ? fixed(row.bands[i].power_v2 * 1e12, lang, 2) : '–'),
    })),
    { key: 'peak', head: t('column-alpha-peak'), numeric: true, cell: (row) => (row.alpha_peak ? `${fixed(row.alpha_peak.peak_hz, lang, 2)} Hz` : '–') },
    { key: 'rms', head: t('column-rms'), numeric: true, cell: (row) => `${fixed(row.quality.rms_v * 1e6, lang, 1)} µV` },
    { key: 'line', head: t('column-line'), numeric: true, cell: (row) => decibels(row.quality.line_noise_db, lang) },
    { key: 'quality', head: t('column-quality'), cell: (row) => <span className={row.quality.good ? 'text-ok' : 'text-bad'}>{row.quality.good ? t('quality-good') : t('quality-bad')}</span> },
  ];
  return (
    <section aria-labelledby="channels-title">
      <h2 id="channels-title" className="mb-3 text-lg font-semibold">
        {t('overview-channels')}
      </h2>
      <div className="overflow-clip rounded-lg border border-line bg-raised">
        <Table caption={t('overview-channels')} columns={columns} rows={eeg.channels} rowKey={(row) => row.name} />
      </div>
    </section>
  );
}

function Method({ eeg }: { eeg: EegOverview }) {
  const t = useText();
  const lang = useLang();
  const p = eeg.preparation;
  return (
    <details className="max-w-[80ch] text-ink-2">
      <summary className="w-fit cursor-pointer rounded-sm py-1 font-medium text-ink">{t('overview-method')}</summary>
      <p className="mt-2">
        {t('overview-method-text', {
          low: number(p.highpass_hz, lang),
          high: number(p.lowpass_hz, lang),
          phase: p.phase,
          notch: p.notch_hz.length > 0 ? p.notch_hz.map((hz) => `${number(hz, lang)} Hz`).join(', ') : '–',
          reference: p.reference.replaceAll('_', ' '),
          window: number(p.window_s, lang),
          overlap: number(p.overlap * 100, lang, 0),
          bads: p.bads.length > 0 ? p.bads.join(', ') : '–',
        })}
      </p>
      <p className="mt-2">{t('not-a-medical-device')}</p>
    </details>
  );
}
