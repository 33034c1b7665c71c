#!/usr/bin/env bash
# Makes stock Rasa's environment (about 2.7 GB) and trains it; does only what has changed.
set -euo pipefail
cd "$(dirname "$0")"

uv=../../.tools/bin/uv
python=.venv/bin/python
say() { printf '[stock] %s\n' "$*" >&2; }
fail() { printf '[stock] %s\n        mend: %s\n' "$1" "$2" >&2; exit 1; }
fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# Prints the first Python 3.10 that really runs: a pyenv shim may be there and refuse.
find_python() {
  local candidate prefix=""
  if command -v pyenv >/dev/null; then
    prefix=$(pyenv versions --bare 2>/dev/null | grep '^3\.10\.' | tail -n 1 || true)
    prefix=${prefix:+$(pyenv prefix "$prefix" 2>/dev/null || true)}
  fi
  for candidate in "$(command -v python3.10 || true)" "${prefix:+$prefix/bin/python}" /usr/bin/python3.10; do
    [ -n "$candidate" ] && "$candidate" -c 'import sys; assert sys.version_info[:2] == (3, 10)' 2>/dev/null \
      && { echo "$candidate"; return; }
  done
  echo 3.10
}

[ -x "$uv" ] || fail "the installer is missing" "run make setup, which makes it"
inputs=$(cksum <requirements.lock)
if ! fresh .venv/.inputs "$inputs"; then
  say "1/2 Rasa with TensorFlow: takes minutes, and 2.7 GB"
  [ -x "$python" ] || "$uv" venv --quiet --python "$(find_python)" .venv \
    || fail "no Python 3.10 was found" "install python3.10"
  "$uv" pip sync --quiet --python "$python" --compile-bytecode requirements.lock \
    || fail "a package could not be installed" "check that uv reaches your package index"
  echo "$inputs" >.venv/.inputs
fi
inputs=$(cat ../../domain.yml config.yml ../../bot/data/rules.yml ../../bot/data/nlu/*.yml | cksum)
if ! fresh models/.inputs "$inputs"; then
  say "2/2 training DIET on the project's own domain and data: takes minutes"
  mkdir -p models
  RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 PYTHONWARNINGS=ignore \
    TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES="" \
    "$python" -m rasa train --domain ../../domain.yml --config config.yml --data ../../bot/data \
    --out models --fixed-model-name stock --force >models/training.log 2>&1 \
    || { tail -n 15 models/training.log >&2; fail "it could not be trained" "see benchmarks/stock/models/training.log"; }
  echo "$inputs" >models/.inputs
fi
