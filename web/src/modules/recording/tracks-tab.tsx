'use client';
import { isLive, useJobs } from '@/api/queries';
import type { Recording } from '@/api/types';
import { useText } from '@/i18n/text';
import { JobRow } from '@/shell/jobs-tray';
import { TrackCard } from '@/shell/track-card';
import { LinkButton } from '@/ui/button';
import { Empty, Failure, Skeleton } from '@/ui/states';

export function TracksTab({ recording }: { recording: Recording }) {
  const t = useText();
  const jobs = useJobs(recording.id);
  if (jobs.error) return <Failure error={jobs.error} onRetry={() => void jobs.refetch()} />;
  if (jobs.isPending) return <Skeleton className="m-6 h-24" />;
  const tracks = jobs.data.data.filter((job) => job.analysis === 'brainsync.compose');
  const make = (
    <LinkButton href={`/studio?recording=${recording.id}`} kind="primary" icon="studio">
      {t('recording-make-track')}
    </LinkButton>
  );
  if (tracks.length === 0) {
    return (
      <Empty icon="headphones" title={t('tracks-none-title')} action={make}>
        {t('tracks-none-text')}
      </Empty>
    );
  }
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-4 px-4 py-6 sm:px-6">
      {tracks.map((job) =>
        job.state === 'succeeded' ? (
          <TrackCard key={job.id} job={job} />
        ) : (
          <ul key={job.id} className="rounded-lg border border-line bg-raised">
            <JobRow job={job} />
          </ul>
        ),
      )}
      {!tracks.some(isLive) && <div>{make}</div>}
    </div>
  );
}
