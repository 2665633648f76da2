'use client';
import { useQuery } from '@tanstack/react-query';
import { json } from '@/api/client';
import type { Annotation, PlotInfo, Recording } from '@/api/types';

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

export function usePlots(jobId: string | undefined) {
  return useQuery({
    queryKey: ['plots', jobId],
    queryFn: ({ signal }) => json<{ data: PlotInfo[] }>(`/v1/jobs/${jobId}/plots`, { signal }),
    enabled: jobId !== undefined,
    staleTime: Infinity,
  });
}

