"""Asking the desk for pages as a browser does, and how long the whole answers took."""

from __future__ import annotations

import time
from dataclasses import dataclass

import click
from django.test import Client

COLUMNS = ("page", "n", "p50 ms", "p95 ms", "p99 ms", "kB")


@dataclass(frozen=True)
class Page:
    name: str
    addresses: list[str]


def asked_for(client: Client, page: Page) -> tuple[object, ...]:
    """One row of a table with `COLUMNS`. An answer that is none ends the run."""
    client.get(page.addresses[0])  # templates are read once
    took, size = [], 0
    for address in page.addresses:
        begun = time.perf_counter()
        answer = client.get(address)
        took.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise click.ClickException(f"{address} answered {answer.status_code}")
        size = max(size, len(answer.content))
    took.sort()
    shares = [took[min(len(took) - 1, int(share * len(took)))] for share in (0.5, 0.95, 0.99)]
    return (page.name, len(took), *(round(one, 1) for one in shares), size / 1000)
