import type { Finding, Severity } from '@/api/types';
import { useText } from '@/i18n/text';
import { clock } from '@/plots/view';
import { Icon, type IconName } from '@/ui/icon';

const LOOK: Record<Severity, { icon: IconName; tone: string }> = {
  info: { icon: 'info', tone: 'text-ink-2' },
  warning: { icon: 'warning', tone: 'text-warn' },
  problem: { icon: 'problem', tone: 'text-bad' },
};

interface FindingItemProps {
  finding: Finding;
  current?: boolean;
  onShow(finding: Finding): void;
}

/** One finding; pressing it shows the evidence. */
export function FindingItem({ finding, current, onShow }: FindingItemProps) {
  const t = useText();
  const { icon, tone } = LOOK[finding.severity];
  const from = finding.tmin_s;
  const to = finding.tmax_s;
  const place = [
    finding.channel,
    from === undefined || from === null ? undefined : `${clock(from, 0.1)}${to === undefined || to === null || to === from ? '' : ` – ${clock(to, 0.1)}`}`,
  ].filter(Boolean);
  return (
    <button
      type="button"
      aria-pressed={current}
      onClick={() => onShow(finding)}
      className="flex w-full items-start gap-2.5 px-4 py-2.5 text-left -outline-offset-2 hover:bg-sunken aria-pressed:bg-line/45"
    >
      <span className={`mt-px ${tone}`} title={t(`severity-${finding.severity}`)}>
        <Icon name={icon} />
        <span className="sr-only">{t(`severity-${finding.severity}`)}</span>
      </span>
      <span className="min-w-0 flex-1">
        <span className="block break-words" lang="en">
          {finding.message}
        </span>
        <span className="num block truncate text-xs text-ink-2">{[...place, finding.code].join(' · ')}</span>
      </span>
    </button>
  );
}
