'use client';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { Problem, request } from '@/api/client';
import { keys, useSession } from '@/api/queries';
import { chooseLanguage, LANGUAGES, TextProvider, useLang, useText } from '@/i18n/text';
import { Link, useIsAt, useNavigate, usePath } from '@/nav';
import { buttonClass, IconButton } from '@/ui/button';
import { Icon } from '@/ui/icon';
import { Menu, MenuChoice, MenuItem, MenuLine } from '@/ui/menu';
import { Failure } from '@/ui/states';
import { Toasts } from '@/ui/toast';
import { TooltipProvider } from '@/ui/tooltip';
import { Commands, Keys } from './commands';
import { DropZone } from './drop-zone';
import { JobsTray } from './jobs-tray';
import { Live } from './live';
import { PLACES } from './places';
import { applyTheme, setPreference, usePreference, useTheme } from './preferences';

function newClient(): QueryClient {
  // A session that ended elsewhere shows in whatever is asked next.
  const queryCache = new QueryCache({
    onError: (error) => {
      if (error instanceof Problem && error.status === 401) client.setQueryData(keys.session, null);
    },
  });
  const client = new QueryClient({
    queryCache,
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // A refusal stays one; only a missing answer is worth asking again.
        retry: (failures, error) => failures < 2 && (!(error instanceof Problem) || error.status === 0 || error.status >= 502),
      },
    },
  });
  return client;
}

/** Providers, rail, top bar. Everything a page needs around it. */
export function Frame({ children }: { children: ReactNode }) {
  const [client] = useState(newClient);
  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', applyTheme);
    return () => system.removeEventListener('change', applyTheme);
  }, []);
  return (
    <QueryClientProvider client={client}>
      <TextProvider>
        <TooltipProvider delayDuration={400}>
          <Gate>{children}</Gate>
          <Toasts />
        </TooltipProvider>
      </TextProvider>
    </QueryClientProvider>
  );
}

