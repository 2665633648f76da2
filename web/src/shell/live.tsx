'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { listen } from '@/api/events';
import { isLive, keys, rememberJob, rememberRecording } from '@/api/queries';
import { useText } from '@/i18n/text';
import { useNavigate } from '@/nav';
import { Icon } from '@/ui/icon';
import { toast } from '@/ui/toast';
import { analysisName } from './analysis-name';
import { whenUploaded } from './uploads';

// A reconnect of a moment is not worth a banner.
const GRACE_MS = 4_000;

/** Keeps what is on screen true: events into the cache, and a banner when they stop. */
export function Live() {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [broken, setBroken] = useState(false);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const known = new Map<string, string>();
    const stop = listen({
      onJob: (job) => {
        const before = known.get(job.id);
        known.set(job.id, job.state);
        rememberJob(client, job);
        if (isLive(job) || before === undefined || before === job.state) return;
        if (job.recording_id) void client.invalidateQueries({ queryKey: keys.recording(job.recording_id) });
        if (job.state === 'failed') {
          toast(`${analysisName(t, client, job.analysis)}: ${job.error?.message ?? t('job-state-failed')}`, { tone: 'bad' });
        }
      },
      onRecording: (recording) => rememberRecording(client, recording),
      onOpen: (again) => {
        clearTimeout(timer);
        setBroken(false);
        if (again) void client.invalidateQueries();
      },
      onBreak: () => {
        clearTimeout(timer);
        timer = setTimeout(() => setBroken(true), GRACE_MS);
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client, t]);

  useEffect(() => {
    whenUploaded((upload) => {
      void client.invalidateQueries({ queryKey: ['recordings'] });
      toast(t('upload-done', { name: upload.name }), {
        tone: 'ok',
        action: { label: t('action-open'), run: () => navigate(`/recordings/${upload.recording}`) },
      });
    });
  }, [client, navigate, t]);

  if (!broken) return null;
  return (
    <div role="status" className="flex items-center gap-2 border-b border-warn/50 bg-raised px-4 py-2 text-warn sm:px-6">
      <Icon name="warning" />
      {t('shell-offline')}
    </div>
  );
}
