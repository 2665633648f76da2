'use client';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { request } from '@/api/client';
import { useSession } from '@/api/queries';
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
  const [short, setShort] = useState(false);
  const save = useMutation({
    mutationFn: (password: string) => request('/v1/session/password', { method: 'PUT', body: { password } }),
    onSuccess: () => toast(t('settings-password-saved'), { tone: 'ok' }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const password = String(new FormData(form).get('password'));
    setShort(password.length < MIN_PASSWORD);
    if (password.length < MIN_PASSWORD) return;
    save.mutate(password, { onSuccess: () => form.reset() });
  };
  return (
    <Section title={t('settings-password')} hint={t('settings-password-hint')}>
      <form onSubmit={submit} className="flex max-w-md flex-col gap-4">
        <input type="email" name="username" autoComplete="username" value={session.data?.user?.email ?? ''} readOnly hidden />
        <Field
          label={t('settings-password-new')}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          hint={t('settings-password-rule', { n: MIN_PASSWORD })}
          error={short ? t('settings-password-rule', { n: MIN_PASSWORD }) : undefined}
        />
        {save.error && <Failure error={save.error} />}
        <div>
          <Button type="submit" busy={save.isPending}>
            {t('action-save')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
