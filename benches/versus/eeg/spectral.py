#!/usr/bin/env python3
"""Spectral and connectivity steps: Clisonix against MNE and mne-connectivity, one thread, in one run.

usage: spectral.py path/to/spectral_steps [runs]   (needs Python with mne, mne-connectivity)

64 channels of 600 s at 250 Hz, seeded 1/f noise with a 10 Hz rhythm, as f32 samples on both sides.
CPU time of each step inside its process, without reading the samples; medians are compared. Prints a Markdown table with the largest relative difference of the values, and
fails if a bar is missed.

Build ours with: cargo build --release -p clx-eeg --example spectral_steps
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

RATE, N_CHANNELS, SECONDS, EPOCH = 250, 64, 600, 500
BANDS = [(1, 4), (4, 8), (8, 13), (13, 30), (30, 40)]
RIVALS = {"welch": "MNE", "multitaper": "MNE", "morlet": "MNE", "hilbert": "MNE", "connectivity": "mne-connectivity"}
TITLES = {"welch": "Welch 2 s half overlapping, 5 bands", "multitaper": "multitaper PSD, 300 x 2 s, 4 Hz wide",
          "morlet": "Morlet power, 60 x 2 s, 39 frequencies", "hilbert": "8-13 Hz filter and envelope",
          "connectivity": "wPLI, coherence, imaginary coherence, PLV; 300 x 2 s, 4 bands"}
BARS = {"welch": 5, "multitaper": 6, "morlet": 8, "hilbert": 4, "connectivity": 20}
# Welch and the rest in f64 on the same samples; the 8-13 Hz filter is f32.
AGREEMENT = {"welch": 1e-9, "multitaper": 1e-9, "morlet": 1e-9, "hilbert": 1e-4, "connectivity": 1e-9}
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}


def recording():
    import numpy as np

    rng = np.random.default_rng(20261122)
    n = RATE * SECONDS
    slow = np.cumsum(rng.standard_normal((N_CHANNELS, n)), axis=1)
    slow -= np.linspace(0, 1, n) * slow[:, -1:]
    alpha = 30 * np.sin(2 * np.pi * 10 * np.arange(n) / RATE + rng.uniform(0, 6, (N_CHANNELS, 1)))
    return ((slow + alpha + 5 * rng.standard_normal((N_CHANNELS, n))) * 1e-6).astype("<f4")


def steps(x):
    """Name and function of each rival step; a function returns the values that ours prints."""
    import mne
    import numpy as np
    from mne.time_frequency import psd_array_multitaper, psd_array_welch, tfr_array_morlet
    from mne_connectivity import spectral_connectivity_epochs

    mne.set_log_level("ERROR")
    n_epochs = x.shape[1] // EPOCH
    epochs = x.reshape(N_CHANNELS, n_epochs, EPOCH).transpose(1, 0, 2).copy()
    raw = mne.io.RawArray(x, mne.create_info(N_CHANNELS, RATE, "eeg"))

    def welch():
        p, f = psd_array_welch(x, RATE, fmax=45, n_fft=EPOCH, n_per_seg=EPOCH, n_overlap=EPOCH // 2, window="hann",
                               remove_dc=True)
        return np.array([p[:, (f >= a) & (f < b)].sum(1) * f[1] for a, b in BANDS]).T.ravel()

    def multitaper():
        p, _ = psd_array_multitaper(epochs, RATE, bandwidth=4.0, normalization="full")
        return p[:, :, 20].sum(0)

    def morlet():
        freqs = np.arange(2.0, 41.0)
        return tfr_array_morlet(epochs[:60], RATE, freqs, freqs / 2, zero_mean=False, output="avg_power")[:, 8, 250]

    def hilbert():
        envelope = raw.copy().filter(8, 13).apply_hilbert(envelope=True).get_data()
        return envelope[:, x.shape[1] // 2]

    def connectivity():
        res = spectral_connectivity_epochs(epochs, method=["wpli", "coh", "imcoh", "plv"], sfreq=RATE, mode="multitaper",
                                           fmin=(4, 8, 13, 30), fmax=(7.9, 12.9, 29.9, 45.0), faverage=True,
                                           mt_adaptive=False, verbose=False)
        return np.concatenate([r.get_data("dense")[40, 7] for r in res])

    p, f = psd_array_welch(x, RATE, n_fft=EPOCH, n_per_seg=EPOCH, n_overlap=EPOCH // 2, window="hann")

    return {s.__name__: s for s in (welch, multitaper, morlet, hilbert, connectivity)}


def theirs(path, runs):
    import numpy as np

    x = np.fromfile(path, "<f4").reshape(N_CHANNELS, -1).astype(float)
    for name, step in steps(x).items():
        times = []
        for _ in range(runs if name != "connectivity" else max(1, runs // 2)):
            start = time.process_time()
            values = step()
            times.append(1e3 * (time.process_time() - start))
        print(json.dumps({"step": name, "ms": times, "values": [float(v) for v in values]}), flush=True)


def run(command):
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD}).stdout
    return {row["step"]: row for row in map(json.loads, out.splitlines())}


def main():
    binary = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "64ch_600s_250hz.f32")
        recording().tofile(path)
        ours = run([binary, path, str(2 * runs + 1)])
        rival = run([sys.executable, __file__, "--theirs", path, str(runs)])
    print(f"64 channels x 600 s x 250 Hz, one thread, medians of {2 * runs + 1} (ours) and {runs} (theirs).\n")
    print("| step | Clisonix, ms | rival | ms | ratio | largest difference |\n|---|---:|---|---:|---:|---:|")
    missed = []
    for name, title in TITLES.items():
        a, b = (statistics.median(side[name]["ms"]) for side in (ours, rival))
        pairs = list(zip(ours[name]["values"], rival[name]["values"], strict=True))
        difference = max(abs(u / v - 1) for u, v in pairs)
        print(f"| {title} | {a:.1f} | {RIVALS[name]} | {b:.0f} | {b / a:.1f} x | {difference:.1e} |")
        if b / a < BARS[name]:
            missed.append(f"{name} {b / a:.1f} < {BARS[name]}")
        if not difference <= AGREEMENT[name]:
            missed.append(f"{name} differs by {difference:.1e}")
    if missed:
        sys.exit(f"missed: {missed}")


if __name__ == "__main__":
    if sys.argv[1] == "--theirs":
        theirs(sys.argv[2], int(sys.argv[3]))
    else:
        main()
