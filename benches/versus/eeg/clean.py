#!/usr/bin/env python3
"""Cleaning steps on 64 channels: Clisonix against MNE-Python, SciPy and eegprep, one thread each, in one run.

usage: clean.py path/to/cleaning [rounds]      (needs Python with mne, scipy and eegprep)

Both sides work on the same seeded noise in memory, 64 channels x 600 s x 250 Hz (the reconstruction:
60 s). CPU time, median of the rounds. The rms of the results must agree. Prints a Markdown table and
fails if a bar is missed.

Build ours with: cargo build --release -p clx-eeg --example cleaning
"""

import os

for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

import statistics
import subprocess
import sys
import tempfile
import time

RATE, N_CHANNELS, SECONDS, ASR_SECONDS = 250, 64, 600, 60
BADS = [5, 20, 41]
# Steps: bar (how many times less CPU time) and allowed difference of the rms, relative.
STEPS = {
    "fir": ("FIR 1-40 Hz, zero phase", 5, 1e-5),
    "notch": ("FIR notch 50 and 100 Hz", None, 1e-5),
    "fir_notch": ("FIR 1-40 Hz and notch (ours: one pass)", 5, 1e-4),
    "fir_notch_resample": ("... and resampling to 100 Hz (ours: one pass)", 6, 1e-3),
    "iir": ("IIR Butterworth 4, zero phase", 6, 1e-5),
    "resample": ("resampling 250 to 100 Hz, polyphase", 6, 1e-5),
    "average": ("average reference, in place", 5, 1e-5),
    "interpolate": ("spline interpolation of 3 channels", 10, 1e-5),
    "laplacian": ("current source density", None, 1e-5),
    "asr_20": ("ASR, cutoff 20, 60 s, without calibration", None, None),
}


def make(folder):
    import mne
    import numpy as np

    rng = np.random.default_rng(20261122)
    n = RATE * SECONDS
    slow = np.cumsum(rng.standard_normal((N_CHANNELS, n)), axis=1)
    slow -= np.linspace(0, 1, n) * slow[:, -1:]
    mixing = rng.standard_normal((N_CHANNELS, N_CHANNELS)) / 8
    data = (mixing @ (1e-7 * slow + 3e-6 * rng.standard_normal((N_CHANNELS, n)))).astype(np.float32)
    montage = mne.channels.make_standard_montage("biosemi64")
    positions = np.array([montage.get_positions()["ch_pos"][name] for name in montage.ch_names])
    path = os.path.join(folder, "samples.f32")
    data.tofile(path)
    np.savetxt(path + ".xyz", positions, delimiter=",")
    return path, data.astype(float), montage, positions


def theirs(data, montage, positions, rounds):
    import mne
    import numpy as np
    from scipy import signal

    mne.set_log_level("ERROR")
    info = mne.create_info(montage.ch_names, RATE, "eeg")

    def raw():
        made = mne.io.RawArray(data.copy(), info).set_montage(montage)
        for ch, position in zip(made.info["chs"], positions):
            ch["loc"][:3] = position
        return made

    def interpolate(inst):
        inst.info["bads"] = [montage.ch_names[i] for i in BADS]
        inst.interpolate_bads(origin=(0.0, 0.0, 0.0))

    sos = signal.butter(4, [1, 40], "bandpass", fs=RATE, output="sos")
    band = lambda x: mne.filter.filter_data(x, RATE, 1, 40)
    notch = lambda x: mne.filter.notch_filter(x, RATE, [50, 100])
    plain = {
        "fir": lambda: band(data),
        "notch": lambda: notch(data),
        "fir_notch": lambda: notch(band(data)),
        "fir_notch_resample": lambda: signal.resample_poly(notch(band(data)), 2, 5, axis=1),
        "iir": lambda: signal.sosfiltfilt(sos, data, axis=1),
        "resample": lambda: signal.resample_poly(data, 2, 5, axis=1),
        "laplacian": lambda: mne.preprocessing.compute_current_source_density(raw(), sphere=(0, 0, 0, 0.09)).get_data(),
    }
    in_place = {
        "average": lambda inst: inst.set_eeg_reference("average"),
        "interpolate": interpolate,
    }
    found = {}
    for name, step in plain.items():
        times = []
        for _ in range(rounds):
            start = time.process_time()
            result = step()
            times.append(1e3 * (time.process_time() - start))
        found[name] = times, float(np.sqrt(np.mean(result**2)))
    for name, step in in_place.items():
        times = []
        for _ in range(rounds):
            inst = raw()
            start = time.process_time()
            step(inst)
            times.append(1e3 * (time.process_time() - start))
        found[name] = times, float(np.sqrt(np.mean(inst.get_data() ** 2)))
    found["asr_20"] = asr(mne.filter.filter_data(data, RATE, 1, None)), None
    return found


def asr(data):
    from eegprep.plugins.clean_rawdata.asr_calibrate import asr_calibrate
    from eegprep.plugins.clean_rawdata.asr_process import asr_process

    short = 1e6 * data[:, : ASR_SECONDS * RATE]
    state = asr_calibrate(short.copy(), RATE, cutoff=20)
    start = time.process_time()
    asr_process(short.copy(), RATE, state, window_len=0.5, step_size=62, max_mem=2000)
    return [1e3 * (time.process_time() - start)]


def main():
    binary, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        path, data, montage, positions = make(folder)
        command = [binary, path, str(N_CHANNELS), str(RATE), str(rounds)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    ours = {}
    for line in output.splitlines():
        name, times, rms = line.split(";")
        ours[name] = [float(t) for t in times.split(",")], float(rms)
    rivals = theirs(data, montage, positions, rounds)
    print(f"{N_CHANNELS} channels x {SECONDS} s x {RATE} Hz, 1 thread, CPU ms, median of {rounds}.\n")
    print("| step | Clisonix | Python | ratio | bar |\n|---|---:|---:|---:|---:|")
    missed = []
    for name, (title, bar, allowed) in STEPS.items():
        mine, other = (statistics.median(side[name][0]) for side in (ours, rivals))
        print(f"| {title} | {mine:.1f} | {other:.0f} | {other / mine:.1f} | {bar or ''} |")
        if bar and other / mine < bar:
            missed.append(f"{name}: {other / mine:.1f} of {bar}")
        if allowed and abs(ours[name][1] / rivals[name][1] - 1) > allowed:
            missed.append(f"{name}: rms {ours[name][1]:e} and {rivals[name][1]:e}")
    for name, cutoff in [("asr_20", 20), ("asr_3", 3)]:
        speed = 1e3 * ASR_SECONDS / statistics.median(ours[name][0])
        print(f"\nASR at cutoff {cutoff}: {speed:.0f} times real time on one core.")
        if cutoff == 20 and speed < 200:
            missed.append(f"ASR: {speed:.0f} times real time of 200")
    if missed:
        sys.exit(f"missed: {missed}")


if __name__ == "__main__":
    main()
