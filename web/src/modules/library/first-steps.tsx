'use client';
import { useJobs } from '@/api/queries';
import type { Recording } from '@/api/types';
import { useText } from '@/i18n/text';
import { Link } from '@/nav';
import { setPreference, usePreference } from '@/shell/preferences';
import { IconButton } from '@/ui/button';
import { Icon } from '@/ui/icon';

interface FirstStepsProps {
  recordings: readonly Recording[];
  sample: Recording | undefined;
  onUpload(): void;
}

/** Four real steps for a first visit; each ticks itself when it was done. */
export function FirstSteps({ recordings, sample, onUpload }: FirstStepsProps) {
  const t = useText();
  const hidden = usePreference('checklist') === 'hidden';
  const opened = usePreference('opened') === 'yes';
  const jobs = useJobs();
  if (hidden || recordings.length === 0) return null;
  const done = (analysis: string) => jobs.data?.data.some((job) => job.analysis === analysis && job.state === 'succeeded') ?? false;
  const first = sample ?? recordings[0];
  const steps = [
    { id: 'sample', done: opened, href: first ? `/recordings/${first.id}` : undefined },
    { id: 'upload', done: recordings.some((recording) => !recording.synthetic), run: onUpload },
    { id: 'track', done: done('brainsync.compose'), href: first ? `/studio?recording=${first.id}` : '/studio' },
    { id: 'report', done: done('report.create'), href: first ? `/recordings/${first.id}?tab=report` : undefined },
  ];
  return (
    <section aria-labelledby="first-steps" className="mt-6 rounded-lg border border-line bg-raised">
      <div className="flex items-center px-4 pt-2">
        <h2 id="first-steps" className="flex-1 font-semibold">
          {t('first-title')}
        </h2>
        <IconButton icon="close" label={t('action-hide')} onClick={() => setPreference('checklist', 'hidden')} className="-mr-2" />
      </div>
      <ol className="grid gap-px p-2 pt-1 sm:grid-cols-2 lg:grid-cols-4">
        {steps.map((step, i) => {
          const body = (
            <>
              <span
                className={`num grid size-6 shrink-0 place-items-center rounded-full border text-xs ${step.done ? 'border-ok text-ok' : 'border-control text-ink-2'}`}
              >
                {step.done ? <Icon name="check" size={14} /> : i + 1}
              </span>
              <span className="min-w-0">
                <span className="block font-medium">{t(`first-${step.id}`)}</span>
                <span className="block text-sm text-ink-2">{t(`first-${step.id}-hint`)}</span>
              </span>
            </>
          );
          const className = 'flex w-full items-start gap-3 rounded-md p-2.5 text-left hover:bg-sunken';
          return (
            <li key={step.id}>
              {step.href ? (
                <Link href={step.href} className={className}>
                  {body}
                </Link>
              ) : (
                <button type="button" className={className} onClick={step.run}>
                  {body}
                </button>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
