"""Starts the sandbox: `python -m sandbox.serve`. On loopback only, and never in production."""

from __future__ import annotations

import os
import sys

import uvicorn
from environs import EnvValidationError

from environment.logs import configure_logs
from environment.settings import PRODUCTION, Settings, read_settings
from sandbox.accounts import AccountsError, read_accounts
from sandbox.app import Places, build_app

HOST = "127.0.0.1"


def main() -> int:
    try:
        settings = read_settings()
    except EnvValidationError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    if settings.environment == PRODUCTION:
        print("sandbox: not in production, where QIANMEN_ENV=production", file=sys.stderr)
        return 2
    configure_logs(settings.log)
    try:
        accounts = read_accounts(settings.channels_file, os.environ)
    except AccountsError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    uvicorn.run(
        build_app(accounts, places(settings)),
        host=HOST,
        port=settings.sandbox_port,
        log_config=None,
        access_log=False,  # addresses hold tokens and openids
        server_header=False,
        timeout_graceful_shutdown=2,  # pages that look at a chat never end by themselves
    )
    return 0


def places(settings: Settings) -> Places:
    return Places(
        own_url=f"http://{HOST}:{settings.sandbox_port}",
        public_url=settings.public_url,
        desk_url=settings.desk_url,
        rasa_url=settings.rasa_url,
        actions_url=settings.actions_url,
        home=settings.home,
    )


if __name__ == "__main__":
    sys.exit(main())
