'use client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { binary } from '@/api/client';
import type { AudioOverview, EegOverview } from '@/api/results';
import type { Finding, Recording } from '@/api/types';
import { number } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { useQuery } from '@/nav';
import type { TimedMark } from '@/plots/draw';
import { valueText, type LaneChannel } from '@/plots/lanes';
import type { LoadSpectrogram } from '@/plots/spectrogram';
import { Strip } from '@/plots/strip';
import type { LoadSignal } from '@/plots/tiles';
import { Timeline, type Readout } from '@/plots/timeline';
import { clock, type View } from '@/plots/view';
import { useCommands } from '@/shell/commands';
import { AudioPlayer } from '@/ui/audio-player';
import { IconButton } from '@/ui/button';
import { Failure } from '@/ui/states';
import { Table } from '@/ui/table';
import { Tooltip } from '@/ui/tooltip';
import { usePlayer } from '@/ui/use-player';
import { FindingItem } from './finding-item';
import { useAnnotations } from './queries';

interface SignalTabProps {
  recording: Recording;
  findings: readonly Finding[];
  eeg: EegOverview | undefined;
  audio: AudioOverview | undefined;
  onShow(finding: Finding): void;
}

/** Longer recordings open on their first stretch instead of on a grey block. */
const FIRST_VIEW_S = 20;
const LINK_AFTER_MS = 300;

const finite = (text: string | null): number | undefined => {
  const value = text === null ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
};

