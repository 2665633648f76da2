'use client';
import { useText } from '@/i18n/text';
import { LinkButton } from '@/ui/button';
import { Empty } from '@/ui/states';

export function NotFound() {
  const t = useText();
  return (
    <Empty icon="search" title={t('not-found-title')} action={<LinkButton href="/" kind="primary">{t('not-found-action')}</LinkButton>}>
      {t('not-found-text')}
    </Empty>
  );
}
