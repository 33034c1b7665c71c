"""What was measured, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from benchmarks.citizens import Citizen
from benchmarks.measuring import OURSELVES, Level
from benchmarks.table import Table

type MakeCitizen = Callable[[], Citizen]

SPEED = (
    *("way", "citizens", "messages", "messages/s", "p50 ms", "p99 ms", "with its entry"),
    *("not in time", "encoder calls", "cache hits", "load"),
)


def tables(found: Mapping[str, list[Level]], at_rest: Mapping[str, float]) -> list[Table]:
    """Speed in one table, and below it what each process costs."""
    if not found:
        return []
    costs = [_cost(way, levels) for way, levels in found.items()]
    return [_speed(found), *costs, *([_rest(at_rest)] if at_rest else [])]


def faults(found: Mapping[str, list[Level]]) -> Iterator[str]:
    """What came instead of answers."""
    for way, levels in found.items():
        for level in levels:
            for fault, count in level.faults.most_common(5):
                yield f"{way}, {level.citizens} citizens: {count} × {fault}"


def _speed(found: Mapping[str, list[Level]]) -> Table:
    table = Table(
        "From a message to its answer. All questions are distinct; encoder calls and cache hits "
        "are a message.",
        SPEED,
    )
    for way, levels in found.items():
        for level in levels:
            share = level.answered_right / max(level.messages, 1)
            table.add(
                (
                    way,
                    level.citizens,
                    level.messages,
                    level.per_second,
                    level.percentile(0.5),
                    level.percentile(0.99),
                    f"{share:.0%}",
                    sum(level.faults.values()),
                    level.counts.encoder_calls / max(level.messages, 1),
                    level.counts.encoder_cache_hits / max(level.messages, 1),
                    level.load,
                )
            )
    return table


def _cost(way: str, levels: list[Level]) -> Table:
    """Processor milliseconds a message. The load generator's own stands apart from the sum."""
    names = sorted({name for level in levels for name in level.cpu} - {OURSELVES})
    table = Table(
        f"{way}: processor ms a message, by process",
        ("citizens", *names, "together", OURSELVES),
    )
    for level in levels:
        costs = [level.cpu.get(name, 0.0) for name in names]
        table.add((str(level.citizens), *costs, sum(costs), level.cpu.get(OURSELVES, 0.0)))
    return table


def _rest(at_rest: Mapping[str, float]) -> Table:
    names = sorted(set(at_rest) - {OURSELVES})
    table = Table("nobody writes: processor ms a second, by process", ("", *names, "together"))
    costs = [at_rest[name] for name in names]
    table.add(("", *costs, sum(costs)))
    return table
