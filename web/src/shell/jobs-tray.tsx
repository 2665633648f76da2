'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Popover } from 'radix-ui';
import { cancelJob, contentOf, isLive, keys, retryJob, useJobs } from '@/api/queries';
import type { Job } from '@/api/types';
import { ago, bytes, number } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { Link } from '@/nav';
import { buttonClass, IconButton, Spinner } from '@/ui/button';
import { Icon } from '@/ui/icon';
import { Progress } from '@/ui/states';
import { toast } from '@/ui/toast';
import { useAnalysisName } from './analysis-name';
import { cancelUpload, continueUpload, pauseUpload, useUploads, type Upload } from './uploads';

/** Everything that is being done, from wherever one is. */
export function JobsTray() {
  const t = useText();
  const jobs = useJobs();
  const uploads = useUploads();
  const all = jobs.data?.data ?? [];
  const busy = all.filter(isLive).length + uploads.filter((upload) => upload.state === 'sending' || upload.state === 'waiting').length;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className={`${buttonClass('quiet')} px-2!`} aria-label={t('jobs-title-n', { n: busy })} title={t('jobs-title')}>
          {busy > 0 ? <Spinner /> : <Icon name="jobs" />}
          {busy > 0 && <span className="num text-ink">{busy}</span>}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('jobs-title')}
          className="fade-in z-40 max-h-[70dvh] w-[min(94vw,400px)] overflow-y-auto rounded-lg bg-raised shadow-(--lift)"
        >
          <h2 className="px-4 pt-3 pb-1 font-semibold">{t('jobs-title')}</h2>
          {all.length === 0 && uploads.length === 0 && <p className="px-4 pb-4 text-ink-2">{t('jobs-none')}</p>}
          <ul>
            {uploads.map((upload) => (
              <UploadRow key={upload.id} upload={upload} />
            ))}
            {all.slice(0, 20).map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

export function UploadRow({ upload }: { upload: Upload }) {
  const t = useText();
  const lang = useLang();
  const left = upload.rate ? (upload.size - upload.sent) / upload.rate : undefined;
  const note =
    upload.state === 'failed'
      ? (upload.problem?.message ?? t('upload-state-failed'))
      : upload.state === 'sending'
        ? `${bytes(upload.sent, lang)} / ${bytes(upload.size, lang)}${upload.rate ? ` · ${bytes(upload.rate, lang)}/s` : ''}${left !== undefined && left >= 1 ? ` · ${t('upload-left', { seconds: Math.ceil(left) })}` : ''}`
        : t(`upload-state-${upload.state}`);
  return (
    <li className="border-t border-line px-4 py-2.5 first:border-0">
      <div className="flex items-center gap-1">
        <Icon name="upload" className="mr-2 text-ink-2" />
        <span className="min-w-0 flex-1 truncate font-medium">{upload.name}</span>
        {upload.state === 'sending' && <IconButton icon="pause" label={t('upload-pause')} onClick={() => pauseUpload(upload.id)} />}
        {(upload.state === 'paused' || upload.state === 'failed') && (
          <IconButton icon={upload.state === 'failed' ? 'retry' : 'play'} label={t('upload-continue')} onClick={() => continueUpload(upload.id)} />
        )}
        {upload.state === 'done' ? (
          <>
            <Link href={`/recordings/${upload.recording}`} className="rounded-sm px-2 py-1 font-semibold text-accent hover:underline">
              {t('action-open')}
            </Link>
            <IconButton icon="close" label={t('action-hide')} onClick={() => cancelUpload(upload.id)} />
          </>
        ) : (
          <IconButton icon="close" label={t('upload-cancel')} onClick={() => cancelUpload(upload.id)} />
        )}
      </div>
      {upload.state !== 'done' && (
        <Progress
          value={upload.size > 0 ? upload.sent / upload.size : 0}
          label={upload.name}
          tone={upload.state === 'failed' ? 'bad' : 'accent'}
        />
      )}
      <p className={`mt-1 text-sm ${upload.state === 'failed' ? 'text-bad' : 'text-ink-2'}`}>{note}</p>
    </li>
  );
}

export function JobRow({ job }: { job: Job }) {
  const t = useText();
  const lang = useLang();
  const client = useQueryClient();
  const settle = {
    onSettled: () => void client.invalidateQueries({ queryKey: keys.jobs }),
    onError: (error: Error) => toast(error.message, { tone: 'bad' }),
  };
  const cancel = useMutation({ mutationFn: () => cancelJob(job.id), ...settle });
  const retry = useMutation({ mutationFn: () => retryJob(job.id), ...settle });
  const name = useAnalysisName(job.analysis);
  const href =
    job.analysis === 'brainsync.compose' ? `/studio?job=${job.id}` : job.recording_id ? `/recordings/${job.recording_id}` : undefined;
  return (
    <li className="border-t border-line px-4 py-2.5 first:border-0">
      <div className="flex items-center gap-2">
        {href ? (
          <Link href={href} className="min-w-0 flex-1 truncate font-medium hover:underline">
            {name}
          </Link>
        ) : (
          <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
        )}
        {job.analysis === 'report.create' &&
          job.artifacts.map((artifact) => (
            <a key={artifact.id} href={contentOf(artifact)} download className="rounded-sm px-2 py-1 font-semibold text-accent hover:underline">
              {t('action-download')}
            </a>
          ))}
        {isLive(job) && <IconButton icon="close" label={t('job-cancel')} disabled={cancel.isPending} onClick={() => cancel.mutate()} />}
        {(job.state === 'failed' || job.state === 'cancelled') && (
          <IconButton icon="retry" label={t('job-retry')} disabled={retry.isPending} onClick={() => retry.mutate()} />
        )}
      </div>
      {isLive(job) && <Progress value={job.state === 'queued' ? 0 : job.progress.fraction} label={name} />}
      <p className={`mt-1 text-sm ${job.state === 'failed' ? 'text-bad' : 'text-ink-2'}`}>
        {job.state === 'running'
          ? `${number(job.progress.fraction * 100, lang, 0)} %${job.progress.stage ? ` · ${job.progress.stage}` : ''}`
          : job.state === 'failed'
            ? (job.error?.message ?? t('job-state-failed'))
            : `${t(`job-state-${job.state}`)} · ${ago(job.finished_at ?? job.created_at, lang)}`}
      </p>
    </li>
  );
}
