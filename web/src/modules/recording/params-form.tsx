'use client';
import { useState, type FormEvent } from 'react';
import type { Analysis } from '@/api/types';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/button';
import { Field, Select } from '@/ui/field';

type Params = Record<string, unknown>;

interface Property {
  properties?: Record<string, Property>;
  type?: string | string[];
  enum?: unknown[];
  oneOf?: { const?: unknown }[];
  anyOf?: Property[];
  $ref?: string;
  items?: Property;
}

/** What a field of the form holds, told from its JSON schema. */
export type Kind = { is: 'choice'; values: string[] } | { is: 'number' | 'truth' | 'words' | 'numbers' | 'text' | 'json' };

export function kindOf(property: Property, schema: Params): Kind {
  const definitions = (schema.$defs ?? {}) as Record<string, Property>;
  const named = property.$ref ? definitions[property.$ref.split('/').at(-1) ?? ''] : undefined;
  if (named) return kindOf(named, schema);
  const given = property.anyOf?.find((other) => other.type !== 'null');
  if (given) return kindOf(given, schema);
  const values = property.enum ?? property.oneOf?.map((one) => one.const ?? (one as { enum?: unknown[] }).enum?.[0]);
  if (values?.every((value) => typeof value === 'string')) return { is: 'choice', values: values as string[] };
  const type = Array.isArray(property.type) ? property.type.find((one) => one !== 'null') : property.type;
  if (type === 'number' || type === 'integer') return { is: 'number' };
  if (type === 'boolean') return { is: 'truth' };
  if (type === 'string') return { is: 'text' };
  if (type === 'array' && property.items) {
    const items = kindOf(property.items, schema).is;
    if (items === 'text' || items === 'choice') return { is: 'words' };
    if (items === 'number') return { is: 'numbers' };
  }
  return { is: 'json' };
}

const definition = (property: Property | undefined, schema: Params) =>
  property?.$ref ? ((schema.$defs ?? {}) as Record<string, Property>)[property.$ref.split('/').at(-1) ?? ''] : property;

/** The schema of a parameter, which may stand inside a group. */
function propertyAt(schema: Params, path: readonly string[]): Property {
  let at: Property | undefined = schema as Property;
  for (const part of path) at = definition(at, schema)?.properties?.[part];
  return at ?? {};
}

function valueAt(params: Params, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Params | undefined)?.[part], params);
}

function putAt(params: Params, path: readonly string[], value: unknown) {
  const [first = '', ...rest] = path;
  if (rest.length === 0) params[first] = value;
  else putAt((params[first] ??= {}) as Params, rest, value);
}

const isList = (kind: Kind) => kind.is === 'words' || kind.is === 'numbers';

/** A word that is no number goes to the server as it is, which says what it expects. */
const numberIn = (word: string) => (word.trim() !== '' && Number.isFinite(Number(word)) ? Number(word) : word.trim());

/** The text of a field as a parameter; undefined leaves it out, so that its default holds. */
export function parseField(kind: Kind, text: string): unknown {
  if (text.trim() === '') return isList(kind) ? [] : undefined;
  switch (kind.is) {
    case 'number':
      return Number(text);
    case 'truth':
      return text === 'true';
    case 'words':
      return text.split(',').map((word) => word.trim());
    case 'numbers':
      return text.split(',').map(numberIn);
    case 'json':
      return JSON.parse(text);
    default:
      return text;
  }
}

function textOf(kind: Kind, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (isList(kind)) return (value as unknown[]).join(', ');
  return kind.is === 'json' ? JSON.stringify(value) : String(value);
}

interface Props {
  analysis: Analysis;
  busy: boolean;
  error?: string;
  onRun(params: Params): void;
}

/** A form made from the schema of an analysis; empty fields keep their default. */
export function ParamsForm({ analysis, busy, error, onRun }: Props) {
  const t = useText();
  const [faulty, setFaulty] = useState<string>();
  const schema = analysis.params_schema as Params;
  const defaults = analysis.example_params as Params;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const params: Params = {};
    for (const { path } of analysis.params) {
      const name = path.join('.');
      try {
        const value = parseField(kindOf(propertyAt(schema, path), schema), String(form.get(name) ?? ''));
        if (value !== undefined) putAt(params, path, value);
      } catch {
        setFaulty(name);
        return;
      }
    }
    setFaulty(undefined);
    onRun(params);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {analysis.params.length > 0 && (
        <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {analysis.params.map((param) => {
            const name = param.path.join('.');
            const kind = kindOf(propertyAt(schema, param.path), schema);
            const value = textOf(kind, valueAt(defaults, param.path));
            if (kind.is === 'choice' || kind.is === 'truth') {
              const options = kind.is === 'choice' ? kind.values.map((one) => [one, one.replaceAll('_', ' ')] as const) : ([['true', t('value-yes')], ['false', t('value-no')]] as const);
              return <Select key={name} name={name} label={param.label} defaultValue={value} options={value ? options : [['', t('params-default')], ...options]} />;
            }
            return (
              <Field
                key={name}
                name={name}
                label={param.label}
                unit={param.unit ?? undefined}
                type={kind.is === 'number' ? 'number' : 'text'}
                step="any"
                defaultValue={value}
                placeholder={kind.is === 'json' ? 'JSON' : t('params-default')}
                hint={isList(kind) ? t('params-words-hint') : undefined}
                error={faulty === name ? t('params-not-json') : undefined}
              />
            );
          })}
        </div>
      )}
      {error && (
        <p role="alert" className="text-bad">
          {error}
        </p>
      )}
      <Button kind="primary" type="submit" icon="play" busy={busy} className="self-start">
        {t('analyses-run')}
      </Button>
    </form>
  );
}
