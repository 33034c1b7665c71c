"""Makes the demo city, once: hotlines, departments, people, and, when asked for, knowledge and
sixty days of past. What somebody changed afterwards is theirs: a second start adds nothing.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from desk.demo.lines import seed_line_people
from desk.demo.past import make_past
from desk.demo.rosters import seed_rosters
from desk.knowledge.files.checking import Checking
from desk.knowledge.files.reading import read_rows
from desk.knowledge.files.writing import open_run, write_rows
from desk.knowledge.models import Category, Entry
from desk.knowledge.settled import settle
from desk.people.models import Department, Hotline, Role, User
from desk.people.roles import give_role
from desk.quality.set_editing import Wanted, write_all
from desk.replies.models import CannedReply
from desk.synonyms.editing import add_group
from desk.synonyms.models import Group

CONTENT = Path(__file__).parent / "content"
PASSWORD = "QIANMEN_DEMO_PASSWORD"  # noqa: S105  the variable's name
ACCOUNTS = (
    ("agent", "坐席 01", Role.AGENT),
    ("agent2", "坐席 02", Role.AGENT),
    ("editor", "知识编辑", Role.EDITOR),
    ("reviewer", "知识审核", Role.REVIEWER),
    ("handler", "承办经办人", Role.HANDLER),
    ("supervisor", "值班班长", Role.SUPERVISOR),
    ("admin", "系统管理员", Role.ADMIN),
)
HANDLERS_DEPARTMENT = "区城市管理委员会"


def seed() -> None:
    """Make what is not there. `QIANMEN_DEMO_KNOWLEDGE=none` leaves out entries and the past."""
    _directory()
    _people()
    seed_line_people(os.environ.get(PASSWORD, ""))
    seed_rosters()
    if os.environ.get("QIANMEN_DEMO_KNOWLEDGE", "sample") != "none":
        _replies()
        if not _was_seeded():
            _knowledge()
            _names_of_things()
            _question_set()
            make_past(timezone.now() - timedelta(days=60))
    settle()


@transaction.atomic
def _directory() -> None:
    for row in _content("hotlines.json"):
        Hotline.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "district": row.get("district", ""),
                "scope": row.get("scope", ""),
                "hours": row.get("hours", "")[:60],
                "staffing": row.get("people", "")[:200],
            },
        )
    for row in _content("departments.json"):
        Department.objects.get_or_create(
            name=row["name"],
            defaults={
                "purpose": row.get("purpose", ""),
                "handles": row.get("handles", []),
                "categories": row.get("categories", []),
            },
        )
    Category.objects.bulk_create(
        (
            Category(name=f"{row['name']}/{child}")
            for row in _content("categories.json")
            for child in row["children"]
        ),
        ignore_conflicts=True,
    )


def _people() -> None:
    password = os.environ.get(PASSWORD, "")
    for username, name, role in ACCOUNTS:
        user, created = User.objects.get_or_create(
            username=username, defaults={"display_name": name, "first_name": name}
        )
        if created:
            give_role(user, role)
            if role is Role.HANDLER:
                user.department = Department.objects.get(name=HANDLERS_DEPARTMENT)
        if password and not user.check_password(password):
            user.set_password(password)
        user.save()


def _replies() -> None:
    """What the team says often, where nobody has kept anything yet."""
    if not CannedReply.objects.exists():
        CannedReply.objects.bulk_create(
            CannedReply(title=row["title"], text=row["text"]) for row in _content("replies.json")
        )


def _was_seeded() -> bool:
    return Entry.objects.filter(is_demo=True).exists()


def _knowledge() -> None:
    user = User.objects.get(username="reviewer")
    for name in ("entries_a.jsonl", "entries_b.jsonl"):
        with (CONTENT / name).open("rb") as file:
            checking = Checking(read_rows(name, file))
            rows = list(checking)
            if checking.faults:
                raise ValueError("; ".join(str(fault) for fault in checking.faults[:5]))
            run = open_run(file, name=name, total=len(rows), user=user, may_publish=True)
        write_rows(rows, run=run, user=user, may_publish=True, is_demo=True)


def _names_of_things() -> None:
    """The city's own names for things; whatever it has already stays."""
    editor = User.objects.get(username="editor")
    if not Group.objects.exists():
        for names in _content("synonyms.json"):
            add_group(names, by=editor, at=timezone.now())


def _question_set() -> None:
    """What must be answered rightly after each publication."""
    wanted = [
        Wanted(row["question"], row["hotline"], row["entry"], row["guarded"])
        for row in _content("question_set.json")
    ]
    write_all(wanted, by=User.objects.get(username="editor"), at=timezone.now())


def _content(name: str) -> list[Any]:
    rows: list[dict[str, Any]] = json.loads((CONTENT / name).read_text(encoding="utf-8"))
    return rows
