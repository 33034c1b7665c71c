"""What the product counts itself, read where it shows it: the gateway's metrics."""

from __future__ import annotations

from dataclasses import dataclass, fields
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True)
class Counts:
    searches: float = 0
    encoder_calls: float = 0
    encoder_cache_hits: float = 0

    def __sub__(self, earlier: Counts) -> Counts:
        return Counts(
            *(getattr(self, one.name) - getattr(earlier, one.name) for one in fields(self))
        )


def read_counts(port: int) -> Counts:
    """All processes' together."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return counts_in(answer.read().decode())


def counts_in(text: str) -> Counts:
    sums = dict.fromkeys((one.name for one in fields(Counts)), 0.0)
    for family in text_string_to_metric_families(text):
        name = family.name.removeprefix("qianmen_")
        if name in sums:
            sums[name] += sum(one.value for one in family.samples if one.name.endswith("_total"))
    return Counts(**sums)
