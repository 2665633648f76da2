#!/usr/bin/env python3
"""Band powers of 64 channels from EDF: Clisonix against MNE-Python, one thread each, in one run.

usage: bands.py path/to/eeg_bands [runs]       (needs Python with mne and numpy)

Both read the same file, filter 1-40 Hz (zero-phase FIR, MNE's design), take Welch spectra (2 s
Hann windows, half overlapping) and sum five bands. CPU time is user + system of the process;
memory is its largest resident set. MNE's CPU time is also given without the imports. The last row
streams 24 h of 64 channels through ours. Prints a Markdown table and fails if a bar is missed.

Build ours with: cargo build --release -p clx-formats --example eeg_bands
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

RATE, N_CHANNELS, SECONDS = 250, 64, 600
BANDS = [(1, 4), (4, 8), (8, 13), (13, 30), (30, 40)]
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}


def mne_bands(path):
    """Runs in a process of its own: prints CPU seconds without imports, then the band powers."""
    import mne
    import numpy as np

    mne.set_log_level("ERROR")
    start = time.process_time()
    raw = mne.io.read_raw_edf(path, preload=True)
    raw.filter(1, 40)
    n = 2 * RATE
    psd = raw.compute_psd("welch", n_fft=n, n_per_seg=n, n_overlap=n // 2, window="hann", fmax=45)
    density, freqs = psd.get_data(return_freqs=True)
    step = freqs[1] - freqs[0]
    powers = [density[:, (freqs >= a) & (freqs < b)].sum(1) * step for a, b in BANDS]
    cpu_s = time.process_time() - start
    print(json.dumps({"cpu_s": cpu_s, "powers": np.array(powers).T.tolist()}))


def write_edf(path, n_repeats):
    """Seeded noise with a 10 Hz rhythm, repeated n_repeats times: an EDF file of 1 s records."""
    import numpy as np

    rng = np.random.default_rng(20261122)
    n = RATE * SECONDS
    t = np.arange(n) / RATE
    slow = np.cumsum(rng.standard_normal((N_CHANNELS, n)), axis=1)
    slow -= np.linspace(0, 1, n) * slow[:, -1:]
    alpha = 1000 * np.sin(2 * np.pi * 10 * t + rng.uniform(0, 6, (N_CHANNELS, 1)))
    data = 20 * slow + alpha + 300 * rng.standard_normal((N_CHANNELS, n))
    data = np.clip(np.round(data), -32768, 32767).astype("<i2")
    records = data.reshape(N_CHANNELS, SECONDS, RATE).transpose(1, 0, 2).tobytes()

    def field(text, width):
        return str(text).ljust(width).encode()

    fixed = [("0", 8), ("X X X X", 80), ("Startdate X X X X", 80), ("01.01.26", 8), ("00.00.00", 8)]
    fixed += [(256 * (N_CHANNELS + 1), 8), ("", 44), (SECONDS * n_repeats, 8), (1, 8), (N_CHANNELS, 4)]
    signal = [("EEG", 16), ("", 80), ("uV", 8), (-3276.8, 8), (3276.7, 8), (-32768, 8), (32767, 8)]
    signal += [("", 80), (RATE, 8), ("", 32)]
    with open(path, "wb") as file:
        file.write(b"".join(field(*f) for f in fixed))
        for text, width in signal:
            for i in range(N_CHANNELS):
                file.write(field(f"EEG {i + 1}" if text == "EEG" else text, width))
        for _ in range(n_repeats):
            file.write(records)


def run(command):
    """Output, CPU seconds and peak resident MiB of one process."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, env={**os.environ, **ONE_THREAD})
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"{command} failed")
        out.seek(0)
        return out.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ours_bands(output):
    return [[float(x) for x in line.split(",")[1:]] for line in output.splitlines()]


def main():
    binary = sys.argv[1]
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "64ch_600s_250hz.edf")
        # In a process of its own, so that numpy's memory is not inherited by what is measured.
        subprocess.run([sys.executable, __file__, "--write", path, "1"], check=True)
        for _ in range(runs):
            output, cpu_s, rss = run([binary, path])
            ours.append((cpu_s, rss, ours_bands(output)))
            output, total_s, rss = run([sys.executable, __file__, "--mne", path])
            result = json.loads(output)
            theirs.append((result["cpu_s"], rss, result["powers"], total_s))
        os.remove(path)
        path = os.path.join(folder, "64ch_24h_250hz.edf")
        subprocess.run([sys.executable, __file__, "--write", path, str(86_400 // SECONDS)], check=True)
        _, day_cpu_s, day_rss = run([binary, path])

    pairs = [(a, b) for x, y in zip(ours[0][2], theirs[0][2]) for a, b in zip(x, y)]
    assert len(pairs) == N_CHANNELS * len(BANDS)
    deviation = max(abs(a / b - 1) for a, b in pairs)
    cpu, rss = (statistics.median(r[i] for r in ours) for i in (0, 1))
    mne_cpu, mne_rss, mne_total = (statistics.median(r[i] for r in theirs) for i in (0, 1, 3))
    print(f"64 channels x 600 s x 250 Hz from EDF, 1 thread, median of {runs}; ")
    print(f"band powers differ by at most {deviation:.1e} (relative).\n")
    print("| | CPU, ms | peak memory, MiB |\n|---|---:|---:|")
    print(f"| Clisonix, whole process | {1e3 * cpu:.0f} | {rss:.1f} |")
    print(f"| MNE-Python, without imports | {1e3 * mne_cpu:.0f} | {mne_rss:.0f} |")
    print(f"| MNE-Python, whole process | {1e3 * mne_total:.0f} | {mne_rss:.0f} |")
    print(f"| ratio to MNE without imports | {mne_cpu / cpu:.1f} x less | {mne_rss / rss:.0f} x less |")
    print(f"| Clisonix, 24 h x 64 channels | {1e3 * day_cpu_s:.0f} | {day_rss:.1f} |")
    bars = {
        "at least 5 x less CPU": mne_cpu / cpu >= 5,
        "at most 1/5 of the memory": rss <= mne_rss / 5,
        "24 h x 64 channels below 300 MB": day_rss * 1.048576 < 300,
        "band powers within 2e-5": deviation < 2e-5,
    }
    missed = [bar for bar, held in bars.items() if not held]
    if missed:
        sys.exit(f"missed: {missed}")


if __name__ == "__main__":
    if sys.argv[1] == "--mne":
        mne_bands(sys.argv[2])
    elif sys.argv[1] == "--write":
        write_edf(sys.argv[2], int(sys.argv[3]))
    else:
        main()
