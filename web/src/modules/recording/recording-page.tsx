'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type FormEvent } from 'react';
import { json } from '@/api/client';
import { isLive, keys, rememberRecording, useJobs, useRecording, useResult } from '@/api/queries';
import type { AudioOverview, EegOverview } from '@/api/results';
import type { Finding, Recording } from '@/api/types';
import { bytes, dateTime, duration, number } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { Link, useQuery, useRouteId } from '@/nav';
import { JobRow } from '@/shell/jobs-tray';
import { setPreference } from '@/shell/preferences';
import { Button, IconButton, LinkButton } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Icon } from '@/ui/icon';
import { Menu, MenuItem } from '@/ui/menu';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { TabPanel, Tabs } from '@/ui/tabs';
import { AnalysesTab } from './analyses-tab';
import { FindingsTab } from './findings-tab';
import { overviewOf } from './queries';
import { ReportTab } from './report-tab';
import { SignalTab } from './signal-tab';
import { SpectrumTab } from './spectrum-tab';
import { TracksTab } from './tracks-tab';

const TABS = ['signal', 'spectrum', 'analyses', 'findings', 'tracks', 'report'] as const;
type Tab = (typeof TABS)[number];

const isTab = (value: string | null): value is Tab => TABS.includes(value as Tab);

export function RecordingPage() {
  const id = useRouteId('recordings');
  const recording = useRecording(id);
  if (recording.error) return <Failure error={recording.error} onRetry={() => void recording.refetch()} />;
  if (!recording.data) {
    return (
      <div className="p-4 sm:p-6">
        <Skeleton className="h-8 w-72" />
        <Skeleton className="mt-3 h-4 w-96 max-w-full" />
        <Skeleton className="mt-8 h-[52dvh]" />
      </div>
    );
  }
  return <Loaded recording={recording.data} />;
}

/** Findings of the file and of the overview; the same sentence only once. */
function mergeFindings(...lists: (readonly Finding[] | undefined)[]): Finding[] {
  const seen = new Set<string>();
  const rank = { problem: 0, warning: 1, info: 2 };
  return lists
    .flatMap((list) => list ?? [])
    .filter((finding) => {
      const key = JSON.stringify([finding.code, finding.channel, finding.tmin_s, finding.message]);
      return seen.has(key) ? false : (seen.add(key), true);
    })
    .sort((a, b) => rank[a.severity] - rank[b.severity] || (a.tmin_s ?? -1) - (b.tmin_s ?? -1));
}

function Loaded({ recording }: { recording: Recording }) {
  const t = useText();
  const [query, change] = useQuery();
  const tab = isTab(query.get('tab')) ? (query.get('tab') as Tab) : 'signal';
  const overviewJob = recording.results[overviewOf(recording)];
  const eeg = useResult<EegOverview>(recording.kind === 'eeg' ? overviewJob : undefined);
  const audio = useResult<AudioOverview>(recording.kind === 'audio' ? overviewJob : undefined);
  const eegOverview = eeg.data?.output;
  const audioOverview = audio.data?.output;
  const findings = useMemo(
    () => mergeFindings(recording.findings, eegOverview?.findings, audioOverview?.findings),
    [recording.findings, eegOverview, audioOverview],
  );

  useEffect(() => {
    document.title = `${recording.title} – Clisonix`;
    setPreference('opened', 'yes');
    return () => {
      document.title = 'Clisonix';
    };
  }, [recording.title]);

  /** Opens the signal at what a finding rests on. */
  const show = (finding: Finding) =>
    change({
      tab: undefined,
      from: finding.tmin_s === undefined || finding.tmin_s === null ? undefined : String(finding.tmin_s),
      to: finding.tmax_s === undefined || finding.tmax_s === null ? undefined : String(finding.tmax_s),
      ch: finding.channel ?? undefined,
      at: String(findings.indexOf(finding)),
    });

  if (recording.state === 'failed') {
    return (
      <>
        <Header recording={recording} />
        <Failure error={new Error(recording.error ?? t('recording-failed-text'))} title={t('recording-state-failed')} />
      </>
    );
  }

  return (
    <>
      <Header recording={recording} />
      <Underway recording={recording} />
      <Tabs
        className="flex min-h-0 flex-1 flex-col"
        label={t('recording-tabs')}
        value={tab}
        onChange={(value) => change({ tab: value === 'signal' ? undefined : value })}
        tabs={[
          { value: 'signal', label: t('tab-signal') },
          { value: 'spectrum', label: recording.kind === 'audio' ? t('tab-music') : t('tab-spectrum') },
          { value: 'analyses', label: t('tab-analyses') },
          { value: 'findings', label: t('tab-findings'), count: findings.length },
          { value: 'tracks', label: t('tab-tracks') },
          { value: 'report', label: t('tab-report') },
        ]}
      >
        <TabPanel value="signal" className="flex min-h-0 flex-1 flex-col">
          {recording.state === 'ready' && recording.channels.length > 0 ? (
            <SignalTab recording={recording} findings={findings} eeg={eegOverview} audio={audioOverview} onShow={show} />
          ) : (
            <Empty icon="brain" title={t('signal-processing-title')}>
              {t('signal-processing-text')}
            </Empty>
          )}
        </TabPanel>
        <TabPanel value="spectrum">
          <SpectrumTab recording={recording} jobId={overviewJob} eeg={eegOverview} audio={audioOverview} error={eeg.error ?? audio.error} />
        </TabPanel>
        <TabPanel value="analyses">
          <AnalysesTab recording={recording} onShow={show} />
        </TabPanel>
        <TabPanel value="findings">
          <FindingsTab findings={findings} onShow={show} />
        </TabPanel>
        <TabPanel value="tracks">
          <TracksTab recording={recording} />
        </TabPanel>
        <TabPanel value="report">
          <ReportTab recording={recording} />
        </TabPanel>
      </Tabs>
    </>
  );
}

