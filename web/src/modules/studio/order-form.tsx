'use client';
import { useState } from 'react';
import { number } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { Choice, Field, Select } from '@/ui/field';
import { broken, MODES, parseDuration, printDuration, STIMULI, TONICS, type Limited, type Order } from './order';

export function OrderForm({ order, onChange }: { order: Order; onChange(order: Order): void }) {
  const t = useText();
  const lang = useLang();
  const [length, setLength] = useState(printDuration(order.durationS));
  const set = (update: Partial<Order>) => onChange({ ...order, ...update });
  const limits = (field: Limited) => {
    const range = broken(field, order[field]);
    return range && t('field-range', { min: number(range[0], lang), max: number(range[1], lang) });
  };
  const lengthError = broken('durationS', order.durationS) ? t('studio-duration-range') : undefined;
  return (
    <section aria-labelledby="order-title" className="flex flex-col gap-6">
      <h2 id="order-title" className="text-lg font-semibold">
        {t('studio-order')}
      </h2>
      <Choice
        legend={t('studio-mode')}
        hint={t('studio-mode-hint')}
        cards
        value={order.mode}
        onChange={(mode) => set({ mode })}
        options={MODES.map((mode) => ({ value: mode, label: t(`studio-mode-${mode}`), note: t(`studio-mode-${mode}-note`) }))}
      />
      <Choice
        legend={t('studio-stimulus')}
        cards
        value={order.stimulus}
        onChange={(stimulus) => set({ stimulus })}
        options={STIMULI.map((stimulus) => ({ value: stimulus, label: t(`studio-stimulus-${stimulus}`), note: t(`studio-stimulus-${stimulus}-note`) }))}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <Field
          label={t('studio-duration')}
          hint={t('studio-duration-hint')}
          error={lengthError}
          inputMode="numeric"
          value={length}
          className="num"
          onChange={(event) => {
            setLength(event.target.value);
            set({ durationS: parseDuration(event.target.value) });
          }}
        />
        <Field
          label={t('studio-level')}
          unit="LUFS"
          type="number"
          min={-23}
          max={-18}
          step={0.5}
          error={limits('levelLufs')}
          value={Number.isNaN(order.levelLufs) ? '' : order.levelLufs}
          onChange={(event) => set({ levelLufs: event.target.valueAsNumber })}
        />
        <Field
          label={t('studio-seed')}
          hint={t('studio-seed-hint')}
          type="number"
          min={0}
          step={1}
          value={Number.isNaN(order.seed) ? '' : order.seed}
          onChange={(event) => set({ seed: event.target.valueAsNumber })}
        />
      </div>
      <details>
        <summary className="w-fit cursor-pointer rounded-sm py-1 font-medium">{t('studio-by-hand')}</summary>
        <p className="mt-1 mb-3 text-sm text-ink-2">{t('studio-by-hand-hint')}</p>
        <div className="grid gap-4 sm:grid-cols-3">
          <Select
            label={t('figure-key')}
            value={order.key}
            onChange={(event) => set({ key: event.target.value })}
            options={[
              ['', t('studio-as-measured')],
              ...(['major', 'minor'] as const).flatMap((scale) => TONICS.map((tonic) => [`${tonic} ${scale}`, `${tonic} ${t(`mode-${scale}`)}`] as const)),
            ]}
          />
          <Field
            label={t('figure-tempo')}
            unit="BPM"
            type="number"
            min={40}
            max={180}
            step={0.1}
            placeholder={t('studio-as-measured')}
            error={limits('tempoBpm')}
            value={order.tempoBpm}
            onChange={(event) => set({ tempoBpm: event.target.value })}
          />
          <Field
            label={t('studio-target')}
            unit="Hz"
            type="number"
            min={0.5}
            max={40}
            step={0.1}
            placeholder={t('studio-by-mode')}
            error={limits('targetHz')}
            value={order.targetHz}
            onChange={(event) => set({ targetHz: event.target.value })}
          />
        </div>
      </details>
    </section>
  );
}
