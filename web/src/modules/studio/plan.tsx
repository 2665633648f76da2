'use client';
import { figure, number } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { Icon } from '@/ui/icon';
import { printDuration, type Order } from './order';
import type { SourceState } from './sources';

interface Line {
  what: string;
  value: string;
  why: string;
  origin: 'measured' | 'asked' | 'not_measured';
}

/** What the track will rest on. Only figures that are known now; the server decides the rest. */
export function Plan({ order, sources }: { order: Order; sources: SourceState }) {
  const t = useText();
  const lang = useLang();
  const { eeg, audio, brain, sound } = sources;
  const [tonic, scale] = order.key.split(' ');
  const convention = { value: t('studio-by-mode'), why: t('studio-not-measured'), origin: 'not_measured' as const };
  const lines: Line[] = [
    {
      what: t('figure-key'),
      ...(tonic && scale
        ? { value: `${tonic} ${t(`mode-${scale}`)}`, why: t('origin-asked'), origin: 'asked' as const }
        : audio?.key
          ? {
              value: `${audio.key.tonic} ${t(`mode-${audio.key.mode}`)}`,
              why: t('studio-because-key', { title: sound?.title ?? '', r: number(audio.key.strength, lang) }),
              origin: 'measured' as const,
            }
          : convention),
    },
    {
      what: t('figure-tempo'),
      ...(order.tempoBpm !== ''
        ? { value: figure(Number(order.tempoBpm), 'BPM', lang, 1), why: t('origin-asked'), origin: 'asked' as const }
        : audio?.tempo
          ? {
              value: figure(audio.tempo.bpm, 'BPM', lang, 1),
              why: t('studio-because-tempo', { title: sound?.title ?? '', percent: number(audio.tempo.confidence * 100, lang, 0) }),
              origin: 'measured' as const,
            }
          : convention),
    },
    {
      what: t('studio-start'),
      ...(eeg?.alpha_peak
        ? {
            value: figure(eeg.alpha_peak.peak_hz, 'Hz', lang),
            why: t('studio-because-peak', { title: brain?.title ?? '', db: number(eeg.alpha_peak.prominence_db, lang, 1) }),
            origin: 'measured' as const,
          }
        : convention),
    },
    {
      what: t('studio-target'),
      ...(order.targetHz !== '' ? { value: figure(Number(order.targetHz), 'Hz', lang), why: t('origin-asked'), origin: 'asked' as const } : convention),
    },
  ];
  return (
    <section className="rounded-lg border border-line bg-raised" aria-labelledby="plan-title">
      <header className="border-b border-line px-4 py-3">
        <h2 id="plan-title" className="font-semibold">
          {t('studio-plan')}
        </h2>
        <p className="text-sm text-ink-2">
          {t(`studio-mode-${order.mode}`)} · {t(`studio-stimulus-${order.stimulus}`)} · {Number.isNaN(order.durationS) ? '–' : printDuration(order.durationS)}
        </p>
      </header>
      <dl>
        {lines.map((line) => (
          <div key={line.what} className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 border-b border-line/60 px-4 py-2.5 last:border-0">
            <dt>{line.what}</dt>
            <dd className={`text-right ${line.origin === 'not_measured' ? 'text-ink-2' : 'num font-medium'}`}>{line.value}</dd>
            <dd className="col-span-2 flex items-center gap-1.5 text-sm text-ink-2">
              {line.origin === 'measured' && <Icon name="check" size={14} className="text-ok" />}
              {line.why}
            </dd>
          </div>
        ))}
      </dl>
      {order.stimulus === 'binaural' && (
        <p className="flex items-start gap-2.5 border-t border-line px-4 py-3 text-warn">
          <Icon name="headphones" />
          {t('studio-headphones')}
        </p>
      )}
    </section>
  );
}
