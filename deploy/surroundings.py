"""The environment that the project's commands run in, wherever they are called from.

The real environment beats `.env`. Paths in `.env` are meant from the project's root, paths in the
real environment from the folder that one stands in; both are made absolute here, since the
processes that read them stand elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

from dotenv import dotenv_values

from deploy.demo import credentials
from environment.settings import DEMO, ROOT

_PATHS = ("QIANMEN_HOME", "QIANMEN_CHANNELS")


def prepare(
    environ: MutableMapping[str, str] = os.environ, *, dotenv: Path = ROOT / ".env"
) -> None:
    """Add what `.env` says and, in the demo, the demo's own secrets."""
    for name in _PATHS:
        if environ.get(name):
            environ[name] = str(Path(environ[name]).resolve())
    if dotenv.is_file():
        for name, value in dotenv_values(dotenv).items():
            if value and name not in environ:
                environ[name] = str(ROOT / value) if name in _PATHS else value
    environ.setdefault("QIANMEN_HOME", str(ROOT / "var"))
    if environ.get("QIANMEN_ENV", DEMO) == DEMO:
        credentials.lay_out(Path(environ["QIANMEN_HOME"]), environ)
