"""`python -m benchmarks.cases`: the big table, the month and a round of supervision over a million
cases on PostgreSQL.

Two years of cases of sixty departments; one in fifty is unanswered. What is measured is the whole
answer, from the address to the last byte of the page.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from benchmarks import processes
from benchmarks.asking import COLUMNS, Page, asked_for
from benchmarks.demo import free_ports
from benchmarks.lists import use
from benchmarks.postgresql import NoPostgreSQL, server
from benchmarks.table import Table

TIMES = 40
DEPARTMENTS = 60
HOTLINES = ("12345", "12341", "96105", "96181", "13910001000")
UNANSWERED = 0.02
DAYS = 730


@click.command()
@click.option("--cases", default=1_000_000, help="How many there are.")
@click.option("--times", default=TIMES, help="How often each page is asked for.")
def main(cases: int, times: int) -> None:
    """Measure the pages, then rounds of supervision, and print one table each."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="qianmen-bench-") as home,
            server(free_ports()["desk"]) as address,
        ):
            use(address, Path(home))
            _fill(cases)
            click.echo(_pages_table(cases, times).text())
            click.echo(_rounds_table(cases).text())
    except NoPostgreSQL as missing:
        raise click.ClickException(str(missing)) from None


def _fill(cases: int) -> None:
    from django.db import connection

    from desk.people.models import Department, Hotline, Role, User

    quiet()
    for code in HOTLINES:
        Hotline.objects.get_or_create(code=code, defaults={"name": code})
    Department.objects.bulk_create(
        Department(name=f"区第{number}承办单位") for number in range(DEPARTMENTS)
    )
    User.objects.create(username="supervisor", role=Role.SUPERVISOR)
    departments = list(Department.objects.order_by("pk").values_list("pk", flat=True))
    click.echo(f"[bench] writing {cases:,} cases", err=True)
    told: dict[str, Any] = {
        "count": cases,
        "hotlines": list(HOTLINES),
        "departments": departments,
        "unanswered": int(1 / UNANSWERED),
        "days": DAYS,
    }
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, told)
        cursor.execute("VACUUM ANALYZE")


