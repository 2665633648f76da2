'use client';
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';
import { LocalizationProvider, ReactLocalization, useLocalization } from '@fluent/react';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { setPreference, usePreference } from '@/shell/preferences';
import { ENGLISH, MESSAGE_URLS } from './messages.gen';

export const LANGUAGES = [
  ['en', 'English'],
  ['sq', 'Shqip'],
  ['tr', 'Türkçe'],
  ['it', 'Italiano'],
  ['es', 'Español'],
  ['de', 'Deutsch'],
  ['fr', 'Français'],
] as const;

function bundleOf(lang: string, source: string): FluentBundle {
  const bundle = new FluentBundle(lang, { useIsolating: false });
  bundle.addResource(new FluentResource(source));
  return bundle;
}

const english = bundleOf('en', ENGLISH);

/** The reader's choice, else the first language of the browser that we speak. */
function negotiate(chosen: string | undefined): string {
  const wanted = chosen ? [chosen] : typeof navigator === 'undefined' ? [] : navigator.languages;
  for (const tag of wanted) {
    const primary = tag.split('-')[0] ?? '';
    if (primary in MESSAGE_URLS) return primary;
  }
  return 'en';
}

/** Messages for everything below: English at once, the chosen language when its file is there. */
export function TextProvider({ children }: { children: ReactNode }) {
  const chosen = usePreference('lang');
  const [bundle, setBundle] = useState(english);

  useEffect(() => {
    const lang = negotiate(chosen);
    let stale = false;
    const use = (next: FluentBundle) => {
      if (stale) return;
      document.documentElement.lang = lang;
      setBundle(next);
    };
    if (lang === 'en') use(english);
    else {
      fetch(MESSAGE_URLS[lang] ?? '')
        .then((response) => (response.ok ? response.text() : Promise.reject(new Error(response.statusText))))
        .then((source) => use(bundleOf(lang, source)))
        .catch(() => use(english));
    }
    return () => {
      stale = true;
    };
  }, [chosen]);

  // Without the null the pre-render looks for `document` and dies.
  const l10n = useMemo(
    () =>
      new ReactLocalization(
        bundle === english ? [english] : [bundle, english],
        typeof document === 'undefined' ? null : undefined,
      ),
    [bundle],
  );
  return <LocalizationProvider l10n={l10n}>{children}</LocalizationProvider>;
}

export type Translate = (id: string, args?: Record<string, FluentVariable>) => string;

/** `t('library-title')`: the message in the reader's language. */
export function useText(): Translate {
  const { l10n } = useLocalization();
  return useCallback((id, args) => l10n.getString(id, args), [l10n]);
}

/** As `useText`, for ids that the server sends: what no language knows is the given fallback. */
export function useTextOr(): (id: string, args: Record<string, FluentVariable>, fallback: string) => string {
  const { l10n } = useLocalization();
  return useCallback((id, args, fallback) => (l10n.getBundle(id) ? l10n.getString(id, args) : fallback), [l10n]);
}

/** The tag numbers and dates are formatted with: the language of the text around them. */
export function useLang(): string {
  const { l10n } = useLocalization();
  for (const bundle of l10n.bundles) return bundle.locales[0] ?? 'en';
  return 'en';
}

export function chooseLanguage(lang: string) {
  setPreference('lang', lang);
}
