'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { contentOf, isLive, rememberJob, startReport, useJob, useJobs } from '@/api/queries';
import type { Job, Recording } from '@/api/types';
import { bytes, dateTime } from '@/i18n/format';
import { LANGUAGES, useLang, useText } from '@/i18n/text';
import { JobRow } from '@/shell/jobs-tray';
import { Button, DownloadButton } from '@/ui/button';
import { Choice, Select } from '@/ui/field';
import { Empty, Failure } from '@/ui/states';

/** A report from what was measured: choose, wait, download. */
export function ReportTab({ recording }: { recording: Recording }) {
  const t = useText();
  const lang = useLang();
  const client = useQueryClient();
  const jobs = useJobs(recording.id);
  const [format, setFormat] = useState<'pdf' | 'xlsx'>('pdf');
  const [chosen, setChosen] = useState<string>();
  const [started, setStarted] = useState<string>();
  const job = useJob(started);
  const results = Object.values(recording.results);
  const create = useMutation({
    mutationFn: () => startReport({ recording_id: recording.id, job_ids: results, format, lang: chosen ?? lang, title: recording.title }),
    onSuccess: (queued) => {
      rememberJob(client, queued);
      setStarted(queued.id);
    },
  });
  if (results.length === 0) {
    return (
      <Empty icon="report" title={t('report-not-yet')}>
        {t('overview-not-yet-text')}
      </Empty>
    );
  }
  const earlier = jobs.data?.data.filter((other) => other.analysis === 'report.create' && other.state === 'succeeded' && other.id !== started) ?? [];
  return (
    <div className="mx-auto flex w-full max-w-2xl flex-col gap-5 px-4 py-6 sm:px-6">
      <div>
        <h2 className="text-lg font-semibold">{t('report-title')}</h2>
        <p className="text-ink-2">{t('report-hint')}</p>
      </div>
      <Choice
        legend={t('report-format')}
        value={format}
        onChange={(value) => setFormat(value)}
        cards
        options={[
          { value: 'pdf' as const, label: 'PDF', note: t('report-pdf-note') },
          { value: 'xlsx' as const, label: 'XLSX', note: t('report-xlsx-note') },
        ]}
      />
      <div className="max-w-xs">
        <Select label={t('report-language')} options={LANGUAGES} value={chosen ?? lang} onChange={(event) => setChosen(event.target.value)} />
      </div>
      {create.error && <Failure error={create.error} />}
      <div>
        <Button kind="primary" icon="report" busy={create.isPending || (job.data ? isLive(job.data) : false)} onClick={() => create.mutate()}>
          {t('report-create')}
        </Button>
      </div>
      {job.data && <ReportRow job={job.data} />}
      {earlier.length > 0 && (
        <section aria-labelledby="earlier-reports">
          <h3 id="earlier-reports" className="eyebrow mb-2">
            {t('report-earlier')}
          </h3>
          <div className="flex flex-col gap-2">
            {earlier.slice(0, 8).map((other) => (
              <ReportRow key={other.id} job={other} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

function ReportRow({ job }: { job: Job }) {
  const lang = useLang();
  if (job.state !== 'succeeded') {
    return (
      <ul className="rounded-lg border border-line bg-raised">
        <JobRow job={job} />
      </ul>
    );
  }
  return (
    <>
      {job.artifacts.map((artifact) => (
        <div key={artifact.id} className="flex items-center gap-3 rounded-lg border border-line bg-raised px-4 py-2.5">
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium">{artifact.name}</p>
            <p className="text-sm text-ink-2">
              {bytes(artifact.size_bytes, lang)} · {dateTime(job.finished_at ?? job.created_at, lang)}
            </p>
          </div>
          <ReportDownload href={contentOf(artifact)} />
        </div>
      ))}
    </>
  );
}

function ReportDownload({ href }: { href: string }) {
  const t = useText();
  return <DownloadButton href={href}>{t('action-download')}</DownloadButton>;
}
