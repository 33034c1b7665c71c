#!/usr/bin/env bash
# Makes the environment that the project runs in; does only what has changed since the last time.
# Each step says what it does; a failing step names the mend.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '[setup] %s\n' "$*"; }
fail() { printf '[setup] %s\n        mend: %s\n' "$1" "$2" >&2; exit 1; }

# Prints the first interpreter of this version that really runs: a pyenv shim may be there and refuse.
find_python() {
  local version=$1 candidate prefix=""
  if command -v pyenv >/dev/null; then
    prefix=$(pyenv prefix "$version" 2>/dev/null || pyenv prefix "$(pyenv versions --bare 2>/dev/null | grep "^${version//./\\.}\." | tail -n 1)" 2>/dev/null || true)
  fi
  for candidate in "$(command -v "python$version" || true)" "${prefix:+$prefix/bin/python}" "/usr/bin/python$version"; do
    [ -n "$candidate" ] && "$candidate" -c "import sys; assert '%d.%d' % sys.version_info[:2] == '$version'" 2>/dev/null \
      && { "$candidate" -c 'import sys; print(sys.executable)'; return; }
  done
  echo "$version" # uv may download one
}

fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

if [ ! -x .tools/bin/uv ]; then
  say "1/2 uv, the installer"
  python3 -m venv .tools || fail "python3 cannot make a virtual environment" "install python3-venv"
  .tools/bin/pip install --quiet --disable-pip-version-check uv \
    || fail "uv could not be installed" "check that pip reaches your package index"
fi

lock=$(cksum <requirements.lock)
if ! fresh .venv/.lock "$lock"; then
  say "2/2 Python 3.12 and its packages (about 1.3 GB on disk)"
  [ -x .venv/bin/python ] || .tools/bin/uv venv --quiet --python "$(find_python 3.12)" .venv \
    || fail "no Python 3.12 was found" "install python3.12"
  .tools/bin/uv pip sync --quiet --python .venv/bin/python --compile-bytecode requirements.lock \
    || fail "a package could not be installed" "check that uv reaches your package index, then start again: nothing is lost"
  echo "$lock" >.venv/.lock
fi
say "ready"
