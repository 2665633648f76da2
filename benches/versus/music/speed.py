#!/usr/bin/env python3
"""Speed, memory and repeatability of long BrainSync tracks, and their loudness by ffmpeg.

usage: speed.py TRACK_BINARY [SECONDS] [MODE...]

TRACK_BINARY is `cargo build --release -p clx-music --example track`. Each mode is rendered twice to
FLAC with the same seed: composition, both loudness passes and encoding, in one thread. Prints a
Markdown table; fails if a track is slower than 200 times real time, if two renderings differ, or if
loudness or true peak are not what was asked.
"""
import hashlib
import os
import re
import subprocess
import sys
import tempfile

MODES = ["relax", "focus", "sleep", "motivation", "creativity", "recovery"]
ASKED_LUFS, MOST_DBTP, LEAST_SPEED = -20.0, -1.0, 200


def render(binary, *args):
    """Renders one track; messages of the binary, its CPU seconds and its peak resident MiB.

    Nothing large is imported or read here: a new process counts its parent's memory as its own peak.
    """
    with tempfile.TemporaryFile("w+") as messages:
        process = subprocess.Popen([binary, *map(str, args)], stdout=messages, stderr=messages)
        _, status, usage = os.wait4(process.pid, 0)
        messages.seek(0)
        text = messages.read()
    if status:
        sys.exit(f"{binary} {args} failed: {text}")
    return text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def loudness(path):
    """Integrated loudness in LUFS and true peak in dBTP, by ffmpeg's ebur128."""
    out = subprocess.run(
        ["ffmpeg", "-nostdin", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"],
        capture_output=True, text=True, check=True,
    ).stderr
    summary = out[out.rindex("Summary:"):]
    return (float(re.search(r"I:\s+(-?[\d.]+)", summary)[1]),
            float(re.search(r"Peak:\s+(-?[\d.]+)", summary)[1]))


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main():
    binary = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 3600
    missed = []
    print(f"| {seconds} s track to FLAC | CPU s | times real time | peak MiB | MB | two runs | LUFS | dBTP |")
    print("|---|---:|---:|---:|---:|---|---:|---:|")
    for mode in sys.argv[3:] or MODES:
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, f"{i}.flac") for i in (1, 2)]
            runs = [render(binary, mode, "am", seconds, 44100, 7, path) for path in paths]
            cpu_s = [cpu for _, cpu, _ in runs]
            equal = sha256(paths[0]) == sha256(paths[1])
            lufs, dbtp = loudness(paths[0])
            megabytes = os.path.getsize(paths[0]) / 1e6
        held = {
            "speed": min(seconds / cpu for cpu in cpu_s) >= LEAST_SPEED,
            "equal bytes": equal,
            "loudness": abs(lufs - ASKED_LUFS) <= 0.1,
            "true peak": dbtp <= MOST_DBTP,
        }
        missed += [f"{mode}: {bar}" for bar, kept in held.items() if not kept]
        print(f"| {mode} | {cpu_s[0]:.1f}, {cpu_s[1]:.1f} | {seconds / cpu_s[0]:.0f}, {seconds / cpu_s[1]:.0f} "
              f"| {max(mb for _, _, mb in runs):.0f} | {megabytes:.0f} | {'equal' if equal else 'DIFFERENT'} "
              f"| {lufs} | {dbtp} |", flush=True)
    if missed:
        sys.exit(f"missed: {missed}")


if __name__ == "__main__":
    main()
