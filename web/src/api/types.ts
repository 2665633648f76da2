// The resources of the REST contract, by the names the app uses. The shapes are those of the OpenAPI
// document (`npm run gen`); what it leaves open is narrowed here.
import type { components } from './schema';

export type Schemas = components['schemas'];

export interface Page<T> {
  data: T[];
  has_more?: boolean;
  next_cursor?: string;
}

export type Violation = Schemas['Violation'];

/** RFC 9457; what an answer without a body, or no answer, cannot tell is absent. */
export type ProblemDocument = Pick<Schemas['Problem'], 'title' | 'status' | 'code'> & Partial<Schemas['Problem']>;

export type Session = Schemas['Session'];
export type SetPassword = Schemas['SetPassword'];
export type ApiKey = Schemas['ApiKey'];
export type CreatedApiKey = Schemas['CreatedKey'];

export type Severity = Schemas['Severity'];
export type Finding = Schemas['Finding'];
export type Annotation = Schemas['Annotation'];

export type ChannelInfo = Schemas['Channel'];
export type Recording = Schemas['Recording'];

export type JobState = Schemas['JobState'];
export type Artifact = Schemas['Artifact'];
export type Job = Schemas['Job'];

export type Analysis = Schemas['Analysis'];

/** The schemas of params and output differ by analysis; `Output` is one of `results.ts`. */
export type ResultEnvelope<Output = unknown> = Omit<Schemas['ResultEnvelope'], 'output'> & { output: Output };

export type PlotInfo = Schemas['Plot'];
export type Sheet = Schemas['Sheet'];
