'use client';
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { json, request } from '@/api/client';
import { keys } from '@/api/queries';
import type { Page, Recording } from '@/api/types';

const PAGE_SIZE = 50;

/** Recordings, newest first; `q` searches their titles. */
export function useRecordings(q: string) {
  return useInfiniteQuery({
    queryKey: keys.recordings(q),
    queryFn: ({ pageParam, signal }) =>
      json<Page<Recording>>('/v1/recordings', { query: { q: q || undefined, cursor: pageParam, limit: PAGE_SIZE }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => (last.has_more ? (last.next_cursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.data.some((recording) => recording.state === 'processing')) ? 4_000 : false,
  });
}

type Pages = InfiniteData<Page<Recording>, string | undefined>;

/** Takes the recording off the list at once; the server keeps it for 30 days. */
export function useDeleteRecording() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (recording: Recording) => request(`/v1/recordings/${recording.id}`, { method: 'DELETE' }),
    onMutate: (recording) => {
      client.setQueriesData<Pages>({ queryKey: ['recordings'] }, (pages) =>
        pages && 'pages' in pages
          ? { ...pages, pages: pages.pages.map((page) => ({ ...page, data: page.data.filter((other) => other.id !== recording.id) })) }
          : pages,
      );
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['recordings'] }),
  });
}

export function useRestoreRecording() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (recording: Recording) => request(`/v1/recordings/${recording.id}/restore`, { method: 'POST' }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['recordings'] }),
  });
}
