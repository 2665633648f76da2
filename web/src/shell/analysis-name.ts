'use client';
import type { QueryClient } from '@tanstack/react-query';
import { useAnalyses } from '@/api/queries';
import type { Analysis } from '@/api/types';
import { useText, type Translate } from '@/i18n/text';

const NAMES: Record<string, string> = {
  'recording.ingest': 'analysis-ingest',
  'eeg.overview': 'analysis-eeg-overview',
  'audio.overview': 'analysis-audio-overview',
  'brainsync.compose': 'analysis-compose',
  'report.create': 'analysis-report',
};

/** Name of an analysis where no hook can run: from what of the catalogue is there already. */
export function analysisName(t: Translate, client: QueryClient, id: string): string {
  const message = NAMES[id];
  if (message) return t(message);
  const lists = client.getQueriesData<{ data: Analysis[] }>({ queryKey: ['analyses'] });
  return lists.flatMap(([, list]) => list?.data ?? []).find((analysis) => analysis.id === id)?.title ?? id;
}

/** Name of an analysis: the app's own words for what everybody meets, else the catalogue's title. */
export function useAnalysisName(id: string): string {
  const t = useText();
  const message = NAMES[id];
  const catalogue = useAnalyses(message === undefined);
  if (message) return t(message);
  return catalogue.data?.data.find((analysis) => analysis.id === id)?.title ?? id;
}
