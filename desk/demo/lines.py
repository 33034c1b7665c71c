"""The agents of each line of the demo city, as many as the line has, and its rule of handing out.

They are named after their line (`chaoyang1`, `chaoyang2`) and serve it alone; a line that has
people of its own already is left as it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from desk.people.models import Hotline, Role, User
from desk.people.serving import serving_lines

LINES = Path(__file__).parent / "content" / "hotlines.json"


@dataclass(frozen=True)
class Line:
    """What `hotlines.json` says of the people of a line."""

    hotline: str
    district: str
    login: str  # what their usernames begin with
    count: int
    shift_hours: int
    handout: str

    @property
    def usernames(self) -> list[str]:
        return [f"{self.login}{number}" for number in range(1, self.count + 1)]


def lines() -> list[Line]:
    """The lines with people of their own; the city line is served by the demo's accounts."""
    rows: list[dict[str, Any]] = json.loads(LINES.read_text(encoding="utf-8"))
    return [
        Line(hotline=row["code"], district=row["district"], **row["agents"])
        for row in rows
        if "agents" in row
    ]


@transaction.atomic
def seed_line_people(password: str) -> None:
    """Make the agents of every line that has none; they share the demo's password."""
    for line in lines():
        # One that was merged has given its people away.
        hotline = serving_lines().filter(code=line.hotline).first()
        if hotline is not None and not hotline.user_set.exists():
            _agents(line, hotline)
    if password:
        _give(password)


def _agents(line: Line, hotline: Hotline) -> None:
    made = User.objects.bulk_create(_agent(line, *one) for one in enumerate(line.usernames, 1))
    served = User.hotlines.through
    served.objects.bulk_create(served(user=user, hotline=hotline) for user in made)


def _agent(line: Line, number: int, username: str) -> User:
    name = f"{line.district}坐席 {number:02d}"
    return User(
        username=username,
        display_name=name,
        first_name=name,
        role=Role.AGENT,
        password=make_password(None),
    )


def _give(password: str) -> None:
    """One digest for all: a digest of each of them takes longer than all the rest."""
    names = [name for line in lines() for name in line.usernames]
    users = User.objects.filter(username__in=names)
    one = users.order_by("pk").first()
    if one is not None and not one.check_password(password):
        users.update(password=make_password(password))