/** Signed in: the app. Not signed in: the way to sign in, and back afterwards. */
function Gate({ children }: { children: ReactNode }) {
  const path = usePath();
  const navigate = useNavigate();
  const isSignIn = useIsAt('/sign-in');
  // The sign-in page does not ask: the answer would be a refusal, and browsers log those as errors.
  const session = useSession(path !== '' && !isSignIn);
  const signedOut = session.data === null;
  useEffect(() => {
    if (!signedOut || path === '' || isSignIn) return;
    const to = window.location.pathname + window.location.search;
    navigate(to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`, { replace: true });
  }, [signedOut, path, isSignIn, navigate]);

  if (isSignIn) return <main>{children}</main>;
  return (
    <Shell live={Boolean(session.data)}>
      {session.error ? <Failure error={session.error} onRetry={() => void session.refetch()} /> : children}
    </Shell>
  );
}

function Shell({ live, children }: { live: boolean; children: ReactNode }) {
  const t = useText();
  const path = usePath();
  const [palette, setPalette] = useState(false);
  return (
    <div className="flex min-h-dvh flex-col md:grid md:grid-cols-[56px_minmax(0,1fr)] xl:grid-cols-[200px_minmax(0,1fr)]">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60 focus:rounded-md focus:bg-raised focus:px-4 focus:py-2">
        {t('shell-skip')}
      </a>
      <Rail path={path} />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 flex h-12 items-center gap-1 border-b border-line bg-surface px-3 sm:px-6">
          <Link href="/" className="mr-1 flex items-center gap-2 rounded-sm md:hidden" aria-label="Clisonix">
            <Mark />
          </Link>
          <button
            type="button"
            onClick={() => setPalette(true)}
            className="flex h-9 w-full max-w-sm min-w-0 items-center gap-2.5 rounded-md border border-line bg-raised px-3 text-ink-2 hover:border-control pointer-coarse:h-11"
          >
            <Icon name="search" />
            <span className="truncate">{t('shell-search')}</span>
            <span className="ml-auto hidden sm:block">
              <Keys keys="mod+k" />
            </span>
          </button>
          <div className="ml-auto flex items-center">
            {live && <JobsTray />}
            <LanguageMenu />
            <ThemeButton />
            <AccountMenu />
          </div>
        </header>
        {live && <Live />}
        <main id="main" tabIndex={-1} className="flex min-w-0 flex-1 flex-col pb-16 outline-none md:pb-0">
          {children}
        </main>
      </div>
      <Commands paletteOpen={palette} onPalette={setPalette} />
      {live && <DropZone />}
    </div>
  );
}

export function Mark() {
  return (
    <svg aria-hidden="true" width="26" height="26" viewBox="0 0 32 32">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path d="M4 17h5c2 0 2-8 4-8s2 15 4.5 15S20 12 22 12s2 5 4 5h2" fill="none" stroke="var(--on-accent)" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

function Rail({ path }: { path: string }) {
  const t = useText();
  return (
    <nav
      aria-label={t('shell-nav')}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface md:sticky md:top-0 md:h-dvh md:border-t-0 md:border-r"
    >
      <Link href="/" aria-label="Clisonix" className="hidden h-12 items-center gap-2.5 px-[15px] text-lg font-semibold tracking-tight md:flex">
        <Mark />
        <span className="hidden xl:block">Clisonix</span>
      </Link>
      <ul className="flex justify-around md:flex-col md:gap-0.5 md:px-2 md:pt-2">
        {PLACES.map((place) => {
          const active = place.href === '/' ? path === '/' || path.startsWith('/recordings') : path.startsWith(place.href);
          return (
            <li key={place.id} className="flex-1">
              <Link
                href={place.href}
                aria-current={active ? 'page' : undefined}
                title={t(place.label)}
                className={`flex h-14 flex-col items-center justify-center gap-0.5 rounded-md text-xs md:h-10 md:flex-row md:justify-start md:gap-3 md:px-[11px] md:text-base ${active ? 'font-semibold text-accent md:bg-line/45 md:text-ink' : 'text-ink-2 hover:bg-line/30 hover:text-ink'}`}
              >
                <Icon name={place.icon} />
                <span className="md:sr-only xl:not-sr-only">{t(place.label)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function LanguageMenu() {
  const t = useText();
  const lang = useLang();
  return (
    <Menu
      trigger={
        <button type="button" className={`${buttonClass('quiet')} px-2! max-sm:hidden`} aria-label={`${t('settings-language')}: ${lang}`} title={t('settings-language')}>
          <Icon name="globe" />
          <span className="text-sm uppercase">{lang}</span>
        </button>
      }
    >
      <MenuChoice label={t('settings-language')} value={lang} options={LANGUAGES} onChange={chooseLanguage} />
    </Menu>
  );
}

function ThemeButton() {
  const t = useText();
  const theme = useTheme();
  return (
    <IconButton
      icon={theme === 'dark' ? 'sun' : 'moon'}
      label={theme === 'dark' ? t('theme-to-light') : t('theme-to-dark')}
      onClick={() => setPreference('theme', theme === 'dark' ? 'light' : 'dark')}
    />
  );
}

function AccountMenu() {
  const t = useText();
  const session = useSession(false);
  const navigate = useNavigate();
  const keysOff = usePreference('keys') === 'off';
  const who = session.data;
  if (!who) return null;
  return (
    <Menu trigger={<IconButton icon="user" label={t('shell-account')} />}>
      <div className="max-w-64 px-2.5 py-2">
        <p className="truncate font-medium">{who.user?.email ?? who.org.name}</p>
        <p className="truncate text-sm text-ink-2">
          {who.org.name} · {t(`role-${who.role}`)}
        </p>
      </div>
      <MenuLine />
      <MenuItem icon="settings" onSelect={() => navigate('/settings')}>
        {t('nav-settings')}
      </MenuItem>
      <MenuItem icon="keyboard" onSelect={() => setPreference('keys', keysOff ? undefined : 'off')}>
        {keysOff ? t('settings-keys-turn-on') : t('settings-keys-turn-off')}
      </MenuItem>
      <MenuItem icon="logout" onSelect={() => void signOut()}>
        {t('sign-out')}
      </MenuItem>
    </Menu>
  );
}

async function signOut() {
  await request('/v1/session', { method: 'DELETE' });
  // A full load: nothing of the session stays in memory.
  window.location.assign('/sign-in');
}
