import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes } from 'react';

const CONTROL =
  'h-9 pointer-coarse:h-11 w-full rounded-md border border-control bg-raised px-3 text-ink placeholder:text-ink-2 disabled:opacity-55 aria-invalid:border-bad';

interface FrameProps {
  id: string;
  label: string;
  hint?: string;
  error?: string;
  children: ReactNode;
}

function FieldFrame({ id, label, hint, error, children }: FrameProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-note`} className="text-sm text-bad" role="alert">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-note`} className="text-sm text-ink-2">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  error?: string;
  /** Shown inside, behind the value. */
  unit?: string;
  ref?: Ref<HTMLInputElement>;
}

export function Field({ label, hint, error, unit, className = '', ...rest }: FieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error}>
      <span className="relative block">
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={hint || error ? `${id}-note` : undefined}
          className={`${CONTROL} ${unit ? 'pr-14' : ''} ${rest.type === 'number' ? 'num' : ''} ${className}`}
          {...rest}
        />
        {unit && <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-ink-2">{unit}</span>}
      </span>
    </FieldFrame>
  );
}

interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
  hint?: string;
  options: readonly (readonly [value: string, text: string])[];
}

export function Select({ label, hint, options, ...rest }: SelectProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint}>
      <select id={id} className={CONTROL} aria-describedby={hint ? `${id}-note` : undefined} {...rest}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  hint?: string;
  value: T;
  options: readonly { value: T; label: string; note?: string }[];
  onChange(value: T): void;
  /** Cards with a note, or a compact row. */
  cards?: boolean;
}

/** One of a few, all visible: a radio group. */
export function Choice<T extends string>({ legend, hint, value, options, onChange, cards = false }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{legend}</legend>
      <div className={cards ? 'grid grid-cols-2 gap-2 xl:grid-cols-3' : 'flex flex-wrap gap-2'}>
        {options.map((option) => (
          <label
            key={option.value}
            className={`relative flex cursor-pointer rounded-md border border-control bg-raised has-checked:border-accent has-checked:bg-accent/10 has-checked:ring-1 has-checked:ring-accent hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-(--focus) ${cards ? 'flex-col px-3 py-2.5' : 'h-9 items-center px-3.5 pointer-coarse:h-11'}`}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <span className="font-medium">{option.label}</span>
            {cards && option.note && <span className="text-sm text-ink-2">{option.note}</span>}
          </label>
        ))}
      </div>
      {hint && <p className="mt-1.5 text-sm text-ink-2">{hint}</p>}
    </fieldset>
  );
}
