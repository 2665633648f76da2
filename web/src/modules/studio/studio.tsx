'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isLive, rememberJob, startJob, useJob, useRecording } from '@/api/queries';
import { useText } from '@/i18n/text';
import { useQuery } from '@/nav';
import { useCommands } from '@/shell/commands';
import { JobRow } from '@/shell/jobs-tray';
import { TrackCard } from '@/shell/track-card';
import { Button } from '@/ui/button';
import { Failure } from '@/ui/states';
import { FIRST_ORDER, isSound, paramsOf, type Order } from './order';
import { OrderForm } from './order-form';
import { Plan } from './plan';
import { Sources, useSources } from './sources';
import { TrackDetail } from './track-detail';

/** Compose a track from what was measured. */
export function Studio() {
  const t = useText();
  const client = useQueryClient();
  const [query, change] = useQuery();
  const given = useRecording(query.get('recording') ?? undefined);
  const [order, setOrder] = useState<Order>(FIRST_ORDER);
  const sources = useSources(given.data);
  const jobId = query.get('job') ?? undefined;
  const job = useJob(jobId);

  const compose = useMutation({
    mutationFn: () =>
      startJob({
        analysis: 'brainsync.compose',
        recording_id: sources.recordingId,
        result_job_ids: sources.jobIds,
        params: paramsOf(order),
      }),
    onSuccess: (queued) => {
      rememberJob(client, queued);
      change({ job: queued.id });
    },
  });
  const canCompose = isSound(order) && !compose.isPending && !(job.data && isLive(job.data));
  useCommands([{ id: 'compose', label: 'studio-compose', group: 'do', keys: 'mod+Enter', run: () => canCompose && compose.mutate() }]);

  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-6 sm:py-8">
      <h1 className="text-2xl font-semibold tracking-tight">{t('nav-studio')}</h1>
      <p className="mt-1 max-w-[72ch] text-ink-2">{t('studio-hint')}</p>
      <div className="mt-6 grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_380px]">
        <div className="flex min-w-0 flex-col gap-8">
          <Sources sources={sources} />
          <OrderForm order={order} onChange={setOrder} />
        </div>
        <aside className="flex min-w-0 flex-col gap-4 xl:sticky xl:top-18" aria-label={t('studio-plan')}>
          <Plan order={order} sources={sources} />
          {compose.error && <Failure error={compose.error} />}
          <Button kind="primary" icon="studio" large disabled={!canCompose} busy={compose.isPending} onClick={() => compose.mutate()}>
            {t('studio-compose')}
          </Button>
          {job.data && job.data.state !== 'succeeded' && (
            <ul className="rounded-lg border border-line bg-raised">
              <JobRow job={job.data} />
            </ul>
          )}
        </aside>
      </div>
      {job.data?.state === 'succeeded' && (
        <section className="mt-8 flex flex-col gap-4 border-t border-line pt-8" aria-label={t('studio-result')}>
          <h2 className="text-lg font-semibold">{t('studio-result')}</h2>
          <TrackCard job={job.data} />
          <TrackDetail jobId={job.data.id} />
        </section>
      )}
    </div>
  );
}
