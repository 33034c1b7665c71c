#!/usr/bin/env bash
# Makes all that the project runs in; does only what has changed since the last time, and starts
# nothing. Each step says what it does and how long it took; a failing step names the mend.
#
#   deploy/setup.sh              both environments, Rasa's model, the desk's database and files
#   deploy/setup.sh --desk-only  what bin/manage needs; silent when there is nothing to do
set -euo pipefail
called_from=$PWD
cd "$(dirname "$0")/.."

desk_only=""
[ "${1:-}" = --desk-only ] && desk_only=yes

say() { printf '[setup] %s\n' "$*"; }
fail() { printf '[setup] %s\n        mend: %s\n' "$1" "$2" >&2; exit 1; }

# A variable as the project's processes see it: the real environment beats .env.
value_of() {
  local given=${!1:-}
  [ -z "$given" ] && [ -f .env ] && given=$(sed -n "s/^$1=//p" .env | tail -n 1 | tr -d "\"'")
  printf '%s' "$given"
}

home_folder() {
  local given=${QIANMEN_HOME:-}
  case $given in
    /*) printf '%s' "$given" ;;
    ?*) printf '%s' "$called_from/$given" ;;
    *)
      given=$(value_of QIANMEN_HOME)
      case $given in /*) printf '%s' "$given" ;; *) printf '%s' "$PWD/${given:-var}" ;; esac
      ;;
  esac
}

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

holds() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# --- one set-up at a time; a lock whose owner is gone counts for nothing
mkdir -p .tools
setup_lock=.tools/setup.lock
waited=""
until mkdir "$setup_lock" 2>/dev/null; do
  owner=$(cat "$setup_lock/owner" 2>/dev/null || true)
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$setup_lock"; continue; fi
  [ -n "$waited" ] || say "waiting for another set-up${owner:+ (process $owner)}" >&2
  waited=yes
  sleep 0.2
done
echo $$ >"$setup_lock/owner"
bot=""
tidy_up() {
  [ -n "$bot" ] && kill "$bot" 2>/dev/null
  rm -rf "$setup_lock"
}
trap tidy_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- what has to be done
home=$(home_folder)
environment_lock=$(cksum <requirements.lock)
desk_inputs() {
  {
    echo "$environment_lock $home $(value_of DATABASE_URL) $(value_of QIANMEN_DEMO_KNOWLEDGE) $(value_of QIANMEN_ENV)"
    find desk/setup.py desk/demo desk/locale desk/static desk/*/migrations -type f \
      ! -name '*.pyc' ! -name '*.mo' -exec cksum {} + 2>/dev/null | sort || true
  } | cksum
}

# Only spares the call: bot/setup.sh knows exactly what has changed.
bot_is_newer_than_its_inputs() {
  [ -f bot/.venv/.inputs ] && [ -f bot/models/.inputs ] && [ -f bot/models/qianmen.tar.gz ] \
    && bot/.venv/bin/python -c '' 2>/dev/null \
    && [ -z "$(find domain.yml bot -path bot/.venv -prune -o -path bot/models -prune \
      -o -name __pycache__ -prune -o -newer bot/models/.inputs ! -path bot -print)" ]
}

need_environment="" need_desk=""
{ holds .venv/.lock "$environment_lock" && .venv/bin/python -c '' 2>/dev/null; } || need_environment=yes
if [ -f desk/setup.py ]; then
  inputs=$(desk_inputs)
  holds "$home/setup.stamp" "$inputs" || need_desk=yes
  [ -n "$(value_of DATABASE_URL)" ] || [ -f "$home/qianmen.sqlite3" ] || need_desk=yes
fi
need_bot=""
[ -z "$desk_only" ] && [ -f bot/setup.sh ] && ! bot_is_newer_than_its_inputs && need_bot=yes
need_uv=""
{ [ -n "$need_environment" ] || [ -n "$need_bot" ]; } && [ ! -x .tools/bin/uv ] && need_uv=yes

steps=0 step=0 step_began=0
for each in "$need_uv" "$need_environment" "$need_desk" "$need_bot"; do
  [ -z "$each" ] || steps=$((steps + 1))
done
begin() { step=$((step + 1)) step_began=$SECONDS; say "$step/$steps $*"; }
finish() { say "    done in $((SECONDS - step_began)) s"; }

# --- the steps
if [ -n "$need_uv" ]; then
  begin "uv, the installer"
  python3 -m venv .tools || fail "python3 cannot make a virtual environment" "install python3-venv"
  .tools/bin/pip install --quiet --disable-pip-version-check uv \
    || fail "uv could not be installed" "check that pip reaches your package index"
  finish
fi

if [ -n "$need_bot" ]; then # beside the other steps
  begin "Rasa's own environment and model, beside what follows"
  bot_said=.tools/bot-setup.log
  bot/setup.sh >"$bot_said" 2>&1 & # shown later, so that two steps do not write into one line
  bot=$!
fi

if [ -n "$need_environment" ]; then
  begin "Python 3.12 and its packages (about 1.3 GB on disk)"
  .venv/bin/python -c '' 2>/dev/null || rm -rf .venv
  [ -x .venv/bin/python ] || .tools/bin/uv venv --quiet --python "$(find_python 3.12)" .venv \
    || fail "no Python 3.12 was found" "install python3.12"
  .tools/bin/uv pip sync --quiet --python .venv/bin/python --compile-bytecode requirements.lock \
    || fail "a package could not be installed" "check that uv reaches your package index, then start again: nothing is lost"
  echo "$environment_lock" >.venv/.lock
  finish
fi

if [ -n "$need_desk" ]; then
  begin "the desk: database, static files, translations, the demo city"
  rm -f "$home/setup.stamp"
  .venv/bin/python -m deploy.inside desk.setup \
    || fail "the desk could not be set up" "see the lines above; what is in $home stays, and set-up goes on from there"
  mkdir -p "$home"
  echo "$inputs" >"$home/setup.stamp"
  finish
fi

if [ -n "$bot" ]; then
  shown=0 outcome=0
  show_bot() {
    sed -n "$((shown + 1)),\$p" "$bot_said"
    shown=$(wc -l <"$bot_said")
  }
  while kill -0 "$bot" 2>/dev/null; do
    show_bot
    sleep 0.2
  done
  wait "$bot" || outcome=$?
  show_bot
  bot=""
  [ "$outcome" = 0 ] || fail "the bot could not be set up" "see the lines above"
  [ ! -f bot/models/.inputs ] || touch bot/models/.inputs # looked at, though nothing had to change
fi
[ -n "$desk_only" ] && [ "$steps" = 0 ] || say "ready after $SECONDS s"
