'use client';
import { useResult } from '@/api/queries';
import type { Track } from '@/api/results';
import { figure, number } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { clock } from '@/plots/view';
import { Icon } from '@/ui/icon';
import { Failure, Skeleton } from '@/ui/states';
import { Table } from '@/ui/table';

const DECISIONS = ['key', 'tempo', 'rate', 'chords', 'texture', 'stimulus', 'loudness'];

/** Why the track sounds as it does, and what may honestly be said about it. */
export function TrackDetail({ jobId }: { jobId: string }) {
  const t = useText();
  const lang = useLang();
  const result = useResult<Track>(jobId);
  if (result.error) return <Failure error={result.error} onRetry={() => void result.refetch()} />;
  if (!result.data) return <Skeleton className="h-48" />;
  const track = result.data.output;
  const name = (decision: string) => (DECISIONS.includes(decision) ? t(`decision-${decision}`) : decision);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <section className="overflow-clip rounded-lg border border-line bg-raised" aria-labelledby="why-title">
        <h3 id="why-title" className="px-4 pt-3 pb-1 font-semibold">
          {t('studio-why')}
        </h3>
        <Table
          caption={t('studio-why')}
          rows={track.citations}
          rowKey={(row) => row.decision}
          columns={[
            { key: 'decision', head: t('column-decision'), cell: (row) => name(row.decision) },
            { key: 'choice', head: t('column-choice'), cell: (row) => <span className="font-medium">{row.choice}</span> },
            {
              key: 'because',
              head: t('column-because'),
              cell: (row) => (
                <span lang="en" className="text-ink-2">
                  {row.because}
                </span>
              ),
            },
          ]}
        />
        <p className="border-t border-line px-4 py-2.5 text-sm text-ink-2">
          {t('studio-measured', { lufs: figure(track.integrated_lufs, 'LUFS', lang, 1), peak: figure(track.true_peak_dbtp, 'dBTP', lang, 1) })}
        </p>
      </section>
      <div className="flex min-w-0 flex-col gap-4">
        {track.brief.schedule.length > 0 && <Schedule track={track} />}
        <section className="rounded-lg border border-line bg-raised px-4 py-3" aria-labelledby="evidence-title">
          <h3 id="evidence-title" className="flex flex-wrap items-center gap-2 font-semibold">
            {t('studio-evidence')}
            <span className="rounded-sm border border-line px-1.5 text-xs font-normal text-ink-2">{t(`grade-${track.evidence.grade.replace('_', '-')}`)}</span>
          </h3>
          {track.evidence.headphones && (
            <p className="mt-2 flex items-center gap-2 text-warn">
              <Icon name="headphones" />
              {t('studio-headphones')}
            </p>
          )}
          <div lang="en">
            <p className="mt-2">{track.evidence.claim}</p>
            {track.evidence.notes.map((note) => (
              <p key={note} className="mt-1.5 text-ink-2">
                {note}
              </p>
            ))}
            <ul className="mt-3 list-disc pl-5 text-ink-2">
              {track.evidence.safety.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            {track.evidence.references.length > 0 && (
              <ul className="mt-3 text-sm text-ink-2">
                {track.evidence.references.map((reference) => (
                  <li key={reference.citation}>
                    {reference.citation}
                    {reference.doi && <span className="num"> doi:{reference.doi}</span>}
                  </li>
                ))}
              </ul>
            )}
          </div>
        </section>
      </div>
    </div>
  );
}

const WIDTH = 480;
const HEIGHT = 120;

/** The modulation rate over time, as it was asked of the sound. */
function Schedule({ track }: { track: Track }) {
  const t = useText();
  const lang = useLang();
  const { schedule, duration_s } = track.brief;
  const most = Math.max(...schedule.map((point) => point.rate_hz)) * 1.15;
  const x = (s: number) => (s / duration_s) * WIDTH;
  const y = (hz: number) => HEIGHT - (hz / most) * HEIGHT;
  const last = schedule[schedule.length - 1]!;
  const points = [...schedule.map((p) => [p.at_s, p.rate_hz] as const), [duration_s, last.rate_hz] as const];
  const path = points.map(([s, hz], i) => `${i === 0 ? 'M' : 'L'}${x(s).toFixed(1)} ${y(hz).toFixed(1)}`).join('');
  const text = points.map(([s, hz]) => `${clock(s)}: ${number(hz, lang)} Hz`).join('; ');
  return (
    <figure className="rounded-lg border border-line bg-raised px-4 py-3">
      <figcaption className="flex justify-between font-semibold">
        {t('studio-schedule')}
        <span className="num text-sm font-normal text-ink-2">
          {number(schedule[0]!.rate_hz, lang)} → {number(last.rate_hz, lang)} Hz
        </span>
      </figcaption>
      <svg viewBox={`0 -6 ${WIDTH} ${HEIGHT + 12}`} role="img" aria-label={text} className="mt-2 w-full">
        <path d={`M0 ${HEIGHT}H${WIDTH}`} stroke="var(--line)" />
        <path d={path} fill="none" stroke="var(--accent)" strokeWidth="2" />
        {schedule.map((point) => (
          <circle key={point.at_s} cx={x(point.at_s)} cy={y(point.rate_hz)} r="3.5" fill="var(--accent)" />
        ))}
      </svg>
      <div className="num flex justify-between text-xs text-ink-2" aria-hidden="true">
        <span>{clock(0)}</span>
        <span>{clock(duration_s)}</span>
      </div>
    </figure>
  );
}
