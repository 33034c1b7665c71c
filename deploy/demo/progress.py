"""What the person at the terminal reads, line by line."""

from __future__ import annotations

import contextlib
import sys


def say(text: str) -> None:
    show(f"[demo] {text}")


def show(text: str) -> None:
    # The terminal may be gone (hang-up, `| head`): that must not keep us from stopping well.
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stdout, flush=True)
