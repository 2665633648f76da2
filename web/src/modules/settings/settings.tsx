'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Problem, request } from '@/api/client';
import { keys, useSession } from '@/api/queries';
import type { SetPassword } from '@/api/types';
import { chooseLanguage, LANGUAGES, useLang, useText } from '@/i18n/text';
import { useMounted } from '@/nav';
import { setPreference, usePreference } from '@/shell/preferences';
import { Button } from '@/ui/button';
import { Choice, Field, Select } from '@/ui/field';
import { Failure } from '@/ui/states';
import { toast } from '@/ui/toast';
import { ApiKeys } from './api-keys';

export function Settings() {
  const t = useText();
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-6 sm:px-6 sm:py-8">
      <h1 className="text-2xl font-semibold tracking-tight">{t('nav-settings')}</h1>
      <Appearance />
      <Password />
      <Section title={t('settings-keys-api')} hint={t('settings-keys-api-hint')}>
        <ApiKeys />
      </Section>
      <p className="mt-8 text-sm text-ink-2">{t('not-a-medical-device')}</p>
    </div>
  );
}

function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="mt-8 border-t border-line pt-6" aria-label={title}>
      <h2 className="text-lg font-semibold">{title}</h2>
      {hint && <p className="mt-0.5 text-ink-2">{hint}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}

function Appearance() {
  const t = useText();
  const lang = useLang();
  const mounted = useMounted();
  const theme = usePreference('theme') ?? 'system';
  const keys = usePreference('keys') ?? 'on';
  return (
    <Section title={t('settings-appearance')}>
      <div className="flex flex-col gap-5">
        <div className="max-w-xs">
          <Select label={t('settings-language')} value={lang} options={LANGUAGES} onChange={(event) => chooseLanguage(event.target.value)} />
        </div>
        <Choice
          legend={t('settings-theme')}
          value={mounted ? theme : 'system'}
          onChange={(value) => setPreference('theme', value === 'system' ? undefined : value)}
          options={[
            { value: 'system', label: t('theme-system') },
            { value: 'light', label: t('theme-light') },
            { value: 'dark', label: t('theme-dark') },
          ]}
        />
        <Choice
          legend={t('settings-keyboard')}
          hint={t('settings-keyboard-hint')}
          value={mounted ? keys : 'on'}
          onChange={(value) => setPreference('keys', value === 'on' ? undefined : value)}
          options={[
            { value: 'on', label: t('settings-on') },
            { value: 'off', label: t('settings-off') },
          ]}
        />
      </div>
    </Section>
  );
}

const MIN_PASSWORD = 10;

function Password() {
  const t = useText();
  const session = useSession();
  const client = useQueryClient();
  const [short, setShort] = useState(false);
  const save = useMutation({
    mutationFn: (body: SetPassword) => request('/v1/session/password', { method: 'PUT', body }),
    onSuccess: () => {
      toast(t('settings-password-saved'), { tone: 'ok' });
      void client.invalidateQueries({ queryKey: keys.session });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const password = String(fields.get('password'));
    const current = fields.get('current_password');
    setShort(password.length < MIN_PASSWORD);
    if (password.length < MIN_PASSWORD) return;
    save.mutate(
      { password, current_password: current === null ? undefined : String(current) },
      { onSuccess: () => form.reset() },
    );
  };
  const wrong = save.error instanceof Problem && save.error.isAbout('/current_password');
  return (
    <Section title={t('settings-password')} hint={t('settings-password-hint')}>
      <form onSubmit={submit} className="flex max-w-md flex-col gap-4">
        <input type="email" name="username" autoComplete="username" value={session.data?.user?.email ?? ''} readOnly hidden />
        {session.data?.has_password && (
          <Field
            label={t('settings-password-current')}
            name="current_password"
            type="password"
            autoComplete="current-password"
            required
            error={wrong ? t('settings-password-wrong') : undefined}
          />
        )}
        <Field
          label={t('settings-password-new')}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          hint={t('settings-password-rule', { n: MIN_PASSWORD })}
          error={short ? t('settings-password-rule', { n: MIN_PASSWORD }) : undefined}
        />
        {save.error && !wrong && <Failure error={save.error} />}
        <div>
          <Button type="submit" busy={save.isPending}>
            {t('action-save')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
