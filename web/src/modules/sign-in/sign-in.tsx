'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { json, Problem } from '@/api/client';
import { keys } from '@/api/queries';
import type { Session } from '@/api/types';
import { chooseLanguage, LANGUAGES, useLang, useText } from '@/i18n/text';
import { useMounted, useNavigate, useQuery } from '@/nav';
import { Mark } from '@/shell/frame';
import { Button, Spinner } from '@/ui/button';
import { Field } from '@/ui/field';

/** Where to go afterwards: a path of this app, never another site. */
function destination(to: string | null): string {
  return to && /^\/(?![/\\])/.test(to) ? to : '/';
}

/** A link from the server's start-up carries a token in the fragment; else email and password. */
export function SignIn() {
  const t = useText();
  const lang = useLang();
  const client = useQueryClient();
  const navigate = useNavigate();
  const mounted = useMounted();
  const [query] = useQuery();
  const [exchanging, setExchanging] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const exchanged = useRef(false);

  const enter = (session: Session) => {
    client.setQueryData(keys.session, session);
    navigate(destination(query.get('to')), { replace: true });
  };
  const begin = (body: object) =>
    json<Session>('/v1/session', { method: 'POST', body })
      .then(enter)
      .catch((error: unknown) => setProblem(error instanceof Problem ? error : undefined));

  useEffect(() => {
    const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
    if (!token || exchanged.current) return;
    exchanged.current = true;
    // The token leaves the address bar and the history before anything else happens.
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    setExchanging(true);
    void begin({ token }).finally(() => setExchanging(false));
    // Once per page load, on purpose.
  }, []);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setProblem(undefined);
    setSending(true);
    void begin({ email: form.get('email'), password: form.get('password') }).finally(() => setSending(false));
  };

  return (
    <div className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-8 flex items-center gap-3">
          <Mark />
          <span className="text-xl font-semibold tracking-tight">Clisonix</span>
        </div>
        <h1 className="text-2xl font-semibold tracking-tight">{t('sign-in-title')}</h1>
        {exchanging ? (
          <p role="status" className="mt-6 flex items-center gap-3 text-ink-2">
            <Spinner />
            {t('sign-in-exchanging')}
          </p>
        ) : (
          <>
            <p className="mt-2 text-ink-2">{t('sign-in-hint')}</p>
            {problem && (
              <p role="alert" className="mt-5 rounded-md border border-bad/60 bg-raised px-3.5 py-2.5 text-bad">
                {problem.code === 'offline' ? t('problem-offline') : (problem.document.detail ?? problem.document.title)}
              </p>
            )}
            <form onSubmit={submit} className="mt-6 flex flex-col gap-4">
              <Field label={t('sign-in-email')} name="email" type="email" autoComplete="username" required autoFocus />
              <Field label={t('sign-in-password')} name="password" type="password" autoComplete="current-password" required />
              <Button kind="primary" type="submit" busy={sending || !mounted} className="mt-2">
                {t('sign-in-action')}
              </Button>
            </form>
          </>
        )}
        <div className="mt-10 flex flex-wrap gap-x-1 border-t border-line pt-4" role="group" aria-label={t('settings-language')}>
          {LANGUAGES.map(([code, name]) => (
            <button
              key={code}
              type="button"
              lang={code}
              aria-pressed={code === lang}
              onClick={() => chooseLanguage(code)}
              className="min-h-8 rounded-sm px-1.5 text-sm text-ink-2 hover:text-ink aria-pressed:font-semibold aria-pressed:text-ink"
            >
              {name}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}
