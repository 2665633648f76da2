'use client';
import { useQuery } from '@tanstack/react-query';
import { json } from '@/api/client';
import type { Annotation, PlotInfo, Recording, Sheet } from '@/api/types';

/** The overview that belongs to the kind of a recording. */
export function overviewOf(recording: Recording): 'eeg.overview' | 'audio.overview' {
  return recording.kind === 'audio' ? 'audio.overview' : 'eeg.overview';
}

export function useAnnotations(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ['annotations', id],
    queryFn: ({ signal }) => json<{ data: Annotation[] }>(`/v1/recordings/${id}/annotations`, { signal }),
    enabled,
    staleTime: Infinity,
  });
}

/** The pictures of a result with their titles in the language `lang`. */
export function usePlots(jobId: string, lang: string) {
  return useQuery({
    queryKey: ['plots', jobId, lang],
    queryFn: ({ signal }) => json<{ data: PlotInfo[] }>(`/v1/jobs/${jobId}/plots`, { query: { lang }, signal }),
    staleTime: Infinity,
  });
}

/** The figures and tables of a result, labelled in the language `lang`. */
export function useSheet(jobId: string, lang: string) {
  return useQuery({
    queryKey: ['sheet', jobId, lang],
    queryFn: ({ signal }) => json<Sheet>(`/v1/jobs/${jobId}/sheet`, { query: { lang }, signal }),
    staleTime: Infinity,
  });
}