export function SignalTab({ recording, findings, eeg, audio, onShow }: SignalTabProps) {
  const t = useText();
  const lang = useLang();
  const [query, change] = useQuery();
  const durationS = recording.duration_s ?? 1;
  const annotations = useAnnotations(recording.id, recording.kind === 'eeg');
  const host = useRef<HTMLDivElement>(null);
  const stripHost = useRef<HTMLDivElement>(null);
  const timeline = useRef<Timeline>(undefined);
  const strip = useRef<Strip>(undefined);
  const [view, setView] = useState<View>();
  const [readout, setReadout] = useState<Readout>();
  const [error, setError] = useState<unknown>();
  const [spectrogram, setSpectrogram] = useState(recording.kind === 'audio');
  const [table, setTable] = useState(false);
  const [said, setSaid] = useState('');
  const player = usePlayer();
  const isAudio = recording.kind === 'audio';
  const selected = query.get('ch') ?? undefined;

  const channels = useMemo(() => lanes(recording, eeg), [recording, eeg]);
  const channelsAtStart = useRef(channels);
  const marks = useMemo<TimedMark[]>(
    () =>
      (annotations.data?.data ?? [])
        .map((a) => ({ tminS: a.onset_s, tmaxS: a.onset_s + (a.duration_s ?? 0), text: a.text, channel: a.channel ?? undefined }))
        .sort((a, b) => a.tminS - b.tminS),
    [annotations.data],
  );

  const seekRef = useRef(player.seek);
  const changeRef = useRef(change);
  const queryRef = useRef(query);
  useEffect(() => {
    seekRef.current = player.seek;
    changeRef.current = change;
    queryRef.current = query;
  });

  // The engine lives as long as the recording is on screen; everything else is told to it.
  useEffect(() => {
    if (!host.current || !stripHost.current) return;
    const base = `/v1/recordings/${recording.id}`;
    const loadSignal: LoadSignal = (r, signal) =>
      binary(`${base}/signal`, { query: { tmin_s: r.tminS, tmax_s: r.tmaxS, columns: r.columns, channels: r.channels.join(',') }, signal });
    const loadSpectrogram: LoadSpectrogram = (r, signal) =>
      binary(`${base}/spectrogram`, { query: { channel: r.channel, tmin_s: r.tminS, tmax_s: r.tmaxS, columns: r.columns, rows: r.rows }, signal });
    const start = finite(queryRef.current.get('t'));
    const length = finite(queryRef.current.get('win')) ?? (isAudio ? durationS : Math.min(durationS, FIRST_VIEW_S));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onView = (next: View) => {
      setView(next);
      strip.current?.setView(next);
      clearTimeout(timer);
      timer = setTimeout(
        () => changeRef.current({ t: String(Number(next.tminS.toFixed(4))), win: String(Number((next.tmaxS - next.tminS).toFixed(4))) }),
        LINK_AFTER_MS,
      );
    };
    const first = channelsAtStart.current.find((channel) => !channel.isBad && channel.kind !== 'stim') ?? channelsAtStart.current[0];
    const engine = new Timeline(host.current, {
      durationS,
      channels: channelsAtStart.current,
      view: { tminS: start ?? 0, tmaxS: (start ?? 0) + length },
      loadSignal,
      loadSpectrogram,
      onView,
      onReadout: setReadout,
      onSelect: (channel) => changeRef.current({ ch: channel }),
      onSeek: (timeS) => seekRef.current(timeS),
      onError: setError,
    });
    const overview = new Strip(stripHost.current, { durationS, channel: first?.index ?? 0, loadSignal, onView: (next) => engine.setView(next) });
    timeline.current = engine;
    strip.current = overview;
    overview.setView(engine.view);
    setView(engine.view);
    return () => {
      clearTimeout(timer);
      engine.destroy();
      overview.destroy();
      timeline.current = undefined;
    };
  }, [recording.id, durationS, isAudio]);

  useEffect(() => timeline.current?.setChannels(channels), [channels]);
  useEffect(() => timeline.current?.setMarks(marks), [marks]);
  useEffect(() => timeline.current?.setSpectrogram(spectrogram), [spectrogram]);
  useEffect(() => timeline.current?.setSelected(selected), [selected]);
  useEffect(() => {
    if (audio) timeline.current?.setMusic(audio.segments.map((s) => ({ tminS: s.tmin_s, tmaxS: s.tmax_s, label: s.label })), audio.beats_s);
  }, [audio]);
  useEffect(() => {
    strip.current?.setMarks([
      ...marks.map((mark) => ({ ...mark, isFinding: false })),
      ...findings.flatMap((f) => (f.tmin_s === undefined || f.tmin_s === null ? [] : [{ tminS: f.tmin_s, tmaxS: f.tmax_s ?? f.tmin_s, isFinding: true }])),
    ]);
  }, [marks, findings]);
  useEffect(() => {
    if (isAudio) timeline.current?.setPlayhead(player.timeS, player.isPlaying);
  }, [isAudio, player.timeS, player.isPlaying]);

  const from = finite(query.get('from'));
  const to = finite(query.get('to'));
  useEffect(() => {
    const isMarked = from !== undefined || selected !== undefined;
    timeline.current?.showEvidence(isMarked ? { tminS: from ?? 0, tmaxS: to ?? from ?? durationS, channel: selected } : undefined);
  }, [from, to, selected, durationS]);

  const jump = useCallback(
    (direction: 1 | -1) => {
      const mark = timeline.current?.jumpMark(direction);
      setSaid(mark ? `${clock(mark.tminS, 0.01)} ${mark.text}` : t('signal-no-more-events'));
    },
    [t],
  );
  const clear = () => change({ from: undefined, to: undefined, ch: undefined, at: undefined });

  useCommands([
    { id: 'pan-left', label: 'timeline-pan-left', group: 'timeline', keys: 'ArrowLeft', hidden: true, run: () => timeline.current?.pan(-0.2) },
    { id: 'pan-right', label: 'timeline-pan-right', group: 'timeline', keys: 'ArrowRight', hidden: true, run: () => timeline.current?.pan(0.2) },
    { id: 'window-shorter', label: 'timeline-window-shorter', group: 'timeline', keys: 'shift+ArrowLeft', hidden: true, run: () => timeline.current?.zoom(0.5) },
    { id: 'window-longer', label: 'timeline-window-longer', group: 'timeline', keys: 'shift+ArrowRight', hidden: true, run: () => timeline.current?.zoom(2) },
    { id: 'lanes-up', label: 'timeline-lanes-up', group: 'timeline', keys: 'shift+ArrowUp', hidden: true, run: () => timeline.current?.scrollLanes(-4) },
    { id: 'lanes-down', label: 'timeline-lanes-down', group: 'timeline', keys: 'shift+ArrowDown', hidden: true, run: () => timeline.current?.scrollLanes(4) },
    { id: 'gain-up', label: 'timeline-gain-up', group: 'timeline', keys: ['+', '='], hidden: true, run: () => timeline.current?.amplify(1.25) },
    { id: 'gain-down', label: 'timeline-gain-down', group: 'timeline', keys: '-', hidden: true, run: () => timeline.current?.amplify(0.8) },
    { id: 'event-before', label: 'timeline-event-before', group: 'timeline', keys: '[', hidden: true, run: () => jump(-1) },
    { id: 'event-after', label: 'timeline-event-after', group: 'timeline', keys: ']', hidden: true, run: () => jump(1) },
    { id: 'fit', label: 'timeline-fit', group: 'timeline', keys: 'f', run: () => timeline.current?.fit() },
    { id: 'spectrogram', label: 'timeline-spectrogram', group: 'timeline', keys: 's', run: () => setSpectrogram((shown) => !shown) },
    { id: 'table', label: 'timeline-table', group: 'timeline', keys: 't', run: () => setTable((shown) => !shown) },
    { id: 'clear', label: 'timeline-clear', group: 'timeline', keys: 'Escape', hidden: true, run: clear },
    ...(isAudio ? [{ id: 'play', label: 'player-toggle', group: 'player' as const, keys: 'Space', run: player.toggle }] : []),
  ]);

  const span = view ? view.tmaxS - view.tminS : 0;
  const summary = view
    ? t('signal-summary', {
        channels: channels.length,
        bad: channels.filter((channel) => channel.isBad).length,
        from: clock(view.tminS, span / 100),
        to: clock(view.tmaxS, span / 100),
        events: marks.filter((mark) => mark.tmaxS >= view.tminS && mark.tminS <= view.tmaxS).length,
      })
    : '';

  return (
    <div className="grid min-h-0 flex-1 xl:grid-cols-[minmax(0,1fr)_320px]">
      <section className="flex min-w-0 flex-col" aria-label={t('tab-signal')}>
        <div className="flex min-h-11 flex-wrap items-center gap-0.5 border-b border-line px-2 sm:px-4">
          <Tool icon="zoomin" text={t('timeline-window-shorter')} keys="⇧←" run={() => timeline.current?.zoom(0.5)} />
          <Tool icon="zoomout" text={t('timeline-window-longer')} keys="⇧→" run={() => timeline.current?.zoom(2)} />
          <Tool icon="fit" text={t('timeline-fit')} keys="F" run={() => timeline.current?.fit()} />
          <i className="mx-1.5 h-5 w-px bg-line" />
          <Tool icon="minus" text={t('timeline-gain-down')} keys="-" run={() => timeline.current?.amplify(0.8)} />
          <Tool icon="plus" text={t('timeline-gain-up')} keys="+" run={() => timeline.current?.amplify(1.25)} />
          <i className="mx-1.5 h-5 w-px bg-line" />
          {marks.length > 0 && (
            <>
              <Tool icon="back" text={t('timeline-event-before')} keys="[" run={() => jump(-1)} />
              <Tool icon="next" text={t('timeline-event-after')} keys="]" run={() => jump(1)} />
            </>
          )}
          <Tool icon="sound" text={t('timeline-spectrogram')} keys="S" pressed={spectrogram} run={() => setSpectrogram(!spectrogram)} />
          <Tool icon="table" text={t('timeline-table')} keys="T" pressed={table} run={() => setTable(!table)} />
          <p className="num ml-auto flex min-w-0 gap-3 truncate pl-2 text-sm text-ink-2" data-testid="readout">
            {readout ? (
              <>
                <span className="text-ink">{clock(readout.timeS, Math.max(0.001, span / 1000))}</span>
                {readout.channel && <span className="truncate">{readout.channel}</span>}
                {readout.value && <span className="truncate">{readout.value}</span>}
              </>
            ) : (
              view && (
                <span>
                  {clock(view.tminS, span / 100)} – {clock(view.tmaxS, span / 100)}
                </span>
              )
            )}
          </p>
        </div>
        {error !== undefined && (
          <Failure
            error={error}
            title={t('signal-failed')}
            onRetry={() => {
              setError(undefined);
              timeline.current?.setView({ ...timeline.current.view });
            }}
          />
        )}
        <div
          ref={host}
          role="application"
          tabIndex={0}
          aria-label={t('signal-label', { title: recording.title })}
          aria-describedby="signal-summary"
          data-testid="timeline"
          className={`relative w-full flex-1 cursor-crosshair touch-pan-y bg-raised -outline-offset-2 select-none ${isAudio ? 'min-h-72' : 'min-h-96'} md:max-xl:h-[56dvh] xl:h-[calc(100dvh-290px)]`}
        />
        <div ref={stripHost} className="relative h-12 shrink-0 cursor-ew-resize touch-none border-t border-line" data-testid="strip" />
        <p id="signal-summary" className="sr-only">
          {summary}
        </p>
        <p role="status" className="sr-only">
          {said}
        </p>
        {isAudio && (
          <div className="flex items-center border-t border-line px-4 py-2.5">
            <AudioPlayer player={player} src={`/v1/recordings/${recording.id}/content`} title={recording.title} />
          </div>
        )}
        {table && view && timeline.current && (
          <div className="max-h-80 overflow-y-auto border-t border-line">
            <Table
              caption={t('signal-table-caption', { from: clock(view.tminS, span / 100), to: clock(view.tmaxS, span / 100) })}
              rows={timeline.current.extremes()}
              rowKey={(row) => String(row.channel.index)}
              columns={[
                { key: 'name', head: t('column-channel'), cell: (row) => row.channel.name },
                { key: 'kind', head: t('column-kind'), cell: (row) => row.channel.kind },
                { key: 'rate', head: t('column-rate'), numeric: true, cell: (row) => `${number(row.channel.rateHz, lang)} Hz` },
                { key: 'min', head: t('column-min'), numeric: true, cell: (row) => valueText(row.min, row.channel.unit, 4) },
                { key: 'max', head: t('column-max'), numeric: true, cell: (row) => valueText(row.max, row.channel.unit, 4) },
                { key: 'quality', head: t('column-quality'), cell: (row) => (row.channel.isBad ? t('quality-bad') : t('quality-good')) },
              ]}
            />
          </div>
        )}
      </section>
      <aside aria-label={t('tab-findings')} className="border-line max-xl:border-t xl:h-[calc(100dvh-188px)] xl:overflow-y-auto xl:border-l">
        <h2 className="eyebrow px-4 pt-3 pb-1.5">{t('tab-findings')}</h2>
        {findings.length === 0 ? (
          <p className="px-4 pb-4 text-ink-2">{t('findings-none-title')}</p>
        ) : (
          <ul>
            {findings.map((finding, i) => (
              <li key={i}>
                <FindingItem finding={finding} current={query.get('at') === String(i)} onShow={onShow} />
              </li>
            ))}
          </ul>
        )}
      </aside>
    </div>
  );
}

function lanes(recording: Recording, eeg: EegOverview | undefined): LaneChannel[] {
  const bads = new Set(eeg?.channels.filter((channel) => !channel.quality.good).map((channel) => channel.name));
  return recording.channels.map((channel, index) => ({
    index,
    name: channel.name,
    kind: recording.kind === 'audio' ? 'audio' : channel.kind,
    unit: channel.unit,
    rateHz: channel.rate_hz,
    isBad: bads.has(channel.name),
  }));
}

interface ToolProps {
  icon: Parameters<typeof IconButton>[0]['icon'];
  text: string;
  keys: string;
  pressed?: boolean;
  run(): void;
}

function Tool({ icon, text, keys, pressed, run }: ToolProps) {
  return (
    <Tooltip text={text} keys={keys}>
      <IconButton icon={icon} label={text} title="" aria-pressed={pressed} onClick={run} />
    </Tooltip>
  );
}
