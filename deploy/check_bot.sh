#!/usr/bin/env bash
# Rasa's own check of domain, rules and examples; silent when they fit together.
set -euo pipefail
cd "$(dirname "$0")/../bot"
export RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 PYTHONWARNINGS=ignore
if ! said=$(.venv/bin/python -m rasa data validate --domain ../domain.yml --config config.yml --data data 2>&1); then
  printf '%s\n' "$said" >&2
  exit 1
fi
echo "Rasa's data fits together"
