"""A closed loop: so many citizens at once, each writes again when the answer has come."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks import processes
from benchmarks.citizens import Citizen
from benchmarks.connection import NoAnswer
from benchmarks.counts import Counts
from benchmarks.questions import Question

OURSELVES = "load generator"
QUIET = 100.0  # processor ms in a second, of all processes together


@dataclass
class Level:
    """What came out with so many citizens at once."""

    citizens: int
    seconds: float
    milliseconds: list[float]
    answered_right: int
    faults: Counter[str]
    load: str
    cpu: dict[str, float] = field(default_factory=dict)  # ms a message, by process
    counts: Counts = field(default_factory=Counts)

    @property
    def messages(self) -> int:
        return len(self.milliseconds)

    @property
    def asked(self) -> int:
        """Also those that got no answer in time: their work was done, or will be."""
        return self.messages + self.faults.total()

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Of the answered ones; NaN when nothing was answered."""
        ordered = sorted(self.milliseconds)
        if not ordered:
            return float("nan")
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Watched:
    """The processes whose cost counts, and where their own counts can be read."""

    sessions: Mapping[int, str]
    counts: Callable[[], Counts]


async def measure(
    make: Callable[[], Citizen],
    questions: Iterator[Question],
    answers: Mapping[str, str],
    *,
    citizens: int,
    seconds: float,
    watched: Watched,
) -> Level:
    """One level, after a short run that is not counted."""
    asking = [make() for _ in range(citizens)]
    try:
        await _run(asking, questions, answers, seconds=min(2.0, seconds / 2))
        cpu_before, counts_before = _used(watched), watched.counts()
        level = await _run(asking, questions, answers, seconds=seconds)
        cpu_after = _used(watched)
        # What is still under way after the last answer (acknowledging, telling) is not lost:
        # it was under way before the first one, too.
        level.counts = watched.counts() - counts_before
        level.cpu = _difference(cpu_before, cpu_after, level.asked)
        return level
    finally:
        await asyncio.gather(*(one.close() for one in asking))


async def _run(
    asking: Sequence[Citizen],
    questions: Iterator[Question],
    answers: Mapping[str, str],
    *,
    seconds: float,
) -> Level:
    milliseconds: list[float] = []
    right = 0
    faults: Counter[str] = Counter()
    load = processes.load()
    began = time.perf_counter()
    until = began + seconds

    async def go_on(citizen: Citizen) -> None:
        nonlocal right
        while (started := time.perf_counter()) < until:
            question = next(questions)
            try:
                said = await citizen.ask(question)
            except NoAnswer as fault:
                faults[str(fault)] += 1
                continue
            milliseconds.append((time.perf_counter() - started) * 1000)
            right += answers[question.entry] in said

    await asyncio.gather(*(go_on(citizen) for citizen in asking))
    return Level(
        citizens=len(asking),
        seconds=time.perf_counter() - began,
        milliseconds=milliseconds,
        answered_right=right,
        faults=faults,
        load=load,
    )


def _used(watched: Watched) -> dict[str, float]:
    used = processes.processor_ms(dict(watched.sessions))
    return used | {OURSELVES: time.process_time() * 1000}


def _difference(
    before: Mapping[str, float], after: Mapping[str, float], shares: float
) -> dict[str, float]:
    return {name: (after[name] - before.get(name, 0.0)) / max(shares, 1) for name in sorted(after)}


def settle(watched: Watched) -> None:
    """Wait until what the start or the last level left behind is worked off, at most ten minutes:
    a new knowledge base is learned from in the background."""
    for _second in range(600):
        before = _used(watched)
        time.sleep(1.0)
        used = _difference(before, _used(watched), 1.0)
        if sum(used.values()) < QUIET:
            return


def at_rest(watched: Watched, seconds: float = 5.0) -> dict[str, float]:
    """Processor ms a second of each process while nobody writes."""
    before = _used(watched)
    time.sleep(seconds)
    return _difference(before, _used(watched), seconds)
