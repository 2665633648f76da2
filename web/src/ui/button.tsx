import type { AnchorHTMLAttributes, ButtonHTMLAttributes, Ref } from 'react';
import { Link } from '@/nav';
import { Icon, type IconName } from './icon';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';

const BASE =
  'inline-flex items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap select-none transition-colors duration-150 disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55';
const KINDS: Record<Kind, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent/88 active:bg-accent/80',
  plain: 'border border-control bg-raised text-ink hover:bg-sunken active:bg-line/60',
  quiet: 'text-ink-2 hover:bg-line/45 hover:text-ink active:bg-line/70 aria-pressed:bg-line/60 aria-pressed:text-ink data-[state=open]:bg-line/45 data-[state=open]:text-ink',
  danger: 'border border-bad text-bad hover:bg-bad/10 active:bg-bad/15',
};

export function buttonClass(kind: Kind = 'plain', square = false, large = false): string {
  const size = large ? 'h-11 px-5 text-lg' : square ? 'size-9 pointer-coarse:size-11' : 'h-9 px-3.5 pointer-coarse:h-11';
  return `${BASE} ${KINDS[kind]} ${size}`;
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  icon?: IconName;
  large?: boolean;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind, icon, large, busy, children, className = '', disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`${buttonClass(kind, false, large)} ${className}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName;
  label: string;
  kind?: Kind;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, kind = 'quiet', className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} className={`${buttonClass(kind, true)} ${className}`} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

type LinkButtonProps = AnchorHTMLAttributes<HTMLAnchorElement> & { href: string; kind?: Kind; icon?: IconName; large?: boolean };

export function LinkButton({ kind, icon, large, children, className = '', ...rest }: LinkButtonProps) {
  return (
    <Link className={`${buttonClass(kind, false, large)} ${className}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

/** A link to bytes of the server: the browser saves them. */
export function DownloadButton({ kind, icon = 'download', children, className = '', ...rest }: LinkButtonProps) {
  return (
    <a className={`${buttonClass(kind)} ${className}`} download {...rest}>
      <Icon name={icon} />
      {children}
    </a>
  );
}

export function Spinner() {
  return (
    <svg aria-hidden="true" width="16" height="16" viewBox="0 0 16 16" className="animate-spin">
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeOpacity="0.3" strokeWidth="2" />
      <path d="M14 8a6 6 0 0 0-6-6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
