'use client';
import { contentOf } from '@/api/queries';
import type { Artifact, Job } from '@/api/types';
import { bytes, dateTime, duration } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { Link } from '@/nav';
import { AudioPlayer } from '@/ui/audio-player';
import { DownloadButton } from '@/ui/button';
import { usePlayer } from '@/ui/use-player';

// What a browser plays, the smallest first: one listens before one downloads.
const PLAYABLE = ['audio/ogg', 'audio/opus', 'audio/mpeg', 'audio/mp4', 'audio/flac', 'audio/x-flac', 'audio/wav', 'audio/x-wav'];

export function soundsOf(job: Job): Artifact[] {
  return job.artifacts.filter((artifact) => artifact.media_type.startsWith('audio/'));
}

function bestToPlay(sounds: readonly Artifact[]): Artifact | undefined {
  const rank = (artifact: Artifact) => {
    const at = PLAYABLE.findIndex((type) => artifact.media_type.startsWith(type));
    return at < 0 ? PLAYABLE.length : at;
  };
  return [...sounds].sort((a, b) => rank(a) - rank(b))[0];
}

const extension = (name: string) => name.split('.').pop()?.toUpperCase() ?? name;

/** A finished track: listen, take with you. */
export function TrackCard({ job }: { job: Job }) {
  const t = useText();
  const lang = useLang();
  const player = usePlayer();
  const sounds = soundsOf(job);
  const best = bestToPlay(sounds);
  const mode = (job.params as { mode?: string } | null)?.mode;
  const title = mode ? t(`studio-mode-${mode}`) : t('analysis-compose');
  return (
    <article className="rounded-lg border border-line bg-raised p-4" data-testid="track">
      <h3 className="flex flex-wrap items-baseline gap-x-3 font-semibold">
        <Link href={`/studio?job=${job.id}`} className="hover:underline">
          {title}
        </Link>
        <span className="text-sm font-normal text-ink-2">
          {[best?.duration_s ? duration(best.duration_s, lang) : undefined, dateTime(job.finished_at ?? job.created_at, lang)].filter(Boolean).join(' · ')}
        </span>
      </h3>
      {best && (
        <div className="mt-3 flex">
          <AudioPlayer player={player} src={contentOf(best)} title={title} />
        </div>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        {sounds.map((sound) => (
          <DownloadButton key={sound.id} href={contentOf(sound)}>
            {extension(sound.name)} <span className="text-sm font-normal text-ink-2">{bytes(sound.size_bytes, lang)}</span>
          </DownloadButton>
        ))}
      </div>
    </article>
  );
}
