"""`python -m benchmarks`: one run, one table."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import uvloop

from benchmarks import demo, processes, profiling, report, search, vectors
from benchmarks.citizens import AtRasa, AtStockRasa, InWeChat
from benchmarks.counts import Counts, read_counts
from benchmarks.measuring import Level, Watched, at_rest, measure, settle
from benchmarks.questions import Question, demo_articles, questions
from sandbox.wechat.pushes import MsgIds

ACCOUNTS = {"safe": "12345-wechat", "plain": "12341-wechat"}
PATH, REST, STOCK = "whole path", "Rasa's REST, our model and actions", "stock Rasa"


@dataclass(frozen=True)
class Run:
    seconds: float
    citizens: tuple[int, ...]
    mode: str
    asked: Iterator[Question]
    answers: Mapping[str, str]
    hotline: str


@click.command()
@click.option("--seconds", default=10.0, help="How long each level is measured.")
@click.option("--citizens", default="1,16,64", help="How many write at once, a level each.")
@click.option("--mode", type=click.Choice(list(ACCOUNTS)), default="safe")
@click.option("--stock", is_flag=True, help="Also stock Rasa; the first time takes minutes.")
@click.option("--search/--no-search", "with_search", default=True, help="Also the search alone.")
@click.option("--path/--no-path", "with_path", default=True, help="The whole path.")
@click.option(
    "--profile", type=click.Path(path_type=Path), help="Where the time goes, kept in this folder."
)
@click.option("--home", type=click.Path(path_type=Path), help="A home that is kept for next time.")
def main(
    seconds: float,
    citizens: str,
    mode: str,
    stock: bool,
    with_search: bool,
    with_path: bool,
    profile: Path | None,
    home: Path | None,
) -> None:
    """Measure Qianmen on this machine and print one table."""
    articles = demo_articles()
    hotline = ACCOUNTS[mode].partition("-")[0]
    levels = tuple(int(number) for number in citizens.split(","))
    asked = questions(articles, hotline=hotline, now=datetime.now(UTC))
    answers = {article.external_id: article.answer for article in articles}
    run = Run(seconds, levels, mode, asked, answers, hotline)
    with tempfile.TemporaryDirectory(prefix="qianmen-bench-") as scratch:
        kept = home or Path(scratch) / "home"
        found: dict[str, list[Level]] = {}
        rest: dict[str, float] = {}
        try:
            vectors.make(kept / "vectors")
            if with_path:
                found, rest = _of_ours(run, kept, profile)
        except demo.CannotMeasure as fault:
            raise click.ClickException(str(fault)) from None
        if stock:
            try:
                found[STOCK] = _of_stock(run)
            except demo.CannotMeasure as fault:  # what was measured before is worth showing
                click.echo(f"[bench] stock Rasa is left out: {fault}", err=True)
        tables = report.tables(found, rest)
        if with_search:
            tables += search.run(kept / "vectors")
    for table in tables:
        click.echo(table.text())
    for line in report.faults(found):
        click.echo(line)


def _of_ours(
    run: Run, home: Path, samples: Path | None
) -> tuple[dict[str, list[Level]], dict[str, float]]:
    extra = profiling.environment(samples) if samples else {}
    with demo.running(home=home, extra=extra) as ours:
        sessions = processes.parts_of(ours.home)
        watched = Watched(sessions, lambda: read_counts(ours.ports["metrics"]))
        account = ours.accounts.wechat[ACCOUNTS[run.mode]]
        msg_ids = MsgIds()
        settle(watched)
        rest = at_rest(watched)
        found: dict[str, list[Level]] = {PATH: [], REST: []}
        with profiling.looking(samples) if samples else nullcontext():
            for number in run.citizens:
                found[PATH].append(
                    _measure(
                        run,
                        lambda: InWeChat(account, ours.ports["gateway"], msg_ids),
                        number,
                        watched,
                    )
                )
        if samples:
            messages = sum(level.asked for level in found[PATH])
            for name, spent in profiling.read(samples, sessions).items():
                click.echo("\n".join(profiling.lines(name, spent, messages)))
            return {PATH: found[PATH]}, rest
        for number in run.citizens:
            found[REST].append(
                _measure(run, lambda: AtRasa(ours.ports["rasa"], run.hotline), number, watched)
            )
        return found, rest


def _of_stock(run: Run) -> list[Level]:
    from benchmarks.stock import running

    with running.running(demo_articles()) as stock:
        watched = Watched(stock.sessions, Counts)
        return [
            _measure(run, lambda: AtStockRasa(stock.port), number, watched)
            for number in run.citizens
        ]


def _measure(run: Run, make: report.MakeCitizen, citizens: int, watched: Watched) -> Level:
    settle(watched)
    click.echo(f"[bench] {citizens} at once for {run.seconds:g} s", err=True)
    return uvloop.run(
        measure(
            make,
            run.asked,
            run.answers,
            citizens=citizens,
            seconds=run.seconds,
            watched=watched,
        )
    )


if __name__ == "__main__":
    main()
