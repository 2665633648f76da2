'use client';
import { useDeferredValue, useRef, useState } from 'react';
import type { Recording } from '@/api/types';
import { ago, bytes, duration } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { Link, useNavigate } from '@/nav';
import { useCommands } from '@/shell/commands';
import { UploadRow } from '@/shell/jobs-tray';
import { addFiles, useUploads } from '@/shell/uploads';
import { Button, IconButton } from '@/ui/button';
import { Icon } from '@/ui/icon';
import { Menu, MenuItem } from '@/ui/menu';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toast';
import { FirstSteps } from './first-steps';
import { useDeleteRecording, useRecordings, useRestoreRecording } from './queries';

export function Library() {
  const t = useText();
  const [search, setSearch] = useState('');
  const q = useDeferredValue(search.trim());
  const recordings = useRecordings(q);
  const uploads = useUploads();
  const picker = useRef<HTMLInputElement>(null);
  const choose = () => picker.current?.click();
  useCommands([{ id: 'upload', label: 'library-upload', group: 'do', keys: 'u', run: choose }]);

  // Here and not in the row, which is gone by the time the server has answered.
  const remove = useDeleteRecording();
  const restore = useRestoreRecording();
  const drop = (recording: Recording) =>
    remove.mutate(recording, {
      onSuccess: () =>
        toast(t('library-deleted', { title: recording.title }), {
          action: { label: t('action-undo'), run: () => restore.mutate(recording) },
        }),
      onError: (error) => toast(error.message, { tone: 'bad' }),
    });

  const rows = recordings.data?.pages.flatMap((page) => page.data) ?? [];
  const sample = rows.find((recording) => recording.synthetic && recording.kind === 'eeg') ?? rows.find((recording) => recording.synthetic);
  const open = uploads.filter((upload) => upload.state !== 'done');

  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-6 sm:py-8">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">{t('library-title')}</h1>
        <div className="ml-auto">
          <Button kind="primary" icon="upload" onClick={choose}>
            {t('library-upload')}
          </Button>
          <input
            ref={picker}
            type="file"
            multiple
            className="sr-only"
            tabIndex={-1}
            aria-label={t('library-upload')}
            onChange={(event) => {
              addFiles(event.target.files ?? []);
              event.target.value = '';
            }}
          />
        </div>
      </div>
      <p className="mt-1 text-ink-2">{t('library-hint')}</p>

      <FirstSteps recordings={rows} sample={sample} onUpload={choose} />

      {open.length > 0 && (
        <section aria-label={t('library-uploads')} className="mt-6 rounded-lg border border-line bg-raised">
          <ul>
            {open.map((upload) => (
              <UploadRow key={upload.id} upload={upload} />
            ))}
          </ul>
        </section>
      )}

      <label className="mt-6 flex h-9 items-center sm:max-w-sm gap-2.5 rounded-md border border-control bg-raised px-3 text-ink-2 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-(--focus) pointer-coarse:h-11">
        <Icon name="search" />
        <span className="sr-only">{t('library-search')}</span>
        <input
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          placeholder={t('library-search')}
          className="w-full bg-transparent text-ink outline-none placeholder:text-ink-2"
        />
      </label>

      <div className="mt-3 overflow-clip rounded-lg border border-line bg-raised" data-testid="recordings">
        {recordings.error ? (
          <Failure error={recordings.error} onRetry={() => void recordings.refetch()} />
        ) : recordings.isPending ? (
          [0, 1, 2].map((i) => <Skeleton key={i} className="mx-4 my-3 h-10" />)
        ) : rows.length === 0 && q ? (
          <Empty icon="search" title={t('library-nothing', { q })} action={<Button onClick={() => setSearch('')}>{t('library-show-all')}</Button>} />
        ) : rows.length === 0 ? (
          <Empty
            icon="upload"
            title={t('library-empty-title')}
            action={
              <Button kind="primary" icon="upload" onClick={choose}>
                {t('library-upload')}
              </Button>
            }
          >
            {t('library-empty-text')}
          </Empty>
        ) : (
          <ul>
            {rows.map((recording) => (
              <RecordingRow key={recording.id} recording={recording} onDelete={() => drop(recording)} />
            ))}
          </ul>
        )}
      </div>
      {recordings.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button busy={recordings.isFetchingNextPage} onClick={() => void recordings.fetchNextPage()}>
            {t('library-more')}
          </Button>
        </div>
      )}
    </div>
  );
}

function RecordingRow({ recording, onDelete }: { recording: Recording; onDelete(): void }) {
  const t = useText();
  const lang = useLang();
  const navigate = useNavigate();
  const problems = recording.findings.filter((finding) => finding.severity !== 'info').length;
  const kind = recording.kind === 'audio' ? t('kind-audio') : recording.kind === 'eeg' ? t('kind-eeg') : undefined;
  const facts = [
    recording.format?.toUpperCase(),
    recording.channels.length > 0 ? t('recording-channels', { n: recording.channels.length }) : undefined,
    recording.duration_s ? duration(recording.duration_s, lang) : undefined,
    bytes(recording.size_bytes, lang),
  ].filter(Boolean);

  return (
    <li className="group relative flex items-center gap-4 border-b border-line px-4 py-3 last:border-0 hover:bg-sunken">
      <span className={`grid size-10 shrink-0 place-items-center rounded-md bg-line/45 ${recording.kind === 'audio' ? 'text-accent' : 'text-ink'}`} title={kind}>
        <Icon name={recording.kind === 'audio' ? 'sound' : recording.kind === 'eeg' ? 'brain' : 'library'} size={22} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <Link
            href={`/recordings/${recording.id}`}
            className="truncate font-semibold -outline-offset-2 after:absolute after:inset-0"
          >
            {recording.title}
          </Link>
          {recording.synthetic && <Badge title={t('recording-synthetic-hint')}>{t('recording-synthetic')}</Badge>}
        </div>
        <p className="truncate text-sm text-ink-2">{facts.join(' · ')}</p>
      </div>
      <div className="hidden text-right text-sm text-ink-2 sm:block">
        <p>{ago(recording.created_at, lang)}</p>
        <RecordingStatus recording={recording} problems={problems} />
      </div>
      <div className="relative">
        <Menu trigger={<IconButton icon="more" label={t('library-row-menu', { title: recording.title })} />}>
          <MenuItem icon="next" onSelect={() => navigate(`/recordings/${recording.id}`)}>
            {t('action-open')}
          </MenuItem>
          <MenuItem icon="studio" onSelect={() => navigate(`/studio?recording=${recording.id}`)}>
            {t('recording-make-track')}
          </MenuItem>
          <MenuItem icon="trash" danger onSelect={onDelete}>
            {t('action-delete')}
          </MenuItem>
        </Menu>
      </div>
    </li>
  );
}

function RecordingStatus({ recording, problems }: { recording: Recording; problems: number }) {
  const t = useText();
  if (recording.state === 'failed') return <p className="text-bad">{t('recording-state-failed')}</p>;
  if (recording.state === 'processing') return <p className="text-accent">{t('recording-state-processing')}</p>;
  if (problems > 0) return <p className="text-warn">{t('recording-findings', { n: problems })}</p>;
  return <p>{t('recording-state-ready')}</p>;
}

function Badge({ children, title }: { children: string; title?: string }) {
  return (
    <span title={title} className="shrink-0 rounded-sm border border-line px-1.5 text-xs text-ink-2">
      {children}
    </span>
  );
}

