'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isLive, rememberJob, startJob, useAnalyses, useJobs, useResult } from '@/api/queries';
import type { Analysis, Finding, Job, Recording } from '@/api/types';
import { dateTime } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { useQuery } from '@/nav';
import { JobRow } from '@/shell/jobs-tray';
import { Select } from '@/ui/field';
import { Icon } from '@/ui/icon';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { FindingItem } from './finding-item';
import { ParamsForm } from './params-form';
import { Plots } from './plots';
import { useSheet } from './queries';
import { SheetView } from './sheet';

/** Every analysis of the catalogue that takes this recording: set it up, run it, look at what came out. */
export function AnalysesTab({ recording, onShow }: { recording: Recording; onShow(finding: Finding): void }) {
  const t = useText();
  const [query, change] = useQuery();
  const analyses = useAnalyses();
  const jobs = useJobs(recording.id);
  if (analyses.error) return <Failure error={analyses.error} onRetry={() => void analyses.refetch()} />;
  if (!analyses.data) return <Skeleton className="m-6 h-64" />;
  const input = recording.kind === 'audio' ? 'audio' : 'recording';
  const fitting = analyses.data.data.filter((analysis) => analysis.input === input);
  const done = new Set(jobs.data?.data.filter((job) => job.state === 'succeeded').map((job) => job.analysis));
  // Without a choice, one that has something to show.
  const chosen =
    fitting.find((analysis) => analysis.id === query.get('analysis')) ?? fitting.find((analysis) => done.has(analysis.id)) ?? fitting[0];
  if (!chosen) return <Empty icon="brain" title={t('analyses-none')} />;
  return (
    <div className="mx-auto flex w-full max-w-7xl gap-6 px-4 py-6 max-md:flex-col sm:px-6">
      <nav aria-label={t('analyses-title')} className="shrink-0 md:w-64">
        <div className="md:hidden">
          <Select
            label={t('analyses-title')}
            value={chosen.id}
            onChange={(event) => change({ analysis: event.target.value, run: undefined })}
            options={fitting.map((analysis) => [analysis.id, analysis.title] as const)}
          />
        </div>
        <ul className="flex flex-col gap-0.5 max-md:hidden">
          {fitting.map((analysis) => (
            <li key={analysis.id}>
              <button
                type="button"
                aria-current={analysis.id === chosen.id ? 'true' : undefined}
                onClick={() => change({ analysis: analysis.id, run: undefined })}
                className="flex w-full items-center gap-2 rounded-md px-3 py-2 text-left hover:bg-sunken aria-[current]:bg-line/45 aria-[current]:font-semibold"
              >
                <span className="min-w-0 flex-1">{analysis.title}</span>
                {done.has(analysis.id) && (
                  <span title={t('analyses-done')} className="text-ok">
                    <Icon name="check" />
                    <span className="sr-only">{t('analyses-done')}</span>
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <OneAnalysis key={chosen.id} analysis={chosen} recording={recording} jobs={jobs.data?.data ?? []} onShow={onShow} />
    </div>
  );
}

interface OneProps {
  analysis: Analysis;
  recording: Recording;
  jobs: readonly Job[];
  onShow(finding: Finding): void;
}

function OneAnalysis({ analysis, recording, jobs, onShow }: OneProps) {
  const t = useText();
  const lang = useLang();
  const client = useQueryClient();
  const [query, change] = useQuery();
  const runs = jobs.filter((job) => job.analysis === analysis.id);
  const finished = runs.filter((job) => job.state === 'succeeded');
  const shown = finished.find((job) => job.id === query.get('run')) ?? finished[0];
  const underway = runs.filter((job) => isLive(job));
  const failed = runs[0]?.state === 'failed' ? runs[0] : undefined;
  const start = useMutation({
    mutationFn: (params: Record<string, unknown>) => startJob({ analysis: analysis.id, recording_id: recording.id, params }),
    onSuccess: (job) => {
      rememberJob(client, job);
      change({ run: undefined });
    },
  });
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-6">
      <div>
        <h2 className="text-lg font-semibold">{analysis.title}</h2>
        <p className="max-w-[72ch] text-ink-2">{analysis.summary}</p>
      </div>
      <details open={finished.length === 0} className="rounded-lg border border-line bg-raised">
        <summary className="cursor-pointer rounded-lg px-4 py-2.5 font-medium">{t('analyses-parameters')}</summary>
        <div className="px-4 pt-1 pb-4">
          <ParamsForm analysis={analysis} busy={start.isPending} error={start.error?.message} onRun={(params) => start.mutate(params)} />
        </div>
      </details>
      {[...underway, ...(failed ? [failed] : [])].map((job) => (
        <ul key={job.id} className="rounded-lg border border-line bg-raised">
          <JobRow job={job} />
        </ul>
      ))}
      {finished.length > 1 && (
        <div className="max-w-xs">
          <Select
            label={t('analyses-result-of')}
            value={shown?.id}
            onChange={(event) => change({ run: event.target.value })}
            options={finished.map((job) => [job.id, dateTime(job.finished_at ?? job.created_at, lang)] as const)}
          />
        </div>
      )}
      {shown && <Result jobId={shown.id} onShow={onShow} />}
    </div>
  );
}

function Result({ jobId, onShow }: { jobId: string; onShow(finding: Finding): void }) {
  const t = useText();
  const lang = useLang();
  const sheet = useSheet(jobId, lang);
  const result = useResult<{ findings?: Finding[] }>(jobId);
  const findings = result.data?.output.findings ?? [];
  return (
    <>
      <Plots jobId={jobId} />
      {sheet.error && <Failure error={sheet.error} onRetry={() => void sheet.refetch()} />}
      {sheet.data ? <SheetView sheet={sheet.data} /> : !sheet.error && <Skeleton className="h-40" />}
      {findings.length > 0 && (
        <section aria-labelledby="result-findings">
          <h3 id="result-findings" className="mb-2 font-semibold">
            {t('tab-findings')}
          </h3>
          <ul className="overflow-clip rounded-lg border border-line bg-raised">
            {findings.map((finding, i) => (
              <li key={i} className="border-b border-line last:border-0">
                <FindingItem finding={finding} onShow={onShow} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <p className="text-sm text-ink-2">
        <a href={`/v1/jobs/${jobId}/result`} className="rounded-sm font-medium text-accent hover:underline">
          {t('analyses-as-json')}
        </a>{' '}
        · {t('not-a-medical-device')}
      </p>
    </>
  );
}
