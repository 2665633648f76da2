'use client';
// Server state that several parts of the app look at. What only one module needs lives there.
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { json, request, idempotencyKey, Problem } from './client';
import { useLang } from '@/i18n/text';
import type { Analysis, Artifact, Job, Page, Recording, ResultEnvelope, Session } from './types';

export const keys = {
  session: ['session'] as const,
  recordings: (q: string) => ['recordings', q] as const,
  recording: (id: string) => ['recording', id] as const,
  jobs: ['jobs'] as const,
  job: (id: string) => ['job', id] as const,
  result: (id: string) => ['result', id] as const,
};

/** Who is signed in; null when nobody is. */
export function useSession(enabled = true) {
  return useQuery({
    queryKey: keys.session,
    enabled,
    queryFn: async ({ signal }) => {
      try {
        return await json<Session>('/v1/session', { signal });
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

export function useRecording(id: string | undefined) {
  return useQuery({
    queryKey: keys.recording(id ?? ''),
    queryFn: ({ signal }) => json<Recording>(`/v1/recordings/${id}`, { signal }),
    enabled: id !== undefined,
    // Events carry changes; this is the belt for a lost event stream.
    refetchInterval: (query) => (query.state.data?.state === 'processing' ? 4_000 : false),
  });
}

/** Jobs, newest first: of one recording, or the latest of all. */
export function useJobs(recordingId?: string) {
  return useQuery({
    queryKey: recordingId ? [...keys.jobs, recordingId] : keys.jobs,
    queryFn: ({ signal }) => json<Page<Job>>('/v1/jobs', { query: { recording_id: recordingId, limit: 50 }, signal }),
    // An answer on its way can be older than the event that came meanwhile.
    refetchInterval: (query) => (query.state.data?.data.some(isLive) ? 2_000 : false),
  });
}

export function isLive(job: Pick<Job, 'state'>): boolean {
  return job.state === 'queued' || job.state === 'running';
}

export function useJob(id: string | undefined) {
  return useQuery({
    queryKey: keys.job(id ?? ''),
    queryFn: ({ signal }) => json<Job>(`/v1/jobs/${id}`, { signal }),
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data && isLive(query.state.data) ? 2_000 : false),
  });
}

/** The result of a finished job; it never changes, so it is fetched once. */
export function useResult<Output>(jobId: string | undefined) {
  return useQuery({
    queryKey: keys.result(jobId ?? ''),
    queryFn: ({ signal }) => json<ResultEnvelope<Output>>(`/v1/jobs/${jobId}/result`, { signal }),
    enabled: jobId !== undefined,
    staleTime: Infinity,
  });
}

/** The catalogue, with titles and labels in the reader's language. */
export function useAnalyses(enabled = true) {
  const lang = useLang();
  return useQuery({
    queryKey: ['analyses', lang],
    queryFn: ({ signal }) => json<{ data: Analysis[] }>('/v1/analyses', { query: { lang }, signal }),
    enabled,
    staleTime: Infinity,
  });
}

export interface NewJob {
  analysis: string;
  recording_id?: string;
  result_job_ids?: string[];
  params?: unknown;
}

export function startJob(job: NewJob): Promise<Job> {
  return json<Job>('/v1/jobs', { method: 'POST', body: job, headers: idempotencyKey() });
}

export interface NewReport {
  recording_id?: string;
  job_ids: string[];
  format: 'pdf' | 'xlsx';
  lang: string;
  title?: string;
}

export function startReport(report: NewReport): Promise<Job> {
  return json<Job>('/v1/reports', { method: 'POST', body: report, headers: idempotencyKey() });
}

export async function cancelJob(id: string): Promise<void> {
  await request(`/v1/jobs/${id}/cancel`, { method: 'POST' });
}

export async function retryJob(id: string): Promise<void> {
  await request(`/v1/jobs/${id}/retry`, { method: 'POST' });
}

export function contentOf(artifact: Artifact): string {
  return `/v1/artifacts/${artifact.id}/content`;
}

/** Puts a job that an event or an answer brought everywhere it is shown. */
export function rememberJob(client: QueryClient, job: Job) {
  client.setQueryData(keys.job(job.id), job);
  for (const [key, page] of client.getQueriesData<Page<Job>>({ queryKey: keys.jobs })) {
    const of = key[1];
    if (!page || (of !== undefined && of !== job.recording_id)) continue;
    const others = page.data.filter((other) => other.id !== job.id);
    const at = page.data.findIndex((other) => other.id === job.id);
    others.splice(at < 0 ? 0 : at, 0, job);
    client.setQueryData(key, { ...page, data: others });
  }
}

export function rememberRecording(client: QueryClient, recording: Recording) {
  client.setQueryData(keys.recording(recording.id), recording);
  void client.invalidateQueries({ queryKey: ['recordings'] });
}
