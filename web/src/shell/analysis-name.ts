import type { Translate } from '@/i18n/text';

const NAMES: Record<string, string> = {
  'recording.ingest': 'analysis-ingest',
  'eeg.overview': 'analysis-eeg-overview',
  'audio.overview': 'analysis-audio-overview',
  'brainsync.compose': 'analysis-compose',
  'report.create': 'analysis-report',
};

/** Name of an analysis; its id where the app has no words for it. */
export function analysisName(t: Translate, id: string): string {
  const message = NAMES[id];
  return message ? t(message) : id;
}
