"""A desk of its own in a folder, spoken to by its commands only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PICTURE = "12345-web/ab/picture.png"

FILL = """
from desk.people.models import Hotline
from desk.conversations.models import *
from desk.cases.models import Case
from desk.knowledge.models import Entry
from desk.practice.models import PracticeRun
hotline = Hotline.objects.create(code="99999", name="市民热线")
citizen = Citizen.objects.create(account="99999-web", channel="webchat", external_id="web-1")
talk = Conversation.objects.create(citizen=citizen, hotline=hotline, last_words="路灯坏了")
for words in ("路灯坏了", "在梧桐里"):
    Message.objects.create(conversation=talk, author="citizen", text=words)
OutboundMessage.objects.create(id="1", conversation=talk, body=b"{}")
Case.objects.create(number="202611270001", hotline=hotline, citizen=citizen, content="路灯坏了")
Entry.objects.create(external_id="lamp", question="路灯坏了找谁", answer="找城管委")
"""
CHANGE = """
from desk.conversations.models import *
from desk.cases.models import Case
from desk.keeping.models import Erasure
Message.objects.all().delete()
Case.objects.update(content="别的")
citizen = Citizen.objects.create(account="99999-web", channel="webchat", external_id="web-2")
Erasure.objects.create(by="admin", citizens=[citizen.pk])
"""
SHOW = """
import json
from desk.conversations.models import *
from desk.cases.models import Case
from desk.knowledge.models import Entry
print(json.dumps({
    "said": list(Message.objects.order_by("pk").values_list("text", flat=True)),
    "case": Case.objects.get().content,
    "citizens": Citizen.objects.count(),
    "entries": Entry.objects.count(),
    "outbox": list(OutboundMessage.objects.values_list("status", "reason")),
}))
"""


@dataclass(frozen=True)
class Desk:
    home: Path
    address: str = ""  # of the database; empty: SQLite in the folder

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "desk.manage", *args],
            env=os.environ | {"QIANMEN_HOME": str(self.home), "DATABASE_URL": self.address},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self, *args: str) -> str:
        run = self.run(*args)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def refused(self, *args: str) -> str:
        run = self.run(*args)
        assert run.returncode == 1, run.stdout + run.stderr
        assert "Traceback" not in run.stderr
        return run.stderr

    def carry_out(self, code: str) -> str:
        return self.done("shell", "-v", "0", "-c", code)

    def fill(self) -> None:
        self.carry_out(FILL)
        self.picture.parent.mkdir(parents=True)
        self.picture.write_bytes(b"a lamp")

    def change(self) -> None:
        self.carry_out(CHANGE)
        self.picture.unlink()

    def shown(self) -> dict[str, Any]:
        return json.loads(self.carry_out(SHOW))

    @property
    def picture(self) -> Path:
        return self.home / "media" / PICTURE


AS_IT_WAS = {
    "said": ["路灯坏了", "在梧桐里"],
    "case": "路灯坏了",
    "citizens": 1,
    "entries": 1,
    # It was on its way then: not sent again by itself.
    "outbox": [["unknown", "restored"]],
}
