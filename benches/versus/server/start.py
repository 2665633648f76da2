#!/usr/bin/env python3
"""Cold start to the first 200 and idle memory of `clisonix serve`, in a fresh folder each time.

usage: start.py path/to/clisonix [runs]

Memory is the proportional set size (Pss) of the process five seconds after start. The start is
wall time, which other work on the machine lengthens, and the process's CPU time until that answer.
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
    """Milliseconds from exec to the first 200 of /health, CPU ms used for it, and the process."""
    port = free_port()
    command = [BINARY, "serve", "--json", "--listen", f"127.0.0.1:{port}", "--web-listen", "", "--data-dir", folder]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
                if answer.status == 200:
                    return (time.perf_counter() - begun) * 1000, cpu_ms(process.pid), process
        except OSError:
            if time.perf_counter() - begun > 20:
                process.kill()
                raise
            time.sleep(0.001)


def cpu_ms(pid):
    """CPU time of all threads so far, user and system."""
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def pss_mb(pid):
    with open(f"/proc/{pid}/smaps_rollup") as f:
        for line in f:
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1000
    raise RuntimeError("no Pss")


def main():
    first, again, first_cpu, memory = [], [], [], []
    for run in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            for times in (first, again):
                ms, cpu, process = start(folder)
                times.append(ms)
                if times is first:
                    first_cpu.append(cpu)
                if times is again and run == 0:
                    time.sleep(5)
                    memory.append(pss_mb(process.pid))
                process.terminate()
                process.wait()
    figures = {
        "first start, ms": statistics.median(first),
        "least first start, ms": min(first),
        "CPU of first start, ms": statistics.median(first_cpu),
        "later start, ms": statistics.median(again),
        "idle memory, MB": memory[0],
        "binary, MB": os.path.getsize(BINARY) / 1e6,
        "runs": RUNS,
    }
    print(json.dumps({k: round(v, 1) for k, v in figures.items()}))


main()
