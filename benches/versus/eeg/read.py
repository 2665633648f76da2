#!/usr/bin/env python3
"""Reading XDF, WFDB and text: Clisonix against pyxdf, wfdb and pandas, one thread each, in one run.

usage: read.py path/to/read_all path/to/shared/data/eeg [times]     (needs pyxdf, wfdb, pandas)

Every file is read whole, `times` times in one process; CPU time is user + system of the process divided
by `times`, less that of one process that reads nothing (imports, start). Prints a Markdown table.

Build ours with: cargo build --release -p clx-formats --example read_all
"""

import os
import subprocess
import sys

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
FILES = {
    "XDF, 8 x 27815 float32, 2 clock resets": ("xdf/clock_resets.xdf", "import pyxdf, logging", "pyxdf.load_xdf({!r}, verbose=False)"),
    "XDF, 8 x 9520 float32": ("eeglab/test.xdf", "import pyxdf", "pyxdf.load_xdf({!r}, verbose=False)"),
    "WFDB 212, 2 x 650000, 2274 annotations": ("wfdb/100.hea", "import wfdb", "wfdb.rdrecord({!r}[:-4]); wfdb.rdann({!r}[:-4], 'atr')"),
    "OpenBCI text, gzip, 24 x 22490": ("openbci/OpenBCI_GUI-v6-blinks-jawClench-alpha.txt.gz", "import pandas", "pandas.read_csv({!r}, comment='%')"),
    "Muse CSV, gzip, 7 x 30732": ("muse/SSAEP_subject1_session1_2017-09-27-14.42.41.csv.gz", "import pandas", "pandas.read_csv({!r})"),
}


def cpu_s(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **ONE_THREAD})
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime


def main():
    binary, data = sys.argv[1], sys.argv[2]
    times = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    print("| file | Clisonix, CPU ms | rival | CPU ms | ratio |\n|---|---:|---|---:|---:|")
    for name, (file, imports, call) in FILES.items():
        path = os.path.join(data, file)
        ours = (cpu_s([binary, path, str(times)]) - cpu_s([binary, path, "0"])) / times
        call = call.replace("{!r}", repr(path))
        code = f"{imports}\nfor _ in range({{}}):\n    {call}"
        theirs = (cpu_s([sys.executable, "-c", code.format(times)]) - cpu_s([sys.executable, "-c", code.format(0)])) / times
        rival = imports.split()[1].strip(",")
        print(f"| {name} | {1e3 * ours:.1f} | {rival} | {1e3 * theirs:.1f} | {theirs / ours:.1f} x |")


main()
