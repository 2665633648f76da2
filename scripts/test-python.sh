#!/usr/bin/env bash
# Prints a Python that has pylsl (which brings liblsl along), the other side of the tests of LSL.
# It is made in a folder of its own that outlives the clone; without it those tests say so.
set -euo pipefail
version=1.18.6
venv="${XDG_CACHE_HOME:-$HOME/.cache}/clisonix-pylsl-$version"
if ! "$venv/bin/python" -c 'import pylsl' >/dev/null 2>&1; then
  rm -rf "$venv"
  if ! { python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check "pylsl==$version"; } >&2; then
    rm -rf "$venv"
    echo python3
    exit 0
  fi
fi
echo "$venv/bin/python"
