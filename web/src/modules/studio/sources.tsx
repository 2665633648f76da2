'use client';
import { useQuery as useFetched } from '@tanstack/react-query';
import { useState } from 'react';
import { json } from '@/api/client';
import { keys, useResult } from '@/api/queries';
import type { AudioOverview, EegOverview } from '@/api/results';
import type { Page, Recording } from '@/api/types';
import { useText } from '@/i18n/text';
import { Select } from '@/ui/field';

export interface SourceState {
  brains: readonly Recording[];
  sounds: readonly Recording[];
  brain: Recording | undefined;
  sound: Recording | undefined;
  eeg: EegOverview | undefined;
  audio: AudioOverview | undefined;
  /** Finished overviews the track is made from. */
  jobIds: string[];
  /** The recording the track is listed under. */
  recordingId: string | undefined;
  chooseBrain(id: string): void;
  chooseSound(id: string): void;
}

const NONE = '-';

/** Recordings with a finished overview, and which of them is chosen: the given one first. */
export function useSources(given: Recording | undefined): SourceState {
  const list = useFetched({
    queryKey: [...keys.recordings(''), 'studio'],
    queryFn: ({ signal }) => json<Page<Recording>>('/v1/recordings', { query: { limit: 100 }, signal }),
  });
  const [chosenBrain, chooseBrain] = useState<string>();
  const [chosenSound, chooseSound] = useState<string>();
  const others = list.data?.data.filter((recording) => recording.id !== given?.id) ?? [];
  const all = given ? [given, ...others] : others;
  const brains = all.filter((recording) => recording.results['eeg.overview']);
  const sounds = all.filter((recording) => recording.results['audio.overview']);
  const pick = (from: readonly Recording[], chosen: string | undefined, kind: string) =>
    from.find((recording) => recording.id === (chosen ?? (given?.kind === kind ? given.id : undefined)));
  const brain = pick(brains, chosenBrain, 'eeg');
  const sound = pick(sounds, chosenSound, 'audio');
  const eegJob = brain?.results['eeg.overview'];
  const audioJob = sound?.results['audio.overview'];
  const eeg = useResult<EegOverview>(eegJob);
  const audio = useResult<AudioOverview>(audioJob);
  return {
    brains,
    sounds,
    brain,
    sound,
    eeg: eeg.data?.output,
    audio: audio.data?.output,
    jobIds: [eegJob, audioJob].filter((id): id is string => id !== undefined),
    recordingId: (given && (given.id === brain?.id || given.id === sound?.id) ? given : (brain ?? sound))?.id,
    chooseBrain,
    chooseSound,
  };
}

export function Sources({ sources }: { sources: SourceState }) {
  const t = useText();
  const options = (list: readonly Recording[], none: string) =>
    [[NONE, none], ...list.map((recording) => [recording.id, recording.title] as const)] as const;
  return (
    <section aria-labelledby="sources-title">
      <h2 id="sources-title" className="mb-3 text-lg font-semibold">
        {t('studio-sources')}
      </h2>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t('studio-brain')}
          hint={t('studio-brain-hint')}
          value={sources.brain?.id ?? NONE}
          options={options(sources.brains, t('studio-source-none'))}
          onChange={(event) => sources.chooseBrain(event.target.value)}
        />
        <Select
          label={t('studio-sound')}
          hint={t('studio-sound-hint')}
          value={sources.sound?.id ?? NONE}
          options={options(sources.sounds, t('studio-source-none'))}
          onChange={(event) => sources.chooseSound(event.target.value)}
        />
      </div>
    </section>
  );
}
