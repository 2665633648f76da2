#!/usr/bin/env python3
"""Decompositions and ICLabel: Clisonix against python-picard, scikit-learn, MNE and onnxruntime.

usage: ica.py folder/of/our/examples shared/data MODEL [runs]
       (needs Python with mne, mne-icalabel, python-picard, scikit-learn, onnxruntime)

On EEGLAB's sample recording (30 channels, 238 s at 128 Hz, 1 Hz high-pass, average reference, 29
components). One thread each, CPU time of the work alone, no imports, medians; both sides in one run.
Prints a Markdown table and fails if a bar is missed. MODEL is ICLabelNet.onnx.

Build ours with: cargo build --release -p clx-eeg --example eeg_ica, and
cargo build --release -p clx-models --example iclabel_net
"""

import os

for _name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
    os.environ[f"{_name}_NUM_THREADS"] = "1"

import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

import mne
import numpy as np
import onnxruntime
from mne_icalabel.iclabel.features import get_iclabel_features
from mne_icalabel.iclabel.network.onnx import _format_input_for_onnx
from mne_icalabel.iclabel.network.utils import _format_input
from picard import picard
from sklearn.decomposition import FastICA


def cpu(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def ours_fit(folder, file, method, tol):
    out = subprocess.run([f"{folder}/eeg_ica", file, "30", "128", method, "500", str(tol)],
                         check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def prepare(data):
    mne.set_log_level("ERROR")
    warnings.filterwarnings("ignore")
    raw = mne.io.read_raw_eeglab(os.path.join(data, "eeg/eeglab/eeglab_data.set"), preload=True)
    raw.drop_channels(["EOG1", "EOG2"]).filter(1, None)
    raw.set_eeg_reference("average")
    raw._data[:] = raw.get_data().astype(np.float32)
    x = raw.get_data() - raw.get_data().mean(1, keepdims=True)
    u, d, _ = np.linalg.svd(x, full_matrices=False)
    white = (u[:, :29] / d[:29]).T @ x * np.sqrt(x.shape[1])
    return raw, white


def main():
    folder, data, model = sys.argv[1:4]
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    raw, white = prepare(data)
    rows, bars = [], {}

    def row(what, ours_ms, theirs_ms, bar):
        rows.append(f"| {what} | {ours_ms:.1f} | {theirs_ms:.1f} | {theirs_ms / ours_ms:.1f} | {bar} |")
        bars[what] = theirs_ms / ours_ms >= bar

    with tempfile.TemporaryDirectory() as place:
        file = os.path.join(place, "samples.f32")
        raw.get_data().astype("<f4").tofile(file)
        for method, name, tol, each, run in [
            ("extended_picard", "extended Picard", 1e-7, 8,
             lambda: picard(white, whiten=False, ortho=False, extended=True, random_state=97,
                            max_iter=500, return_n_iter=True)[-1] + 1),
            ("picard_o", "Picard-O", 1e-7, 8,
             lambda: picard(white, whiten=False, random_state=97, max_iter=500, return_n_iter=True)[-1] + 1),
            ("fast_ica", "FastICA", 1e-4, 2,
             lambda: FastICA(whiten=False, random_state=97, max_iter=500).fit(white.T).n_iter_),
        ]:
            a = [ours_fit(folder, file, method, tol) for _ in range(runs)]
            b = [cpu(run) for _ in range(runs)]
            ours = statistics.median(r["fit_cpu_s"] for r in a)
            theirs = statistics.median(s for s, _ in b)
            row(f"{name}, per iteration", 1e3 * ours / a[0]["n_iter"], 1e3 * theirs / b[0][1], each)
            row(f"{name}, {a[0]['n_iter']} and {b[0][1]} iterations", 1e3 * ours, 1e3 * theirs, 1)

        fit = dict(ortho=False, extended=True)
        ica = mne.preprocessing.ICA(29, method="picard", fit_params=fit, random_state=97, max_iter=500).fit(raw)
        features = get_iclabel_features(raw, ica)
        theirs = statistics.median(cpu(lambda: get_iclabel_features(raw, ica))[0] for _ in range(runs))
        ours = statistics.median(ours_fit(folder, file, "fast_ica", 1e-2)["features_cpu_s"] for _ in range(runs))
        row("ICLabel features of 29 components", 1e3 * ours, 1e3 * theirs, 10)

        topo, psd, lags = features
        flat = [np.concatenate([topo[:, :, 0, i].ravel(), psd[0, :, 0, i], lags[0, :, 0, i]]) for i in range(29)]
        file = os.path.join(place, "features.f32")
        np.concatenate(flat).astype("<f4").tofile(file)
        out = subprocess.run([f"{folder}/iclabel_net", model, file, "9"], check=True, capture_output=True, text=True)
        ours = json.loads(out.stdout)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options)
        names = ("topo", "psds", "autocorr")
        inputs = dict(zip(names, _format_input_for_onnx(*_format_input(topo, psd, lags))))
        timed = [cpu(lambda: session.run(None, inputs)[0]) for _ in range(9)]
        row("ICLabel network, 29 components", 1e3 * statistics.median(ours["cpu_s"]),
            1e3 * statistics.median(s for s, _ in timed), 1)
        got, expected = np.array(ours["probabilities"]), timed[0][1]
        difference = np.abs(got - expected).max()
        bars["probabilities within 1e-4, labels equal"] = (
            difference < 1e-4 and (got.argmax(1) == expected.argmax(1)).all())

    print(f"One thread, CPU ms, medians of {runs}; probabilities differ by at most {difference:.1e}.\n")
    print("| | Clisonix | Python | ratio | bar |\n|---|---:|---:|---:|---:|")
    print("\n".join(rows))
    missed = [bar for bar, held in bars.items() if not held]
    if missed:
        sys.exit(f"missed: {missed}")


if __name__ == "__main__":
    main()
