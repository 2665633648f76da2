'use client';
import type { Schemas, Sheet } from '@/api/types';
import { number } from '@/i18n/format';
import { useLang, useText, type Translate } from '@/i18n/text';
import { Table, type Column } from '@/ui/table';

type Cell = Schemas['Cell'] | null | undefined;

/** Four significant digits; what was not measured is a dash. */
export function cellText(cell: Cell, lang: string, t: Translate): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'boolean') return cell ? t('value-yes') : t('value-no');
  if (typeof cell === 'string') return cell === '' ? '–' : cell;
  if (Number.isInteger(cell)) return number(cell, lang, 0);
  const places = Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(cell)))));
  return number(cell, lang, places);
}

/** Text that needs a line of its own. */
const isLong = (cell: Cell) => typeof cell === 'string' && cell.length > 32;

/** The figures and tables of any result, with the labels the server gives them. */
export function SheetView({ sheet }: { sheet: Sheet }) {
  const t = useText();
  const lang = useLang();
  return (
    <div className="flex flex-col gap-6">
      {sheet.measures.length > 0 && (
        <dl className="grid gap-px overflow-clip rounded-lg border border-line bg-line sm:grid-cols-2 xl:grid-cols-3">
          {sheet.measures.map((measure) => (
            <div key={measure.label} className={`flex items-baseline justify-between gap-4 bg-raised px-4 py-2 ${isLong(measure.value) ? 'col-span-full' : ''}`}>
              <dt className="min-w-0 text-sm text-ink-2">{measure.label}</dt>
              <dd className="num text-right">
                {cellText(measure.value, lang, t)}
                {measure.unit && measure.value !== null && `\u00a0${measure.unit}`}
                {measure.ci95 && (
                  <span className="block text-xs text-ink-2">
                    {t('figure-ci95', { from: cellText(measure.ci95[0], lang, t), to: cellText(measure.ci95[1], lang, t), unit: measure.unit ?? '' })}
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {sheet.tables.map((table) => (
        <SheetTable key={table.label} table={table} />
      ))}
    </div>
  );
}

function SheetTable({ table }: { table: Schemas['Table'] }) {
  const t = useText();
  const lang = useLang();
  const rows = table.rows.map((cells, at) => ({ at, cells }));
  const columns = table.columns.map((column, i): Column<(typeof rows)[number]> => {
    const numeric = table.rows.some((row) => typeof row[i] === 'number');
    return {
      key: String(i),
      head: column.unit ? `${column.label} (${column.unit})` : column.label,
      numeric,
      cell: (row) => cellText(row.cells[i], lang, t),
    };
  });
  return (
    <section>
      <h3 className="mb-2 font-semibold">{table.label}</h3>
      <div className="max-h-120 overflow-auto rounded-lg border border-line bg-raised">
        <Table caption={table.label} columns={columns} rows={rows} rowKey={(row) => String(row.at)} />
      </div>
      {table.n_rows > rows.length && <p className="mt-1.5 text-sm text-ink-2">{t('sheet-more-rows', { shown: rows.length, all: table.n_rows })}</p>}
    </section>
  );
}
