// The resources of the REST contract, in the words of the OpenAPI document.

export interface Page<T> {
  data: T[];
  has_more?: boolean;
  next_cursor?: string | null;
}

export interface Violation {
  pointer: string;
  code: string;
  detail: string;
}

/** RFC 9457, the shape of every refusal. */
export interface ProblemDocument {
  type?: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  violations?: Violation[];
  request_id?: string;
}

export interface Session {
  /** Absent when the caller is an API key. */
  user?: { id: string; email: string; name: string };
  org: { id: string; name: string };
  role: string;
}

export interface ApiKey {
  id: string;
  name: string;
  /** First characters, to recognise it by. */
  start: string;
  created_at: string;
  last_used_at?: string | null;
}

export interface CreatedApiKey extends ApiKey {
  /** Shown once, here. */
  secret: string;
}

export type Severity = 'info' | 'warning' | 'problem';

export interface Finding {
  code: string;
  severity: Severity;
  message: string;
  channel?: string | null;
  tmin_s?: number | null;
  tmax_s?: number | null;
}

export interface Annotation {
  onset_s: number;
  duration_s?: number | null;
  text: string;
  channel?: string | null;
}

export interface ChannelInfo {
  name: string;
  label: string;
  kind: string;
  unit: string;
  rate_hz: number;
  n_samples: number;
  position?: [number, number] | null;
}

export interface Recording {
  id: string;
  title: string;
  filename: string;
  /** Absent until the header is read. */
  kind?: 'eeg' | 'audio';
  format?: string;
  media_type: string;
  size_bytes: number;
  sha256: string;
  duration_s?: number | null;
  state: 'processing' | 'ready' | 'failed';
  error?: string;
  synthetic: boolean;
  channels: ChannelInfo[];
  start?: string | null;
  findings: Finding[];
  results: Record<string, string>;
  created_at: string;
  etag: string;
}

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface Artifact {
  id: string;
  job_id: string;
  name: string;
  media_type: string;
  size_bytes: number;
  sha256: string;
  duration_s?: number | null;
}

export interface Job {
  id: string;
  analysis: string;
  recording_id?: string | null;
  params: unknown;
  state: JobState;
  progress: { fraction: number; stage: string };
  attempt: number;
  max_attempts: number;
  error?: { code: string; message: string } | null;
  artifacts: Artifact[];
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
}

export interface Analysis {
  id: string;
  title: string;
  summary: string;
  input: 'recording' | 'audio' | 'results';
  credits: number;
  params_schema: JsonSchema;
  output_schema: JsonSchema;
  example_params: unknown;
}

export type JsonSchema = { [key: string]: unknown };

export interface ResultEnvelope<Output = unknown> {
  analysis: string;
  version: string;
  params: Record<string, unknown>;
  input?: { name: string; sha256: string; size_bytes: number; format: string } | null;
  output: Output;
}

export interface PlotInfo {
  name: string;
  title: string;
}
