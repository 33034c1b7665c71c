#!/usr/bin/env bash
# Makes the bot's environment and trains its model; does only what has changed since the last time.
# Without Python 3.10 it says so in one line and leaves: the rest of Qianmen works without Rasa.
set -euo pipefail
cd "$(dirname "$0")"

uv=../.tools/bin/uv
python=.venv/bin/python
model=models/qianmen.tar.gz

say() { printf '[setup] %s\n' "$*"; }
fail() { printf '[setup] %s\n        mend: %s\n' "$1" "$2" >&2; exit 1; }
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
checksum() { find "$@" -type f ! -name '*.pyc' | LC_ALL=C sort | xargs cksum | cksum; }

# Prints the first Python 3.10 that really runs: a pyenv shim may be there and refuse.
find_python() {
  local candidate prefix=""
  if command -v pyenv >/dev/null; then
    prefix=$(pyenv versions --bare 2>/dev/null | grep '^3\.10\.' | tail -n 1 || true)
    prefix=${prefix:+$(pyenv prefix "$prefix" 2>/dev/null || true)}
  fi
  for candidate in "$(command -v python3.10 || true)" "${prefix:+$prefix/bin/python}" /usr/bin/python3.10; do
    [ -n "$candidate" ] && "$candidate" -c 'import sys; assert sys.version_info[:2] == (3, 10)' 2>/dev/null \
      && { "$candidate" -c 'import sys; print(sys.executable)'; return; }
  done
  echo 3.10 # uv may know one, or download it
}

[ -x "$uv" ] || fail "bot: the installer is missing" "run make setup, which makes it first"

inputs=$(checksum requirements.lock tensorflow_stub)
if ! fresh .venv/.inputs "$inputs" || [ ! -x "$python" ]; then
  say "bot 1/2: Python 3.10 and Rasa's packages (about 780 MB on disk)"
  rm -f .venv/.inputs
  if [ ! -x "$python" ] && ! "$uv" venv --quiet --python "$(find_python)" .venv 2>/dev/null; then
    say "bot: no Python 3.10 here, so Rasa is left out and the router answers by itself"
    exit 0
  fi
  "$uv" pip sync --quiet --python "$python" --compile-bytecode requirements.lock \
    || fail "bot: a package could not be installed" "check that uv reaches your package index, then start again: nothing is lost"
  # Out of the tree, where building leaves no files; --no-config, because the project's own
  # configuration drops everything that is called tensorflow.
  stub=$(mktemp -d)
  trap 'rm -rf "$stub"' EXIT
  cp -R tensorflow_stub/. "$stub"
  "$uv" --no-config pip install --quiet --python "$python" --compile-bytecode --no-deps \
    --no-build-isolation "$stub" \
    || fail "bot: the stand-in for TensorFlow could not be installed" "delete bot/.venv and start again"
  echo "$inputs" >.venv/.inputs
fi

inputs=$(checksum ../domain.yml config.yml data components requirements.lock)
if ! fresh models/.inputs "$inputs" || [ ! -f "$model" ]; then
  say "bot 2/2: training the intents (some 20 s)"
  mkdir -p models
  log=models/training.log
  RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 PYTHONWARNINGS=ignore \
    "$python" -m rasa train --domain ../domain.yml --config config.yml --data data --out models \
    --fixed-model-name qianmen --force >"$log" 2>&1 \
    || { tail -n 15 "$log" >&2; fail "bot: the model could not be trained" "see bot/$log; .venv/bin/rasa data validate in bot/ names faults in domain.yml and bot/data"; }
  echo "$inputs" >models/.inputs
fi
# Said by their time as well: what calls this looks there before it does.
touch .venv/.inputs models/.inputs
say "bot ready"
