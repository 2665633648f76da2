import type { Finding } from '@/api/types';
import { useText } from '@/i18n/text';
import { Empty } from '@/ui/states';
import { FindingItem } from './finding-item';

export function FindingsTab({ findings, onShow }: { findings: readonly Finding[]; onShow(finding: Finding): void }) {
  const t = useText();
  if (findings.length === 0) {
    return (
      <Empty icon="check" title={t('findings-none-title')}>
        {t('findings-none-text')}
      </Empty>
    );
  }
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-6 sm:px-6">
      <p className="mb-3 text-ink-2">{t('findings-hint')}</p>
      <ul className="overflow-clip rounded-lg border border-line bg-raised">
        {findings.map((finding, i) => (
          <li key={i} className="border-b border-line last:border-0">
            <FindingItem finding={finding} onShow={onShow} />
          </li>
        ))}
      </ul>
    </div>
  );
}
