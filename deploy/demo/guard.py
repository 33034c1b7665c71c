"""Outlives a supervisor that was killed, only to take down what it had started.

Run as a script with nothing but the standard library, in a session of its own. It reads what the
supervisor starts (``+ GROUP PID_FILE``) and has seen end (``- GROUP``). When the pipe closes, the
supervisor is gone: what is still there is asked to end, and then ended. It holds a lock until then,
so that the next start knows when the last one is over.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time

PATIENCE = 5.0


def main() -> None:
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    lock = open(sys.argv[1], "w")  # noqa: SIM115 - held until this process ends
    fcntl.flock(lock, fcntl.LOCK_SH)
    groups: dict[int, str] = {}
    for line in sys.stdin:
        sign, group, *rest = line.rstrip("\n").split(" ", 2)
        if sign == "+":
            groups[int(group)] = rest[0]
        else:
            groups.pop(int(group), None)
    end(groups)


def end(groups: dict[int, str]) -> None:
    for group in groups:
        _send(group, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(_send(group, 0) for group in groups):
        time.sleep(0.05)
    for group, pid_file in groups.items():
        _send(group, signal.SIGKILL)
        if os.path.exists(pid_file):
            os.unlink(pid_file)


def _send(group: int, number: int) -> bool:
    """False when nobody of the group is left."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        return False
    return True


if __name__ == "__main__":
    main()
