#!/usr/bin/env bash
# Starts BINARY on a free port with an empty data folder and lets Schemathesis send what the OpenAPI
# document allows, and what it forbids. Every answer must be one that the document describes.
# Further arguments go to `schemathesis run`. Usage: schemathesis.sh BINARY [ARGUMENT…]
set -euo pipefail
binary=${1:?usage: schemathesis.sh BINARY [ARGUMENT…]}
shift
version=4.32.5

# The tool in a folder of its own, which outlives the clone; a half-made one is made again.
venv="${XDG_CACHE_HOME:-$HOME/.cache}/clisonix-schemathesis-$version"
schemathesis="$venv/bin/schemathesis"
if ! "$schemathesis" --version >/dev/null 2>&1; then
  echo "installing schemathesis $version into $venv" >&2
  if ! { rm -rf "$venv" && python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; } >&2; then
    what="schemathesis is absent and pip could not install it; the API was NOT checked against its document"
    if [ "${CLX_REQUIRE_ALL:-}" = 1 ]; then
      echo "$what; CLX_REQUIRE_ALL=1 asks for everything" >&2
      exit 1
    fi
    echo "SKIPPED: $what"
    [ -z "${CLX_SKIPPED:-}" ] || echo "$what" >>"$CLX_SKIPPED"
    exit 0
  fi
fi

folder=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

"$binary" serve --json --listen 127.0.0.1:0 --web-listen "" --data-dir "$folder/data" \
  >"$folder/started.json" 2>"$folder/server.log" &
server=$!
for _ in $(seq 100); do
  [ -s "$folder/started.json" ] && break
  kill -0 "$server" 2>/dev/null || { cat "$folder/server.log"; exit 1; }
  sleep 0.1
done

# Signs in by the link, makes a key as a person would for a program, and leaves something to find.
python3 - "$folder/started.json" >"$folder/ids" <<'PY'
import io, json, math, struct, sys, time, urllib.request, wave

started = json.loads(open(sys.argv[1]).readline())
api = started["api"]
headers = {"sec-fetch-site": "same-origin"}

def send(path, body=None, media_type="application/json"):
    body = json.dumps(body).encode() if isinstance(body, dict) else body
    request = urllib.request.Request(api + path, body, {"content-type": media_type, **headers})
    return urllib.request.urlopen(request)

def tone(frequency_hz):
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        samples = (8000 * math.sin(math.tau * frequency_hz * i / 8000) for i in range(24000))
        sound.writeframes(b"".join(struct.pack("<h", int(x)) for x in samples))
    recording = json.load(send("/recordings?filename=tone.wav", file.getvalue(), "application/octet-stream"))
    for _ in range(300):
        if json.load(send("/recordings/" + recording["id"]))["state"] != "processing":
            break
        time.sleep(0.1)
    return recording["id"]

def finished(path, body):
    job = json.load(send(path, body))
    for _ in range(300):
        job = json.load(send("/jobs/" + job["id"]))
        if job["state"] not in ("queued", "running"):
            break
        time.sleep(0.1)
    assert job["state"] == "succeeded", job
    return job

session = send("/session", {"token": started["sign_in"].split("token=")[1]})
headers["cookie"] = session.headers["set-cookie"].split(";")[0]
recording = tone(440)
job = finished("/jobs", {"analysis": "audio.overview", "recording_id": recording})["id"]
report = finished("/reports", {"job_ids": [job], "format": "xlsx"})
print("api=" + api)
print("key=" + json.load(send("/keys", {"name": "schemathesis"}))["secret"])
print("export CLX_RECORDING=" + recording)
print("export CLX_OTHER_RECORDING=" + tone(550))
print("export CLX_JOB=" + job)
plots = json.load(send("/jobs/" + job + "/plots"))["data"]
print("export CLX_PLOT=" + plots[0]["name"])
print("export CLX_ARTIFACT=" + report["artifacts"][0]["id"])
PY
. "$folder/ids"

# Left out is GET /v1/events with a valid request: the answer is a stream without an end, which the
# tool would read until its timeout. tests/it/events.rs of clx-gateway covers it.
here=$(cd "$(dirname "$0")" && pwd)
# The tool leaves a folder of its own where it runs.
cd "$folder"
PYTHONPATH=$here SCHEMATHESIS_HOOKS=schemathesis_hooks PYTHONDONTWRITEBYTECODE=1 \
  "$schemathesis" --config-file "$here/schemathesis.toml" run "$api/openapi.json" \
  -H "Authorization: Bearer $key" --max-examples 10 --seed 1 --phases examples,coverage,fuzzing \
  --exclude-operation-id events_stream \
  --request-timeout 40 --generation-database none --no-color "$@"
