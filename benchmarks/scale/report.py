"""What was measured, as tables: for the terminal, and in the page that documents it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.table import Table

type Row = Mapping[str, Any]
type Shown = Callable[[Row], str]

BEGIN, END = "<!-- measured: {} -->", "<!-- end -->"


def _figure(name: str, digits: int = 0) -> Shown:
    def shown(row: Row) -> str:
        value = row.get(name)
        return "" if value is None or value != value else f"{value:,.{digits}f}"

    return shown


def _share(name: str) -> Shown:
    return lambda row: f"{row[name]:.3f}".removeprefix("0") if name in row else ""


def _engine(row: Row) -> str:
    return {"embedded": "embedded", "elasticsearch": "Elasticsearch"}[row["engine"]]


def _memory(stage: str) -> Shown:
    """Of our process, and of the server where there is one."""

    def shown(row: Row) -> str:
        ours = _figure(f"{stage}_mb")(row)
        server = _figure(f"{stage}_server_mb")(row)
        return f"{ours} + {server}" if server else ours

    return shown


COLUMNS: dict[str, dict[str, Shown]] = {
    "searched": {
        "engine": _engine,
        "entries": _figure("entries"),
        "p50 ms": _figure("p50_ms", 1),
        "p99 ms": _figure("p99_ms", 1),
        "processor ms": _figure("cpu_ms", 1),
        "asked the encoder": _share("encoder"),
        "first": _share("first"),
        "among three": _share("three"),
        "memory MB": _memory("search"),
        "load": _figure("load", 1),
    },
    "built": {
        "engine": _engine,
        "entries": _figure("entries"),
        "index s": _figure("build_s"),
        "vectors s": _figure("vectors_s"),
        "memory MB, index": _memory("build"),
        "memory MB, vectors": _memory("prepare"),
        "index MB": _figure("disk_mb"),
        "vectors MB": _figure("vectors_mb"),
    },
    "swapped": {
        "engine": _engine,
        "entries": _figure("entries"),
        "searches meanwhile": _figure("swap_asked"),
        "failed or without their entry": _figure("swap_lost"),
        "slowest ms": _figure("swap_slowest_ms", 1),
    },
}


def tables(rows: Sequence[Row]) -> list[Table]:
    made = []
    for title, columns in COLUMNS.items():
        table = Table(title, tuple(columns))
        for row in _of(title, rows):
            table.add(tuple(shown(row) for shown in columns.values()))
        if table.rows:
            made.append(table)
    return made


def page(text: str, rows: Sequence[Row]) -> str:
    """The page with these figures where its marks are."""
    for title, columns in COLUMNS.items():
        lines = [list(columns), ["---"] * len(columns)]
        lines += [[shown(row) for shown in columns.values()] for row in _of(title, rows)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        begin = BEGIN.format(title)
        pattern = re.compile(f"{re.escape(begin)}\n.*?{re.escape(END)}", re.DOTALL)
        text = pattern.sub(f"{begin}\n{table}\n{END}".replace("\\", r"\\"), text)
    return text


def _of(title: str, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if title != "swapped" or "swap_asked" in row]
