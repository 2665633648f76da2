'use client';
import type { ReactNode } from 'react';
import { Problem } from '@/api/client';
import { useText } from '@/i18n/text';
import { Button } from './button';
import { Icon, type IconName } from './icon';
import { toast } from './toast';

/** What will be here, and one thing to do about it. */
export function Empty({ icon, title, children, action }: { icon: IconName; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <span className="text-control">
        <Icon name={icon} size={40} strokeWidth={1} />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      {children && <p className="max-w-[52ch] text-ink-2">{children}</p>}
      {action && <div className="mt-1 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** What happened, in the server's words, with the id that finds it in the log. */
export function Failure({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const t = useText();
  const problem = error instanceof Problem ? error : undefined;
  const what = problem?.code === 'offline' ? t('problem-offline') : (problem?.document.detail ?? (error instanceof Error ? error.message : undefined));
  const requestId = problem?.document.request_id;
  return (
    <div role="alert" className="m-4 flex gap-3 rounded-lg border border-bad/60 bg-raised p-4 sm:m-6">
      <span className="text-bad">
        <Icon name="problem" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{title ?? problem?.document.title ?? t('problem-title')}</p>
        {what && <p className="mt-0.5 break-words text-ink-2">{what}</p>}
        {problem?.document.violations?.map((violation, i) => (
          <p key={i} className="text-sm text-ink-2">
            <code className="num">{violation.pointer}</code> {violation.detail}
          </p>
        ))}
        <div className="mt-3 flex flex-wrap items-center gap-2">
          {onRetry && (
            <Button icon="retry" onClick={onRetry}>
              {t('action-retry')}
            </Button>
          )}
          {requestId && (
            <Button
              kind="quiet"
              icon="copy"
              onClick={() => void navigator.clipboard.writeText(requestId).then(() => toast(t('copied'), { tone: 'ok' }))}
            >
              {t('problem-copy-id')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

/** Stands where something will be, in its size; appears only after 150 ms. */
export function Skeleton({ className = '' }: { className?: string }) {
  return (
    <div aria-hidden="true" className={`late ${className}`}>
      <div className="size-full animate-[breathe_1.6s_ease-in-out_infinite] rounded-md bg-line/55" />
    </div>
  );
}

export function Progress({ value, label, tone = 'accent' }: { value: number | undefined; label: string; tone?: 'accent' | 'bad' | 'ok' }) {
  const percent = value === undefined ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full origin-left rounded-full transition-transform duration-180 ${tone === 'bad' ? 'bg-bad' : tone === 'ok' ? 'bg-ok' : 'bg-accent'} ${percent === undefined ? 'animate-[breathe_1.6s_ease-in-out_infinite]' : ''}`}
        style={{ transform: `scaleX(${percent === undefined ? 1 : percent / 100})` }}
      />
    </div>
  );
}
