'use client';
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Player {
  element: HTMLAudioElement | null;
  timeS: number;
  durationS: number;
  isPlaying: boolean;
  isBroken: boolean;
  toggle(): void;
  seek(timeS: number): void;
  /** The `ref` of the audio element. */
  bind(element: HTMLAudioElement | null): void;
}

/** An audio element with its clock at the rate of the screen. */
export function usePlayer(): Player {
  const ref = useRef<HTMLAudioElement | null>(null);
  const [element, setElement] = useState<HTMLAudioElement | null>(null);
  const [timeS, setTimeS] = useState(0);
  const [durationS, setDurationS] = useState(0);
  const [isPlaying, setIsPlaying] = useState(false);
  const [isBroken, setIsBroken] = useState(false);

  const bind = useCallback((next: HTMLAudioElement | null) => {
    ref.current = next;
    setElement(next);
  }, []);

  useEffect(() => {
    if (!element) return;
    let frame = 0;
    const tick = () => {
      setTimeS(element.currentTime);
      if (!element.paused) frame = requestAnimationFrame(tick);
    };
    const onState = () => {
      setIsPlaying(!element.paused);
      cancelAnimationFrame(frame);
      tick();
    };
    const onDuration = () => {
      setIsBroken(false);
      if (Number.isFinite(element.duration)) setDurationS(element.duration);
    };
    const onBreak = () => setIsBroken(true);
    const events = ['play', 'pause', 'seeked', 'ended'] as const;
    for (const event of events) element.addEventListener(event, onState);
    element.addEventListener('durationchange', onDuration);
    element.addEventListener('error', onBreak);
    return () => {
      cancelAnimationFrame(frame);
      for (const event of events) element.removeEventListener(event, onState);
      element.removeEventListener('durationchange', onDuration);
      element.removeEventListener('error', onBreak);
    };
  }, [element]);

  const toggle = useCallback(() => {
    const audio = ref.current;
    if (!audio) return;
    if (audio.paused) audio.play().catch(() => setIsBroken(true));
    else audio.pause();
  }, []);
  const seek = useCallback((to: number) => {
    if (!ref.current) return;
    ref.current.currentTime = to;
    setTimeS(to);
  }, []);
  return { element, timeS, durationS, isPlaying, isBroken, toggle, seek, bind };
}
