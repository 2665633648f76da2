// The two binary answers of the server, little-endian.

/** Extremes per column: `values[(channel * columns + column) * 2]` is the minimum, `+ 1` the maximum. */
export interface SignalFrame {
  nChannels: number;
  columns: number;
  tminS: number;
  tmaxS: number;
  /** NaN where there is no data. */
  values: Float32Array;
}

export interface SpectrogramFrame {
  columns: number;
  rows: number;
  tminS: number;
  tmaxS: number;
  fminHz: number;
  fmaxHz: number;
  dbMin: number;
  dbMax: number;
  /** Column after column, lowest frequency first; 0 is `dbMin`, 255 is `dbMax`. */
  levels: Uint8Array;
}

export class FrameError extends Error {}

const SIGNAL_HEADER = 32;
const SPECTROGRAM_HEADER = 56;

function checkMagic(view: DataView, expected: string) {
  let magic = '';
  for (let i = 0; i < 4 && i < view.byteLength; i += 1) magic += String.fromCharCode(view.getUint8(i));
  if (magic !== expected) throw new FrameError(`expected a frame ${expected}, got ${JSON.stringify(magic)}`);
  const version = view.getUint32(4, true);
  if (version !== 1) throw new FrameError(`expected version 1 of ${expected}, got ${version}`);
}

/** `CLXS`: u32 version, u32 channels, u32 columns, f64 tmin, f64 tmax, then f32 pairs. */
export function parseSignal(buffer: ArrayBuffer): SignalFrame {
  const view = new DataView(buffer);
  checkMagic(view, 'CLXS');
  const nChannels = view.getUint32(8, true);
  const columns = view.getUint32(12, true);
  const expected = SIGNAL_HEADER + nChannels * columns * 8;
  if (buffer.byteLength !== expected) throw new FrameError(`signal frame has ${buffer.byteLength} bytes, expected ${expected}`);
  return {
    nChannels,
    columns,
    tminS: view.getFloat64(16, true),
    tmaxS: view.getFloat64(24, true),
    values: new Float32Array(buffer, SIGNAL_HEADER, nChannels * columns * 2),
  };
}

/** `CLXG`: u32 version, u32 columns, u32 rows, f64 tmin tmax fmin fmax, f32 dB range, then bytes. */
export function parseSpectrogram(buffer: ArrayBuffer): SpectrogramFrame {
  const view = new DataView(buffer);
  checkMagic(view, 'CLXG');
  const columns = view.getUint32(8, true);
  const rows = view.getUint32(12, true);
  const expected = SPECTROGRAM_HEADER + columns * rows;
  if (buffer.byteLength !== expected) throw new FrameError(`spectrogram frame has ${buffer.byteLength} bytes, expected ${expected}`);
  return {
    columns,
    rows,
    tminS: view.getFloat64(16, true),
    tmaxS: view.getFloat64(24, true),
    fminHz: view.getFloat64(32, true),
    fmaxHz: view.getFloat64(40, true),
    dbMin: view.getFloat32(48, true),
    dbMax: view.getFloat32(52, true),
    levels: new Uint8Array(buffer, SPECTROGRAM_HEADER),
  };
}
