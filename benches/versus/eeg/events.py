#!/usr/bin/env python3
"""Entropies and event averages: Clisonix against antropy and MNE-Python, one thread each, in one run.

usage: events.py path/to/eeg_events path/to/shared/data [runs]   (needs Python with mne, antropy, numpy)

CPU time of ours is that of the process with eleven rounds less that with one, over ten, so that reading the
file and starting do not count; theirs is the process time of a call after one warm call (numba has compiled).
Prints a Markdown table, checks that the results agree, and fails if a bar is missed.

Build ours with: cargo build --release -p clx-eeg --example eeg_events
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
os.environ.update(ONE_THREAD)

import antropy  # noqa: E402
import mne  # noqa: E402
import numpy as np  # noqa: E402

mne.set_log_level("ERROR")


def pink(n_channels, n_samples):
    """Seeded noise with a spectrum like that of EEG, volts, f32."""
    rng = np.random.default_rng(20261122)
    spectrum = np.fft.rfft(rng.standard_normal((n_channels, n_samples)))
    spectrum[:, 1:] /= np.sqrt(np.arange(1, spectrum.shape[1]))
    spectrum[:, 0] = 0
    return (20e-6 * np.fft.irfft(spectrum, n_samples)).astype("<f4")


def cpu_s(command):
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"{command} failed")
        out.seek(0)
        return usage.ru_utime + usage.ru_stime, np.array([float(line) for line in out])


def ours(binary, runs, task, path, *events):
    times = []
    for _ in range(runs):
        one, values = cpu_s([binary, task, path, "1", *events])
        many, _ = cpu_s([binary, task, path, "11", *events])
        times.append((many - one) / 10)
    return 1e3 * statistics.median(times), values


def theirs(runs, call):
    call()
    times = []
    for _ in range(runs):
        start = time.process_time()
        values = call()
        times.append(time.process_time() - start)
    return 1e3 * statistics.median(times), np.asarray(values).ravel()


def four_measures(x):
    return [(antropy.perm_entropy(c), antropy.spectral_entropy(c, 250.0), antropy.svd_entropy(c), antropy.higuchi_fd(c))
            for c in x]


def main():
    binary, data = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        minute, ten = pink(64, 15_000), pink(64, 2_500)
        long, short, onsets = (os.path.join(folder, name) for name in ("long", "short", "onsets"))
        minute.tofile(long)
        ten.tofile(short)
        minute, ten = minute.astype(float), ten.astype(float)
        rows.append(("permutation + spectral + SVD + Higuchi, 64 x 60 s at 250 Hz", "antropy 0.2.3", 3, 1e-9,
                     ours(binary, runs, "entropies", long), theirs(runs, lambda: four_measures(minute))))
        rows.append(("sample entropy, 64 x 10 s at 250 Hz", "antropy 0.2.3", 3, 1e-9, ours(binary, runs, "sample", short),
                     theirs(runs, lambda: [antropy.sample_entropy(c) for c in ten])))
        raw = mne.io.read_raw_eeglab(os.path.join(data, "eeg/eeglab/eeglab_data.set"), preload=True)
        events, ids = mne.events_from_annotations(raw)
        with open(onsets, "w") as file:
            file.writelines(f"{a['onset']}\n" for a in raw.annotations if a["description"] == "square")

        def average():
            made = mne.Epochs(raw, events, {"square": ids["square"]}, -0.2, 0.8, baseline=(None, 0), preload=True)
            return 1e6 * made.average(picks="all").data

        fdt = os.path.join(data, "eeg/eeglab/eeglab_data.fdt")
        rows.append(("80 epochs of 32 channels, baseline, average", "MNE 1.13.2", 3, 1e-5,
                     ours(binary, runs, "average", fdt, onsets), theirs(runs, average)))
    print(f"One thread, CPU time, median of {runs}.\n")
    print("| step | ours, ms | beside | ms | ratio | largest difference |\n|---|---:|---|---:|---:|---:|")
    missed = []
    for step, rival, bar, tolerance, (our_ms, a), (their_ms, b) in rows:
        deviation = np.abs(a - b).max()
        print(f"| {step} | {our_ms:.1f} | {rival} | {their_ms:.1f} | {their_ms / our_ms:.1f} x | {deviation:.1e} |")
        missed += [step] * (their_ms < bar * our_ms or deviation > tolerance)
    if missed:
        sys.exit(f"missed: {missed}")


if __name__ == "__main__":
    main()
