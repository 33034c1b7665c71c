"""What each process has used of the processor, read from /proc by the pid files of a home.

A part counts with all that it has started: each part leads a session of its own.
"""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

_TICK = 1000 / os.sysconf("SC_CLK_TCK")  # ms


def parts_of(home: Path) -> dict[int, str]:
    """The sessions of the parts that run from this home, with their names."""
    return {int(file.read_text()): file.stem for file in (home / "run").glob("*.pid")}


def processor_ms(sessions: dict[int, str]) -> dict[str, float]:
    """Processor time since the start, in ms, by part."""
    used: dict[str, float] = defaultdict(float)
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            line = (folder / "stat").read_text()
        except OSError:  # it has just ended
            continue
        # The name in parentheses may hold anything; what follows is split by blanks.
        fields = line.rpartition(")")[2].split()
        session = int(fields[3])
        if session in sessions:
            used[sessions[session]] += (int(fields[11]) + int(fields[12])) * _TICK
    return dict(used)


def load() -> str:
    """The machine's load, since a figure means little without it."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
