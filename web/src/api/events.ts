// The event stream: one connection per page, resumed by the browser with Last-Event-ID.
import type { Job, Recording } from './types';

export interface EventHandlers {
  onJob(job: Job): void;
  onRecording(recording: Recording): void;
  /** `true` when events arrive again after a break: what was missed has to be fetched. */
  onOpen(again: boolean): void;
  onBreak(): void;
}

const RETRY_MS = 3_000;

/** Listens until the returned function is called. */
export function listen(handlers: EventHandlers): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opened = false;

  const parse = <T>(event: MessageEvent<string>): T | undefined => {
    try {
      return JSON.parse(event.data) as T;
    } catch {
      return undefined; // half a message at a break: the next fetch has the truth
    }
  };

  const connect = () => {
    source = new EventSource('/v1/events');
    source.onopen = () => {
      handlers.onOpen(opened);
      opened = true;
    };
    source.onerror = () => {
      handlers.onBreak();
      // The browser retries on its own unless the answer was final (such as a 502 of a restart).
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(connect, RETRY_MS);
    };
    source.addEventListener('job.updated', (event) => {
      const job = parse<Job>(event);
      if (job?.id) handlers.onJob(job);
    });
    source.addEventListener('recording.updated', (event) => {
      const recording = parse<Recording>(event);
      if (recording?.id) handlers.onRecording(recording);
    });
  };

  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
