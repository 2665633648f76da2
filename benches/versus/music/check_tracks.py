#!/usr/bin/env python3
"""Hold short BrainSync tracks of every mode against ffmpeg and librosa.

Usage: check_tracks.py TRACK_BINARY

TRACK_BINARY is `cargo build --release -p clx-music --example track`. Prints Markdown: for a track of
every mode loudness and true peak by ffmpeg's ebur128, the key by librosa's CQT chroma and the
Krumhansl-Kessler profiles, and the modulation rate of the power envelope by an FFT; for the sample
song key and tempo. Needs ffmpeg, librosa, soundfile, numpy. `speed.py` measures long tracks.
"""
import pathlib
import re
import sys
import tempfile

import librosa
import numpy as np
import soundfile
from speed import MODES, loudness, render

NAMES = "C C# D Eb E F F# G G# A Bb B".split()
MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
MINOR = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]


def key(x, rate):
    chroma = librosa.feature.chroma_cqt(y=x, sr=rate).mean(axis=1)
    scores = [(np.corrcoef(np.roll(profile, tonic), chroma)[0, 1], f"{NAMES[tonic]} {name}")
              for tonic in range(12) for profile, name in ((MAJOR, "major"), (MINOR, "minor"))]
    return max(scores)[1]


def envelope_rate(x, rate, low_hz, high_hz):
    n = rate // 200
    power = (x[: len(x) // n * n].reshape(-1, n, x.shape[1]) ** 2).sum(axis=(1, 2))
    power = (power - power.mean()) * np.hanning(len(power))
    spectrum = np.abs(np.fft.rfft(power, 8 * len(power)))
    hz = np.fft.rfftfreq(8 * len(power), n / rate)
    inside = (hz >= low_hz) & (hz <= high_hz)
    return hz[inside][spectrum[inside].argmax()]


def main():
    binary = sys.argv[1]
    folder = tempfile.TemporaryDirectory()
    at = lambda name: str(pathlib.Path(folder.name) / name)

    print("| mode | asked | librosa key | ffmpeg LUFS | dBTP | rate asked, last 60 s | envelope rate |")
    print("|---|---|---|---|---|---|---|")
    for mode in MODES:
        path = at(f"{mode}.flac")
        text, _, _ = render(binary, mode, "am", 420, 44100, 7, path)
        asked = re.search(r"in (.*?),", text)[1]
        x, rate = soundfile.read(path)
        lufs, peak = loudness(path)
        wanted = {"relax": 10.0, "focus": 16.0, "motivation": 20.0, "sleep": 2.5,
                  "creativity": 7.0, "recovery": 4.0}[mode]
        found = envelope_rate(x[-65 * rate:-5 * rate], rate, wanted - 0.5, wanted + 0.5)
        mono = x[: 120 * rate].mean(axis=1)
        print(f"| {mode} | {asked} | {key(mono, rate)} | {lufs} | {peak} | {wanted} | {found:.3f} |")

    render(binary, "song", at("song.flac"))
    x, rate = soundfile.read(at("song.flac"))
    mono = x.mean(axis=1)
    tempo = float(np.atleast_1d(librosa.beat.beat_track(y=mono, sr=rate)[0])[0])
    print(f"\nSample song (A minor, 96 BPM): librosa hears {key(mono, rate)}, {tempo:.1f} BPM.")


if __name__ == "__main__":
    main()
