// Colours of the page for a canvas, which knows no CSS variables.

export interface Ink {
  surface: string;
  raised: string;
  sunken: string;
  line: string;
  ink: string;
  ink2: string;
  accent: string;
  warn: string;
  bad: string;
  kinds: Record<string, string>;
  sans: string;
  mono: string;
}

export function readInk(element: Element): Ink {
  const style = getComputedStyle(element);
  const v = (name: string) => style.getPropertyValue(name).trim();
  return {
    surface: v('--surface'),
    raised: v('--raised'),
    sunken: v('--sunken'),
    line: v('--line'),
    ink: v('--ink'),
    ink2: v('--ink-2'),
    accent: v('--accent'),
    warn: v('--warn'),
    bad: v('--bad'),
    kinds: { eog: v('--theta'), ecg: v('--gamma'), emg: v('--beta'), resp: v('--alpha'), stim: v('--ink-2'), audio: v('--accent') },
    sans: style.fontFamily || 'sans-serif',
    mono: '"IBM Plex Mono", ui-monospace, monospace',
  };
}