function Header({ recording }: { recording: Recording }) {
  const t = useText();
  const lang = useLang();
  const [renaming, setRenaming] = useState(false);
  const rates = [...new Set(recording.channels.map((channel) => channel.rate_hz))];
  const facts = [
    recording.format?.toUpperCase(),
    recording.channels.length > 0 ? t('recording-channels', { n: recording.channels.length }) : undefined,
    rates.length > 0 ? `${rates.slice(0, 3).map((rate) => number(rate, lang)).join(' / ')}${rates.length > 3 ? ' …' : ''} Hz` : undefined,
    recording.duration_s ? duration(recording.duration_s, lang) : undefined,
    bytes(recording.size_bytes, lang),
    dateTime(recording.start ?? recording.created_at, lang),
  ].filter(Boolean);
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-4 pb-2 sm:px-6">
      <Link href="/" aria-label={t('nav-library')} className="-ml-2 grid size-9 place-items-center rounded-md text-ink-2 hover:bg-line/45 max-md:hidden">
        <Icon name="back" />
      </Link>
      <div className="min-w-0 flex-1 basis-56">
        <h1 className="flex items-center gap-2 text-xl font-semibold tracking-tight">
          <span className="truncate">{recording.title}</span>
          {recording.synthetic && (
            <span title={t('recording-synthetic-hint')} className="shrink-0 rounded-sm border border-line px-1.5 text-xs font-normal tracking-normal text-ink-2">
              {t('recording-synthetic')}
            </span>
          )}
        </h1>
        <p className="truncate text-sm text-ink-2">{facts.join(' · ')}</p>
      </div>
      <div className="flex items-center gap-2">
        <LinkButton href={`/studio?recording=${recording.id}`} kind="primary" icon="studio">
          {t('recording-make-track')}
        </LinkButton>
        <Menu trigger={<IconButton icon="more" label={t('recording-menu')} />}>
          <MenuItem icon="download" onSelect={() => window.location.assign(`/v1/recordings/${recording.id}/content`)}>
            {t('recording-download')}
          </MenuItem>
          <MenuItem icon="settings" onSelect={() => setRenaming(true)}>
            {t('recording-rename')}
          </MenuItem>
        </Menu>
      </div>
      <Rename recording={recording} open={renaming} onOpenChange={setRenaming} />
    </header>
  );
}

function Rename({ recording, open, onOpenChange }: { recording: Recording; open: boolean; onOpenChange(open: boolean): void }) {
  const t = useText();
  const client = useQueryClient();
  const rename = useMutation({
    mutationFn: (title: string) =>
      json<Recording>(`/v1/recordings/${recording.id}`, { method: 'PATCH', body: { title }, headers: { 'if-match': recording.etag } }),
    onSuccess: (changed) => {
      rememberRecording(client, changed);
      onOpenChange(false);
    },
    // Someone else renamed it first: show what it is called now.
    onError: () => void client.invalidateQueries({ queryKey: keys.recording(recording.id) }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate(String(new FormData(event.currentTarget).get('title')).trim());
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('recording-rename')}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('recording-title')} name="title" defaultValue={recording.title} required maxLength={200} error={rename.error?.message} />
        <Button kind="primary" type="submit" busy={rename.isPending} className="self-end">
          {t('action-save')}
        </Button>
      </form>
    </Dialog>
  );
}

/** What is being computed for this recording right now. */
function Underway({ recording }: { recording: Recording }) {
  const t = useText();
  const jobs = useJobs(recording.id);
  const running = jobs.data?.data.filter((job) => isLive(job) && (job.analysis === 'recording.ingest' || job.analysis.endsWith('.overview'))) ?? [];
  if (running.length === 0) return null;
  return (
    <section aria-label={t('recording-underway')} className="mx-4 mb-3 rounded-lg border border-line bg-raised sm:mx-6">
      <ul>
        {running.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
    </section>
  );
}
