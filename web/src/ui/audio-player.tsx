'use client';
import { useEffect, useRef } from 'react';
import { useText } from '@/i18n/text';
import { clock } from '@/plots/view';
import { setPreference, usePreference } from '@/shell/preferences';
import { buttonClass } from './button';
import { Icon } from './icon';
import type { Player } from './use-player';

const FIRST_VOLUME = 0.25;

/** Play, seek, volume. The `<audio>` itself has no controls: these are the ones of the app. */
export function AudioPlayer({ player, src, title, compact }: { player: Player; src: string; title: string; compact?: boolean }) {
  const t = useText();
  const stored = Number(usePreference('volume') ?? FIRST_VOLUME);
  const volume = Number.isFinite(stored) ? stored : FIRST_VOLUME;
  const { element } = player;
  const bind = useRef(player.bind);
  useEffect(() => {
    if (element) element.volume = volume;
  }, [element, volume]);
  return (
    <div className="flex min-w-0 flex-1 items-center gap-3">
      <audio ref={bind.current} src={src} preload="metadata" title={title} />
      <button
        type="button"
        aria-label={player.isPlaying ? t('player-pause', { title }) : t('player-play', { title })}
        onClick={player.toggle}
        disabled={player.isBroken}
        className={`${buttonClass('primary', true)} rounded-full!`}
      >
        <Icon name={player.isPlaying ? 'pause' : 'play'} />
      </button>
      <span className="num shrink-0 text-sm whitespace-nowrap text-ink-2 max-sm:hidden">
        {clock(player.timeS)} / {clock(player.durationS)}
      </span>
      <input
        type="range"
        aria-label={t('player-seek', { title })}
        aria-valuetext={`${clock(player.timeS)} / ${clock(player.durationS)}`}
        min={0}
        max={player.durationS || 1}
        step={0.01}
        value={Math.min(player.timeS, player.durationS || 1)}
        onChange={(event) => player.seek(Number(event.target.value))}
        className="h-6 min-w-16 flex-1 accent-(--accent)"
      />
      {!compact && (
        <label className="flex items-center gap-2 text-ink-2 max-sm:hidden">
          <Icon name="sound" />
          <span className="sr-only">{t('player-volume')}</span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={volume}
            onChange={(event) => setPreference('volume', event.target.value)}
            className="h-6 w-20 accent-(--accent)"
          />
        </label>
      )}
      {player.isBroken && <span className="text-sm text-bad">{t('player-broken')}</span>}
    </div>
  );
}
