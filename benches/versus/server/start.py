#!/usr/bin/env python3
"""Cold start to the first 200 and idle memory of `clisonix serve`, in a fresh folder each time.

usage: start.py path/to/clisonix [runs]

Memory is the proportional set size (Pss) of the process five seconds after start.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

BINARY = sys.argv[1]
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 10


def free_port():
    import socket

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(folder):
    """Milliseconds from exec to the first 200 of /health, and the process."""
    port = free_port()
    command = [BINARY, "serve", "--json", "--listen", f"127.0.0.1:{port}", "--web-listen", "", "--data-dir", folder]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
                if answer.status == 200:
                    return (time.perf_counter() - begun) * 1000, process
        except OSError:
            if time.perf_counter() - begun > 20:
                process.kill()
                raise
            time.sleep(0.001)


def pss_mb(pid):
    with open(f"/proc/{pid}/smaps_rollup") as f:
        for line in f:
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    raise RuntimeError("no Pss")


def main():
    first, again, memory = [], [], []
    for run in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            for times in (first, again):
                ms, process = start(folder)
                times.append(ms)
                if times is again and run == 0:
                    time.sleep(5)
                    memory.append(pss_mb(process.pid))
                process.terminate()
                process.wait()
    figures = {
        "first start, ms": statistics.median(first),
        "later start, ms": statistics.median(again),
        "idle memory, MB": memory[0],
        "binary, MB": os.path.getsize(BINARY) / 1e6,
        "runs": RUNS,
    }
    print(json.dumps({k: round(v, 1) for k, v in figures.items()}))


main()
