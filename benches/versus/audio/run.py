"""CPU time of our audio overview and of librosa doing the same, in one run.

usage: python run.py OVERVIEW_BINARY FILE [repeats]

OVERVIEW_BINARY is the example of clx-audio: `cargo build --release -p clx-audio --example overview`.
librosa's side: load, beat_track, key from chroma_cqt, five spectral descriptors, pyloudnorm's
integrated loudness (true peak, loudness range and segments are ours only). Each run is a process of
its own, single-threaded; the least of `repeats` counts, start-up included on both sides and shown.
Prints a table in Markdown.
"""

import json
import os
import resource
import subprocess
import sys

LIBROSA = """
import sys
import numpy as np, librosa, pyloudnorm, soundfile
if sys.argv[1] != "-":
    y, rate = soundfile.read(sys.argv[1], dtype="float32", always_2d=True)
    loudness = pyloudnorm.Meter(rate).integrated_loudness(y)
    mono = y.mean(axis=1)
    tempo, beats = librosa.beat.beat_track(y=mono, sr=rate)
    chroma = librosa.feature.chroma_cqt(y=mono, sr=rate).mean(axis=1)
    S = np.abs(librosa.stft(mono))
    librosa.feature.spectral_centroid(S=S, sr=rate)
    librosa.feature.spectral_bandwidth(S=S, sr=rate)
    librosa.feature.spectral_rolloff(S=S, sr=rate)
    librosa.feature.spectral_flatness(S=S)
    librosa.feature.zero_crossing_rate(mono)
    librosa.feature.rms(S=S)
"""


def cpu(command, repeats):
    """Least CPU seconds and the largest resident set, MB, of `repeats` runs."""
    env = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", NUMBA_NUM_THREADS="1")
    best, resident = float("inf"), 0
    for _ in range(repeats):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{command[0]} failed with status {status}")
        best = min(best, usage.ru_utime + usage.ru_stime)
        resident = max(resident, usage.ru_maxrss / 1024)
    return best, resident


def main():
    binary, path = sys.argv[1:3]
    repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    overview = json.loads(subprocess.run([binary, path], capture_output=True, check=True).stdout)
    seconds = overview["duration_s"]
    ours, our_mb = cpu([binary, path], repeats)
    start, _ = cpu([sys.executable, "-c", LIBROSA, "-"], repeats)
    theirs, their_mb = cpu([sys.executable, "-c", LIBROSA, path], repeats)
    name = os.path.basename(path)
    print(f"| {name}, {seconds:.1f} s | CPU s | of which start-up | resident MB |")
    print("|---|---|---|---|")
    print(f"| clx-audio overview | {ours:.2f} | 0.00 | {our_mb:.0f} |")
    print(f"| librosa + pyloudnorm | {theirs:.2f} | {start:.2f} | {their_mb:.0f} |")
    print(f"| ratio | {theirs / ours:.1f} ({(theirs - start) / ours:.1f} without start-up) | | {their_mb / our_mb:.1f} |")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
