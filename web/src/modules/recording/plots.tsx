'use client';
import { Problem } from '@/api/client';
import { useLang, useText } from '@/i18n/text';
import { useTheme } from '@/shell/preferences';
import { Failure, Skeleton } from '@/ui/states';
import { usePlots } from './queries';

/** The pictures the server draws; the same as in the report. */
export function Plots({ jobId }: { jobId: string }) {
  const t = useText();
  const lang = useLang();
  const theme = useTheme();
  const plots = usePlots(jobId, lang);
  if (plots.error) {
    return plots.error instanceof Problem && plots.error.status === 404 ? null : <Failure error={plots.error} />;
  }
  const list = plots.data?.data ?? [];
  const source = (name: string) => `/v1/jobs/${jobId}/plots/${name}.svg?theme=${theme}&lang=${lang}`;
  return (
    <section aria-label={t('overview-plots')} className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,34rem),1fr))] items-start gap-4">
      {plots.isPending && [0, 1].map((i) => <Skeleton key={i} className="h-72" />)}
      {list.map((plot) => (
        <figure key={plot.name} className="overflow-clip rounded-lg border border-line bg-raised">
          <figcaption className="px-4 pt-3 font-medium">{plot.title}</figcaption>
          <a
            href={source(plot.name)}
            target="_blank"
            rel="noreferrer"
            aria-label={t('overview-open-plot', { title: plot.title })}
            className="block overflow-x-auto -outline-offset-2"
          >
            {/* An image of the server: nothing to optimise at build time. Narrower than this its labels are unreadable. */}
            <img src={source(plot.name)} alt={plot.title} loading="lazy" className="h-auto min-h-40 w-full min-w-136" />
          </a>
        </figure>
      ))}
    </section>
  );
}
