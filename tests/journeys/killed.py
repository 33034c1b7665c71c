"""Kills one process while many citizens write, and judges what each of them was answered.

By hand, with a home that `deploy/setup.sh` has made (a copy is used, the home stays as it is):

    python -m tests.journeys.killed HOME redis gateway sender desk worker rasa actions

The judgement knows what WeChat saw (which pushes were taken, which words reached which citizen) and
what the desk's database says became of each answer, and nothing of how either came about.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import click

from tests.journeys.demo import Demo, a_demo, free_ports
from tests.journeys.platform import Account, Exchange, Platform
from wire.messages import Outbound, Part, decode

ACCOUNTS = [
    Account(id="12345-wechat", hotline="12345", app_id="wx00000000000k2345", safe=True),
    Account(id="12341-wechat", hotline="12341", app_id="wx00000000000k2341", safe=False),
]
SETTLED_WITHIN = 180.0
API_PAUSE = 0.3  # so that a sender is killed while it waits for the platform's word
REPEATS = 12  # how often a citizen writes again what WeChat could not deliver
PARTS = ("redis", "gateway", "sender", "desk", "worker", "rasa", "actions")


@dataclass
class Report:
    """What came of one run; `faults` is empty when every promise was kept."""

    victim: str
    pushed: int = 0
    taken: int = 0  # pushes that WeChat was told 200 for
    not_taken: int = 0  # given up by WeChat after its tries, written again by the citizen
    passive: int = 0
    by_api: int = 0
    unknown: list[str] = field(default_factory=list)
    unknown_but_seen: int = 0
    # Of pushes that WeChat gave up: written into an exchange that it had cut meanwhile.
    unseen: int = 0
    retried: int = 0
    failed_tries: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.victim:8} pushed {self.pushed}, taken {self.taken} (passive {self.passive}, "
            f"api {self.by_api}, unknown {len(self.unknown)} of which seen "
            f"{self.unknown_but_seen}), given up by WeChat {self.not_taken} (called sent all the "
            f"same {self.unseen}), retried pushes "
            f"{self.retried} {dict(self.failed_tries)}, "
            f"longest wait {self.longest:.1f} s, in all {self.seconds:.0f} s: "
            + ("right" if not self.faults else f"{len(self.faults)} FAULTS")
        )


def run(demo: Demo, platform: Platform, victim: str, *, messages: int, citizens: int) -> Report:
    """Let the citizens write, kill the victim when a third is through, wait, and judge."""
    began = time.monotonic()
    platform.exchanges.clear()
    platform.api.sent.clear()
    platform.api.refused.clear()
    report = Report(victim)
    talks = _talks(demo, victim, messages, citizens)
    platform.all_at_once(_traffic(demo, platform, victim, talks, messages // 3))
    _wait_until_settled(demo, platform)
    _judge(demo, platform, report)
    report.seconds = time.monotonic() - began
    return report


def _talks(
    demo: Demo, victim: str, messages: int, citizens: int
) -> dict[tuple[str, str], list[str]]:
    """Each citizen's questions: what the knowledge has an answer for, each with its number."""
    questions = _questions(demo)
    people = [(ACCOUNTS[n % 2], f"o{victim}-{n:03}-{int(time.time())}") for n in range(citizens)]
    talks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number in range(messages):
        account, citizen = people[number % citizens]
        known = questions[account.hotline]
        question = known[(number * 7 + number // citizens) % len(known)]
        talks[account.id, citizen].append(f"{question}（第{number + 1}问）")
    return talks


def _questions(demo: Demo) -> dict[str, list[str]]:
    rows = demo.rows("SELECT question, hotline_codes FROM knowledge_entry WHERE live ORDER BY id")
    return {
        account.hotline: [
            str(question)
            for question, codes in rows
            if not json.loads(str(codes or "[]")) or account.hotline in str(codes)
        ]
        for account in ACCOUNTS
    }


async def _traffic(
    demo: Demo,
    platform: Platform,
    victim: str,
    talks: dict[tuple[str, str], list[str]],
    kill_after: int,
) -> None:
    killer = asyncio.create_task(_kill(demo, platform, victim, kill_after))
    async with asyncio.TaskGroup() as group:
        for number, ((account, citizen), texts) in enumerate(talks.items()):
            group.create_task(_talk(platform, account, citizen, texts, after=number * 0.05))
    await killer


async def _talk(
    platform: Platform, account: str, citizen: str, texts: list[str], *, after: float
) -> None:
    await asyncio.sleep(after)
    for text in texts:
        for _repeat in range(REPEATS):
            exchange = await platform.write(account, citizen, text)
            if exchange.acknowledged:
                break
            await asyncio.sleep(1)


async def _kill(demo: Demo, platform: Platform, victim: str, after: int) -> None:
    while sum(each.acknowledged for each in platform.exchanges) < after:
        await asyncio.sleep(0.02)
    gone = demo.kill(victim)
    while not demo.has_started_again(victim, gone):
        await asyncio.sleep(0.05)


def _wait_until_settled(demo: Demo, platform: Platform) -> None:
    """Until every message that was taken has an answer with an ending, or the time is over."""
    wanted = {(each.account, each.msg_id) for each in platform.exchanges if each.acknowledged}
    deadline = time.monotonic() + SETTLED_WITHIN
    while time.monotonic() < deadline:
        answers = _answers(demo, platform)
        ended = {key for key, found in answers.items() if all(a.status != "pending" for a in found)}
        if wanted <= ended and len(ended) == len(answers):
            return
        time.sleep(1)


@dataclass(frozen=True)
class Answer:
    """One answer as the desk's database has it."""

    citizen: str
    status: str
    via: str
    reason: str
    outbound: Outbound


def _answers(demo: Demo, platform: Platform) -> dict[tuple[str, str], list[Answer]]:
    citizens = {each.citizen for each in platform.exchanges}
    found: dict[tuple[str, str], list[Answer]] = defaultdict(list)
    for status, via, reason, body in demo.rows(
        "SELECT status, via, reason, body FROM conversations_outboundmessage ORDER BY created_at"
    ):
        assert isinstance(body, bytes)
        outbound = decode(body, Outbound)
        if outbound.external_id in citizens:
            found[outbound.account, outbound.in_reply_to].append(
                Answer(outbound.external_id, str(status), str(via), str(reason), outbound)
            )
    return found


def _judge(demo: Demo, platform: Platform, report: Report) -> None:
    exchanges = {(each.account, each.msg_id): each for each in platform.exchanges}
    answers = _answers(demo, platform)
    report.pushed = len(exchanges)
    report.retried = sum(len(each.tries) > 1 for each in exchanges.values())
    tries = [each for exchange in exchanges.values() for each in exchange.tries]
    report.failed_tries = Counter(each.fault for each in tries if each.fault)
    report.longest = max(
        (sum(t.seconds for t in each.tries) for each in exchanges.values()), default=0
    )
    for key, exchange in exchanges.items():
        found = answers.pop(key, [])
        if exchange.acknowledged:
            report.taken += 1
            if len(found) != 1:
                report.faults.append(f"{exchange.text}: {len(found)} answers in the database")
        else:
            report.not_taken += 1
            if len(found) > 1:
                report.faults.append(f"{exchange.text}: {len(found)} answers in the database")
        for answer in found:
            _judge_ending(exchange, answer, report)
        if exchange.passive is not None and not found:
            report.faults.append(f"{exchange.text}: a reply that the database does not know")
    report.faults += [f"an answer to nobody: {key}" for key in answers]
    report.faults += [f"refused by the platform: {each}" for each in platform.api.refused]
    _judge_citizens(platform, list(exchanges.values()), _answers(demo, platform), report)


def _judge_ending(exchange: Exchange, answer: Answer, report: Report) -> None:
    """What the database says of one answer, against what WeChat saw of its exchange."""
    if answer.status == "sent" and answer.via == "passive":
        report.passive += 1
        if exchange.passive is None and exchange.acknowledged:
            report.faults.append(f"{exchange.text}: called sent with the exchange, and was not")
        elif exchange.passive is None:
            report.unseen += 1
    elif answer.status == "sent":
        report.by_api += 1
    elif answer.status == "unknown":
        report.unknown.append(f"{exchange.text} ({answer.via} {answer.reason})")
    else:
        report.faults.append(f"{exchange.text}: {answer.status} {answer.reason}")


def _judge_citizens(
    platform: Platform,
    exchanges: list[Exchange],
    answers: dict[tuple[str, str], list[Answer]],
    report: Report,
) -> None:
    """Every answer reached its citizen as often as it should: once, or at most once if unknown."""
    least: dict[str, Counter[str]] = defaultdict(Counter)
    most: dict[str, Counter[str]] = defaultdict(Counter)
    given_up = {(each.account, each.msg_id) for each in exchanges if not each.acknowledged}
    for key, found in answers.items():
        for answer in found:
            surely = answer.status == "sent" and (answer.via == "api" or key not in given_up)
            for part in answer.outbound.parts:
                words = _plain(part)
                least[answer.citizen][words] += surely
                most[answer.citizen][words] += answer.status in ("sent", "unknown")
    for citizen in {each.citizen for each in exchanges}:
        read = [re.sub(r"\s|\d+\. ", "", text) for text in platform.seen_by(citizen)]
        for words, limit in most[citizen].items():
            times = sum(text.count(words) for text in read)
            report.unknown_but_seen += max(0, times - least[citizen][words])
            if not least[citizen][words] <= times <= limit:
                report.faults.append(
                    f"{citizen} read {times} times what was to be read "
                    f"{least[citizen][words]} to {limit} times: {words[:60]}"
                )


def _plain(part: Part) -> str:
    """The words of a bubble, whether its options came as a menu or as numbered lines."""
    text = part.text + "".join(option.label for option in part.options)
    return re.sub(r"\s|\d+\. ", "", text)


@click.command()
@click.argument("home", type=click.Path(exists=True, path_type=Path))
@click.argument("victims", nargs=-1, type=click.Choice(PARTS))
@click.option("--messages", default=500)
@click.option("--citizens", default=60)
@click.option("--logs", type=click.Path(path_type=Path), help="Keep the processes' logs here.")
def main(
    home: Path, victims: tuple[str, ...], messages: int, citizens: int, logs: Path | None
) -> None:
    """Kill each of VICTIMS in turn beside a copy of HOME, and print what came of it."""
    failed = False
    with tempfile.TemporaryDirectory(prefix="qianmen-killed-") as folder:
        shutil.copytree(home, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("run"))
        ports = free_ports("platform")
        channels = write_channels(Path(folder), ports["platform"])
        with (
            a_demo(Path(folder), ports, QIANMEN_CHANNELS=str(channels)) as demo,
            Platform(ACCOUNTS, demo.gateway, ports["platform"], api_pause=API_PAUSE) as platform,
        ):
            demo.start()
            for victim in victims or PARTS:
                report = run(demo, platform, victim, messages=messages, citizens=citizens)
                click.echo(str(report))
                for line in [*report.unknown, *report.faults]:
                    click.echo(f"    {line}")
                failed = failed or bool(report.faults)
            if logs is not None:
                demo.keep_logs(logs)
                (logs / "demo.said").write_text(demo.said)
    raise SystemExit(1 if failed else 0)


def write_channels(home: Path, platform_port: int) -> Path:
    channels = home / "accounts.toml"
    address = f"http://127.0.0.1:{platform_port}"
    channels.write_text("\n".join(each.channels_toml(address) for each in ACCOUNTS))
    return channels


if __name__ == "__main__":
    main()