def quiet() -> None:
    """No Redis here, and no pages to wake."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("error"))


# Case n is accepted n/count of the way through the days up to now; every fiftieth is unanswered,
# the younger half of those still within their limit. Lines and departments are drawn by a hash, so
# that each of them has some of everything.
STATEMENTS = (
    """
    INSERT INTO cases_case
        (id, number, hotline_id, channel, kind, category, department_id, state, urgency,
         confidential, content, place, occurred_at, contact_name, contact_phone, accepted_at,
         dispatched_at, due_at, closed_at, due_basis, due_is_firm, extended_by, pushes, returns,
         rungs, chases, is_supervised, held_since, sent_at, responded_at, answered_at, approved_at,
         owed_since, called_back_at, callback_due_at, act_at, counted_for_id, counted_since,
         counted_response_until, counted_response_at, counted_approval_at)
    SELECT n, to_char(at, 'YYYYMMDD') || lpad((n %% 10000000)::text, 7, '0'),
           (%(hotlines)s::text[])[1 + abs(hashint4(n)) %% array_length(%(hotlines)s::text[], 1)],
           'wechat',
           'complaint', '城市管理/类别' || n %% 180,
           department, CASE WHEN is_open THEN 'handling' ELSE 'closed' END, 'ordinary', false,
           '德外大街路灯坏了三盏，晚上黑漆漆的，第' || n || '件', '德外大街' || n %% 900 || '号',
           '', '', '', at, at + interval '1 hour', due,
           CASE WHEN is_open THEN NULL ELSE at + interval '5 days' END,
           jsonb_build_array(jsonb_build_array('calendar',
               to_char(at + interval '1 hour', 'YYYY-MM-DD'), 7)),
           true, 0, n %% 3, 0, '[]', n %% 3, n %% 7 = 0 AND is_open, at + interval '1 hour',
           at + interval '1 hour', at + interval '3 hours',
           CASE WHEN is_open THEN NULL ELSE at + interval '3 days' END,
           CASE WHEN is_open THEN NULL ELSE at + interval '3 days' END,
           CASE WHEN is_open THEN at + interval '1 hour' END,
           CASE WHEN is_open THEN NULL ELSE at + interval '4 days' END,
           CASE WHEN is_open AND n %% 10 = 0 THEN at + interval '7 days' END,
           CASE WHEN is_open THEN at + interval '8 days' END,
           department, at + interval '1 hour', at + interval '2 days', at + interval '3 hours',
           CASE WHEN is_open THEN NULL ELSE at + interval '3 days' END
    FROM (SELECT n, at, date_trunc('day', at) + interval '8 days' AS due,
                 n %% %(unanswered)s = 0 AS is_open,
                 (%(departments)s::bigint[])[1 + abs(hashint4(n + 1000000007))
                     %% array_length(%(departments)s::bigint[], 1)] AS department
          FROM (SELECT n, now() - (%(count)s - n) * (interval '1 day' * %(days)s / %(count)s) AS at
                FROM generate_series(1, %(count)s) n) AS moments) AS lives
    """,
    """
    INSERT INTO cases_caseevent (case_id, at, kind, by, note, data, key)
    SELECT c.id, c.accepted_at + step * interval '1 hour',
           (ARRAY['accepted', 'dispatch', 'sign', 'handle'])[1 + step], 'agent', '', '{}', ''
    FROM cases_case c, generate_series(0, 3) step
    """,
    """
    INSERT INTO cases_callback (case_id, at, by, reached, solved, satisfied)
    SELECT id, called_back_at, 'agent', id %% 20 > 0, CASE WHEN id %% 20 > 0 THEN id %% 9 > 0 END,
           CASE WHEN id %% 20 > 0 THEN 1 + id %% 5 END
    FROM cases_case WHERE called_back_at IS NOT NULL
    """,
    "SELECT setval('cases_case_id_seq', %(count)s)",
)


def _pages_table(cases: int, times: int) -> Table:
    from django.test import Client
    from django.utils import timezone

    from desk.people.models import User
    from desk.reports.trends import keep_due
    from desk.warming import warm

    begun = time.perf_counter()
    keep_due(timezone.now())
    click.echo(f"[bench] thirteen months kept in {time.perf_counter() - begun:.1f} s", err=True)
    table = Table(f"{cases:,} cases on PostgreSQL (load {processes.load()})", COLUMNS)
    warm()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="supervisor"))
    for page in _pages(times):
        table.add(asked_for(client, page))
    return table


def _pages(times: int) -> Iterator[Page]:
    from django.utils import timezone

    from desk.people.models import Department
    from desk.reports.months import month_of

    month = month_of(timezone.now()).before
    departments = list(Department.objects.order_by("pk").values_list("pk", flat=True))
    some = [departments[number % len(departments)] for number in range(times)]
    yield Page("big table, by department", ["/chase/"] * times)
    yield Page("big table, by limit", ["/chase/?sort=due"] * times)
    yield Page("big table, by pushes", ["/chase/?sort=pushes"] * times)
    yield Page("big table, overdue", ["/chase/?which=late&sort=due"] * times)
    yield Page("big table, one department", [f"/chase/?department={one}" for one in some])
    yield Page("calls back", ["/chase/callbacks/"] * times)
    yield Page("month, by department", [f"/reports/?month={month}"] * times)
    yield Page("month, by hotline", [f"/reports/?month={month}&by=hotline"] * times)
    yield Page("month, by category", [f"/reports/?month={month}&by=category"] * times)
    yield Page(
        "a department's month", [f"/reports/departments/{one}/?month={month}" for one in some]
    )
    figure = f"/reports/cases/?month={month}&rate=closure&by=department&key="
    yield Page("cases of a figure", [f"{figure}{one}" for one in some])
    yield Page("list of cases", ["/cases/"] * times)
    yield Page("cases of a department", ["/cases/?department=区第7承办单位&overdue=1"] * times)


def _rounds_table(cases: int) -> Table:
    """The first round has everything to do, the next ones what a minute brings."""
    from django.utils import timezone

    from desk.cases.models import Case
    from desk.supervision.rounds import supervise

    table = Table(f"Rounds over {cases:,} cases", ("round", "cases due", "events", "s"))
    for name in ("all at once", "the next minute", "and the next"):
        now = timezone.now()
        due = Case.objects.filter(act_at__lte=now).count()
        begun = time.perf_counter()
        done = supervise(now)
        table.add((name, due, sum(done.values()), round(time.perf_counter() - begun, 1)))
    return table


if __name__ == "__main__":
    main()
