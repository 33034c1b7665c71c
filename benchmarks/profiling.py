"""Where each process spends its time for a message: `python -m benchmarks --profile`."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SAMPLING = Path(__file__).parent / "sampling"
_WRITTEN_WITHIN = 5.0
_SHOWN = 14


@dataclass(frozen=True)
class Spent:
    """Seconds of one process by function: in itself, and with all that it calls."""

    itself: Mapping[str, float]
    with_callees: Mapping[str, float]
    seconds: float


def environment(folder: Path) -> dict[str, str]:
    """What a process needs to look at itself."""
    return {"PYTHONPATH": str(SAMPLING), "QIANMEN_BENCH_SAMPLES": str(folder)}


@contextmanager
def looking(folder: Path) -> Iterator[None]:
    """Every process looks at itself while this is open."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    (folder / "on").touch()
    try:
        yield
    finally:
        (folder / "on").unlink()
        time.sleep(_WRITTEN_WITHIN)


def read(folder: Path, sessions: Mapping[int, str]) -> dict[str, Spent]:
    """By process, those that were found."""
    found = {}
    for pid, name in sessions.items():
        file = folder / f"{pid}.json"
        if file.exists():
            found[name] = _spent(json.loads(file.read_text(encoding="utf-8"))["spent"])
    return found


def _spent(rows: list[dict[str, object]]) -> Spent:
    itself: dict[str, float] = defaultdict(float)
    with_callees: dict[str, float] = defaultdict(float)
    total = 0.0
    for row in rows:
        stack, seconds = row["stack"], row["seconds"]
        assert isinstance(stack, list)
        assert isinstance(seconds, float)
        functions = [place.rpartition(":")[0] for place in stack]
        total += seconds
        itself[functions[0]] += seconds
        for function in set(functions):
            with_callees[function] += seconds
    return Spent(itself, with_callees, total)


def lines(name: str, spent: Spent, messages: int) -> Iterator[str]:
    """The dearest functions, ms a message."""
    a_message = 1000 / max(messages, 1)
    yield f"{name}: {spent.seconds * a_message:.1f} ms of processor a message"
    for title, times in (("in itself", spent.itself), ("with callees", spent.with_callees)):
        yield f"  {title}"
        for function, seconds in sorted(times.items(), key=lambda one: -one[1])[:_SHOWN]:
            if seconds * a_message >= 0.05:
                yield f"    {seconds * a_message:7.2f}  {function}"
