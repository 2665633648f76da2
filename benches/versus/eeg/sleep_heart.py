#!/usr/bin/env python3
"""Heart and sleep analyses: Clisonix against NeuroKit2 and YASA, one thread each, in one run.

usage: sleep_heart.py path/to/sleep_heart path/to/shared/data [runs]
(needs Python with neurokit2, yasa, wfdb)

ECG and heart rate variability on MIT-BIH record 100 (30 min, 360 Hz); staging features of EEG, EOG
and EMG, spindles and slow waves on 8 h of seeded noise at 100 Hz. CPU time is user + system. Ours
is the difference between one and several rounds in a process, so that start and reading do not
count; theirs is the time of the call alone, warm (numba compiled). NeuroKit2's `hrv` takes half a minute
and is run once. Prints a Markdown table and fails if a bar is missed.

Build ours with: cargo build --release -p clx-eeg --example sleep_heart
"""
import os

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
os.environ.update(ONE_THREAD)

import logging
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np

HOURS, RATE = 8, 100
ROUNDS = 5


def ours(binary, task, path, rate, runs):
    """Median CPU milliseconds of one round, and the figure printed."""

    def run(rounds):
        with tempfile.TemporaryFile("w+") as out:
            process = subprocess.Popen([binary, task, path, str(rate), str(rounds)], stdout=out)
            _, status, usage = os.wait4(process.pid, 0)
            if status != 0:
                sys.exit(f"{task} failed")
            out.seek(0)
            return usage.ru_utime + usage.ru_stime, float(out.read())

    rounds = ROUNDS * (20 if task in ("ecg", "hrv") else 1)
    times = []
    for _ in range(runs):
        (few, _), (many, figure) = run(1), run(1 + rounds)
        times.append(1e3 * (many - few) / rounds)
    return statistics.median(times), figure


def theirs(call, runs):
    times = []
    for _ in range(runs):
        start = time.process_time()
        figure = call()
        times.append(1e3 * (time.process_time() - start))
    return statistics.median(times), figure


def night():
    """EEG, EOG and EMG in microvolts: coloured noise whose slow part and sigma bursts come and go."""
    rng = np.random.default_rng(20261122)
    n = HOURS * 3600 * RATE
    freqs = np.fft.rfftfreq(n, 1 / RATE)

    def coloured(shape):
        x = np.fft.irfft(shape * np.exp(2j * np.pi * rng.random(freqs.size)), n)
        return x / x.std()

    slow = coloured(np.exp(-(((freqs - 0.9) / 0.5) ** 2)))
    pink = coloured(1 / np.maximum(freqs, 0.3))
    sigma = coloured(np.exp(-(((freqs - 13.5) / 0.6) ** 2)))
    depth = 0.5 + 0.5 * np.sin(2 * np.pi * np.arange(n) / (RATE * 5400))
    eeg = 12 * pink + 30 * depth * slow + 6 * sigma * (0.5 + depth)
    eog = 25 * coloured(np.exp(-(((freqs - 0.6) / 0.6) ** 2))) + 6 * pink
    emg = (4 + 6 * (1 - depth)) * rng.standard_normal(n)
    return np.array([eeg, eog, emg])


def main():
    import mne
    import neurokit2 as nk
    import wfdb
    import yasa

    warnings.simplefilter("ignore")
    mne.set_log_level("ERROR")
    logging.disable(logging.WARNING)
    binary, data = sys.argv[1], sys.argv[2]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    ecg = wfdb.rdrecord(os.path.join(data, "eeg/wfdb/100")).p_signal[:, 0]
    uv = night()
    raw = mne.io.RawArray(uv * 1e-6, mne.create_info(["C", "L", "M"], RATE, ["eeg", "eog", "emg"]))
    stage = lambda seconds: yasa.SleepStaging(
        raw.copy().crop(0, seconds - 1 / RATE), eeg_name="C", eog_name="L", emg_name="M"
    ).get_features()
    stage(300)  # compiles
    yasa.spindles_detect(uv[0, :30000], RATE)

    def peaks():
        return nk.ecg_peaks(nk.ecg_clean(ecg, sampling_rate=360), sampling_rate=360)[1]["ECG_R_Peaks"]

    peaks()
    beats = peaks()
    count = lambda events: 0 if events is None else len(events.summary())
    with tempfile.TemporaryDirectory() as folder:
        heart_file, night_file, eeg_file = (os.path.join(folder, n) for n in ("ecg", "night", "eeg"))
        ecg.astype("<f4").tofile(heart_file)
        (uv * 1e-6).astype("<f4").tofile(night_file)
        (uv[0] * 1e-6).astype("<f4").tofile(eeg_file)
        hrv = lambda: nk.hrv(beats, sampling_rate=360)["HRV_RMSSD"].iloc[0]
        tasks = [
            ("ECG cleaning and R peaks, 30 min", "ecg", heart_file, 360, lambda: len(peaks()), runs, 10),
            ("heart rate variability, 2270 beats", "hrv", heart_file, 360, hrv, 1, 100),
            ("staging features, 8 h, 3 channels", "staging", night_file, RATE, lambda: len(stage(HOURS * 3600)), runs, 8),
            ("spindles, 8 h", "spindles", eeg_file, RATE, lambda: count(yasa.spindles_detect(uv[0], RATE)), runs, 10),
            ("slow waves, 8 h", "slow_waves", eeg_file, RATE, lambda: count(yasa.sw_detect(uv[0], RATE)), runs, 4),
        ]
        print("| one thread, CPU ms | Clisonix | rival | ratio | bar | figures |\n|---|---:|---:|---:|---:|---|")
        missed = []
        for name, task, path, rate, call, rival_runs, bar in tasks:
            mine, figure = ours(binary, task, path, rate, runs)
            rival, other = theirs(call, rival_runs)
            print(f"| {name} | {mine:.1f} | {rival:.0f} | {rival / mine:.1f} | {bar} | {figure:.6g}, {other:.6g} |", flush=True)
            if rival / mine < bar:
                missed.append(name)
    if missed:
        sys.exit(f"missed: {missed}")


if __name__ == "__main__":
    main()
