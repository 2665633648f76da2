'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { json, request } from '@/api/client';
import type { ApiKey, CreatedApiKey } from '@/api/types';
import { ago } from '@/i18n/format';
import { useLang, useText } from '@/i18n/text';
import { Button, IconButton } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Failure, Skeleton } from '@/ui/states';
import { toast } from '@/ui/toast';

const KEY = ['api-keys'];

export function ApiKeys() {
  const t = useText();
  const lang = useLang();
  const client = useQueryClient();
  const [created, setCreated] = useState<CreatedApiKey>();
  const list = useQuery({ queryKey: KEY, queryFn: ({ signal }) => json<{ data: ApiKey[] }>('/v1/keys', { signal }) });
  const again = () => void client.invalidateQueries({ queryKey: KEY });
  const create = useMutation({
    mutationFn: (name: string) => json<CreatedApiKey>('/v1/keys', { method: 'POST', body: { name } }),
    onSuccess: setCreated,
    onSettled: again,
  });
  const revoke = useMutation({ mutationFn: (id: string) => request(`/v1/keys/${id}`, { method: 'DELETE' }), onSettled: again });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    create.mutate(String(new FormData(form).get('name')).trim(), { onSuccess: () => form.reset() });
  };

  return (
    <>
      <form onSubmit={submit} className="flex max-w-md items-end gap-2">
        <div className="flex-1">
          <Field label={t('settings-key-name')} name="name" required maxLength={100} />
        </div>
        <Button type="submit" icon="key" busy={create.isPending}>
          {t('settings-key-create')}
        </Button>
      </form>
      {(create.error ?? list.error) && <Failure error={create.error ?? list.error} onRetry={again} />}
      {list.isPending && <Skeleton className="mt-4 h-10" />}
      {list.data && list.data.data.length > 0 && (
        <ul className="mt-4 overflow-clip rounded-lg border border-line bg-raised">
          {list.data.data.map((key) => (
            <li key={key.id} className="flex items-center gap-3 border-b border-line px-4 py-2 last:border-0">
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{key.name}</p>
                <p className="text-sm text-ink-2">
                  <span className="num">{key.start}…</span> · {key.last_used_at ? t('settings-key-used', { when: ago(key.last_used_at, lang) }) : t('settings-key-unused')}
                </p>
              </div>
              <IconButton icon="trash" label={t('settings-key-revoke', { name: key.name })} disabled={revoke.isPending} onClick={() => revoke.mutate(key.id)} />
            </li>
          ))}
        </ul>
      )}
      <Dialog
        open={created !== undefined}
        onOpenChange={(open) => !open && setCreated(undefined)}
        title={t('settings-key-created')}
        description={t('settings-key-once')}
      >
        {created && (
          <div className="mt-2 flex items-center gap-2 rounded-md border border-control bg-sunken p-2 pl-3">
            <code className="num min-w-0 flex-1 text-sm break-all">{created.secret}</code>
            <IconButton
              icon="copy"
              label={t('action-copy')}
              onClick={() => void navigator.clipboard.writeText(created.secret).then(() => toast(t('copied'), { tone: 'ok' }))}
            />
          </div>
        )}
      </Dialog>
    </>
  );
}
