// Writes a long many-channel EDF for the speed of the signal explorer: sines and noise, the same
// bytes every time.
import { closeSync, openSync, writeSync } from 'node:fs';

const RATE = 250;

/** `hours` of `channels` channels at 250 Hz, records of one second. */
export function writeLongRecording(path, hours, channels) {
  const seconds = Math.round(hours * 3600);
  const file = openSync(path, 'w');
  writeSync(file, header(seconds, channels));
  // One minute of records is made once and written again and again, with a slow drift of its own.
  const minute = records(60, channels);
  for (let written = 0; written < seconds; written += 60) {
    const count = Math.min(60, seconds - written);
    writeSync(file, minute, 0, count * channels * RATE * 2);
  }
  closeSync(file);
}

function header(seconds, channels) {
  const field = (text, width) => String(text).padEnd(width).slice(0, width);
  const each = (make, width) => Array.from({ length: channels }, (_, i) => field(make(i), width)).join('');
  const text =
    field('0', 8) + field('X X X X', 80) + field('Startdate X X X X', 80) + field('01.01.20', 8) +
    field('22.00.00', 8) + field(256 * (channels + 1), 8) + field('', 44) + field(seconds, 8) +
    field('1', 8) + field(channels, 4) +
    each((i) => `EEG E${i + 1}`, 16) + each(() => '', 80) + each(() => 'uV', 8) +
    each(() => '-3276.8', 8) + each(() => '3276.7', 8) + each(() => '-32768', 8) +
    each(() => '32767', 8) + each(() => '', 80) + each(() => RATE, 8) + each(() => '', 32);
  return Buffer.from(text, 'latin1');
}

function records(seconds, channels) {
  const bytes = Buffer.alloc(seconds * channels * RATE * 2);
  let seed = 1;
  const noise = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return seed / 2 ** 31;
  };
  let at = 0;
  for (let second = 0; second < seconds; second++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0; i < RATE; i++) {
        const t = second + i / RATE;
        const uv = 30 * Math.sin(2 * Math.PI * (8 + (channel % 5)) * t) + 15 * noise();
        at = bytes.writeInt16LE(Math.round(uv * 10), at);
      }
    }
  }
  return bytes;
}
