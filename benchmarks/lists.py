"""`python -m benchmarks.lists`: the agents' lists over a million conversations on PostgreSQL.

Each page is asked of the desk as a browser does, by an agent who serves all hotlines; what is
measured is the whole answer, from the address to the last byte of the page.
"""

from __future__ import annotations

import os
import random
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from benchmarks import processes
from benchmarks.asking import COLUMNS, Page, asked_for
from benchmarks.postgresql import NoPostgreSQL, server
from benchmarks.table import Table

AGENTS = 200
OPEN = 2_000
QUEUE = 60
TIMES = 60
FIRST_NAMES = ["建国", "秀英", "桂兰", "志强", "淑珍", "海涛", "丽华", "永刚", "晓梅", "文博"]
LAST_NAMES = ["李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"]
SAID = [
    *("路灯不亮", "水管漏水", "垃圾没人清", "暖气不热", "施工太吵"),
    *("车位被占", "公交等太久", "社保转移", "居住证", "医保报销"),
]


@click.command()
@click.option("--conversations", default=1_000_000, help="How many there are.")
@click.option("--times", default=TIMES, help="How often each page is asked for.")
def main(conversations: int, times: int) -> None:
    """Measure the lists and print one table."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="qianmen-bench-") as home,
            server(_free_port()) as address,
        ):
            use(address, Path(home))
            _fill(conversations)
            table = _measured(conversations, times)
    except NoPostgreSQL as missing:
        raise click.ClickException(str(missing)) from None
    click.echo(table.text())


def use(address: str, home: Path) -> None:
    """Django on this database, and on nothing of the surroundings."""
    os.environ |= {
        "DATABASE_URL": address,
        "QIANMEN_HOME": str(home),
        "QIANMEN_ENV": "demo",
        "DJANGO_SETTINGS_MODULE": "desk.settings",
        "QIANMEN_LOG": "console",
    }
    import django
    from django.core.management import call_command

    django.setup()
    click.echo("[bench] migrating", err=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)


def _fill(conversations: int) -> None:
    """Three years of talks, one in three with a case; the youngest are open."""
    from django.db import connection

    from desk.people.models import Department, Hotline, Role, User

    hotlines = [
        Hotline.objects.get_or_create(code=code, defaults={"name": code})[0].code
        for code in ("12345", "12341", "96105", "96181")
    ]
    department = Department.objects.create(name="区城市管理委员会")
    users = [
        User(username=f"agent-{number}", role=Role.AGENT, is_active=True)
        for number in range(AGENTS)
    ]
    User.objects.bulk_create(users)
    numbers = list(User.objects.order_by("pk").values_list("pk", flat=True))
    click.echo(f"[bench] writing {conversations:,} conversations", err=True)
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(
                statement,
                {
                    "count": conversations,
                    "open": OPEN,
                    "queue": QUEUE,
                    "hotlines": hotlines,
                    "agents": numbers,
                    "names": [last + first for last in LAST_NAMES for first in FIRST_NAMES],
                    "said": SAID,
                    "department": department.pk,
                },
            )
        cursor.execute("ANALYZE")


STATEMENTS = (
    """
    INSERT INTO conversations_citizen
        (id, account, channel, external_id, name, phone, first_seen_at)
    SELECT n, '12345-wechat', 'wechat', 'open-' || n,
           CASE WHEN n %% 3 = 0 THEN (%(names)s::text[])[1 + n %% 100] ELSE '' END,
           CASE WHEN n %% 3 = 0 THEN '139' || lpad((n %% 100000000)::text, 8, '0') ELSE '' END,
           now()
    FROM generate_series(1, %(count)s) n
    """,
    # The youngest talk has the highest number; a minute and a half lies between two of them.
    """
    INSERT INTO conversations_conversation
        (id, citizen_id, hotline_id, owner, agent_id, epoch, offered, opened_at, closed_at,
         queued_at, last_at, last_words, last_from, unread)
    SELECT n, n, (%(hotlines)s::text[])[1 + n %% 4],
           CASE WHEN is_open AND back < %(queue)s THEN 'queue'
                WHEN is_open THEN 'agent' ELSE 'bot' END,
           CASE WHEN is_open AND back >= %(queue)s
                THEN (%(agents)s::bigint[])[1 + n %% array_length(%(agents)s::bigint[], 1)] END,
           1, '[]', at - interval '5 minutes', CASE WHEN is_open THEN NULL ELSE at END,
           CASE WHEN is_open AND back < %(queue)s THEN at END, at,
           (%(said)s::text[])[1 + n %% 10] || '，第' || n || '次说', 'citizen', n %% 3
    FROM (SELECT n, %(count)s - n AS back, %(count)s - n < %(open)s AS is_open,
                 now() - (%(count)s - n) * interval '90 seconds' AS at
          FROM generate_series(1, %(count)s) n) AS talks
    """,
    """
    INSERT INTO cases_case
        (number, hotline_id, channel, conversation_id, citizen_id, kind, category, department_id,
         state, urgency, confidential, content, place, occurred_at, contact_name, contact_phone,
         accepted_at, due_basis, due_is_firm, extended_by, pushes, returns, rungs, chases,
         is_supervised)
    SELECT to_char(last_at, 'YYYYMMDD') || lpad(id::text, 7, '0'), hotline_id, 'wechat', id, id,
           'complaint', '城市管理/井盖路灯', %(department)s, 'dispatched', 'ordinary', false,
           last_words, '德外大街', '', '', '', last_at, '[]', true, 0, 0, 0, '[]', 0, false
    FROM conversations_conversation WHERE id %% 3 = 0
    """,
    "SELECT setval('conversations_citizen_id_seq', %(count)s)",
    "SELECT setval('conversations_conversation_id_seq', %(count)s)",
)


def _measured(conversations: int, times: int) -> Table:
    from django.test import Client

    from desk.people.models import User

    title = f"{conversations:,} conversations on PostgreSQL (load {processes.load()})"
    table = Table(title, COLUMNS)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.order_by("pk")[7])
    for page in _pages(conversations, times):
        table.add(asked_for(client, page))
    return table


def _pages(conversations: int, times: int) -> Iterator[Page]:
    from django.urls import reverse

    order = random.Random(7)  # noqa: S311 - the same questions in every run
    rows = reverse("conversations:rows")

    def asked(**wish: Any) -> str:
        return rows + "?" + "&".join(f"{name}={value}" for name, value in wish.items())

    yield Page("queue", [asked(tab="queue")] * times)
    yield Page("mine", [asked(tab="mine")] * times)
    yield Page("all", [asked(tab="all")] * times)
    yield Page("all of one hotline", [asked(tab="all", hotline="96105")] * times)
    yield Page("all, 500 rows", [asked(tab="all", limit=500)] * max(5, times // 6))
    some = [order.randrange(3, conversations, 3) for _ in range(times)]
    yield Page("search: words", [asked(tab="all", q=f"第{one}次") for one in some])
    yield Page("search: words of many", [asked(tab="all", q="路灯不亮")] * times)
    yield Page("search: nothing found", [asked(tab="all", q="没有人这样说过")] * times)
    yield Page("search: a name", [asked(tab="all", q="李建国")] * times)
    yield Page("search: end of a phone", [asked(tab="all", q=f"{one:08}"[-4:]) for one in some])
    whole = reverse("conversations:talk", args=[1]).replace("1", "{}")
    yield Page("a talk with its three panes", [whole.format(one) for one in some])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


if __name__ == "__main__":
    main()
