// Outputs of the analyses the app draws itself. Each is the JSON contract of its crate; powers are
// volts squared, frequencies hertz, times seconds.
import type { Annotation, Finding } from './types';

export interface Band {
  name: string;
  fmin_hz: number;
  fmax_hz: number;
}

export interface BandPower {
  band: string;
  power_v2: number;
  relative: number;
  ci95_v2?: [number, number] | null;
}

export interface AlphaPeak {
  peak_hz: number;
  centre_of_gravity_hz: number;
  prominence_db: number;
  ci95_hz?: [number, number] | null;
}

export interface ChannelOverview {
  name: string;
  label: string;
  kind: string;
  rate_hz: number;
  quality: {
    good: boolean;
    rms_v: number;
    flat_share: number;
    clipped_share: number;
    line_noise_db?: number | null;
    strip: number[];
    strip_s: number;
  };
  bands: BandPower[];
  alpha_peak?: AlphaPeak | null;
}

export interface Statement {
  message: string;
  figures: Record<string, number>;
  text: string;
}

export interface EegOverview {
  duration_s: number;
  rate_hz: number;
  preparation: {
    reference: string;
    highpass_hz: number;
    lowpass_hz: number;
    notch_hz: number[];
    phase: string;
    window_s: number;
    overlap: number;
    bads: string[];
  };
  channels: ChannelOverview[];
  bands: Band[];
  mean_bands?: BandPower[] | null;
  alpha_peak?: AlphaPeak | null;
  theta_beta_ratio?: number | null;
  alpha_asymmetry: { left: string; right: string; ln_ratio: number }[];
  aperiodic?: { exponent: number; offset: number; r_squared: number; fmin_hz: number; fmax_hz: number } | null;
  annotations: Annotation[];
  state: { statements: Statement[] };
  findings: Finding[];
}

export interface AudioOverview {
  duration_s: number;
  rate_hz: number;
  n_channels: number;
  loudness: {
    integrated_lufs?: number | null;
    range_lu?: number | null;
    true_peak_dbtp?: number | null;
    sample_peak_dbfs?: number | null;
  };
  tempo?: { bpm: number; confidence: number; candidates: { bpm: number; salience: number }[]; variability: number } | null;
  beats_s: number[];
  key?: { tonic: string; mode: 'major' | 'minor'; strength: number; margin: number; tuning_cents: number } | null;
  dynamics: { crest_db?: number | null; level_range_db?: number | null; silence_share: number; clipped_share: number };
  segments: { tmin_s: number; tmax_s: number; label: string }[];
  findings: Finding[];
}

export type Origin = 'measured' | 'asked' | 'not_measured';

/** Output of `brainsync.compose`. */
export interface Track {
  title: string;
  brief: {
    mode: string;
    stimulus: string;
    tempo_bpm: number;
    duration_s: number;
    schedule: { at_s: number; rate_hz: number; depth: number }[];
    level_lufs: number;
    seed: number;
  };
  /** Every decision with the figure that caused it. */
  citations: { decision: string; choice: string; because: string; origin: Origin }[];
  evidence: {
    method: string;
    grade: 'moderate' | 'weak' | 'very_weak' | 'none';
    claim: string;
    references: { citation: string; doi?: string | null }[];
    headphones: boolean;
    notes: string[];
    safety: string[];
  };
  duration_s: number;
  integrated_lufs?: number | null;
  true_peak_dbtp?: number | null;
  findings: Finding[];
}
