"""The receiver in the documentation is one that works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from django.utils import timezone

from desk.people.models import User
from desk.webhooks import editing
from desk.webhooks.models import Delivery, Endpoint, Outcome
from desk.webhooks.posting import post
from desk.webhooks.sending import send_due
from environment.settings import ROOT
from tests.desk.webhooks.conftest import OpenCase

pytestmark = pytest.mark.django_db


@pytest.fixture
def documented(
    admin: User, unused_tcp_port_factory: Callable[[], int]
) -> Iterator[subprocess.Popen[str]]:
    text = (ROOT / "docs" / "webhooks.md").read_text()
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]
    port = unused_tcp_port_factory()
    endpoint = editing.add(f"http://127.0.0.1:{port}/", [], [], by=admin, at=timezone.now())
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"QIANMEN_SECRET": endpoint.secret, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as receiver:
        for _ in range(100):
            try:
                httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield receiver
        receiver.terminate()


def test_the_documented_receiver_takes_what_is_ours_and_drops_a_repeat(
    documented: subprocess.Popen[str], open_case: OpenCase
) -> None:
    receiver = documented
    case = open_case()
    assert send_due(timezone.now(), post) == 1
    row = Delivery.objects.get()
    assert row.state == Outcome.SENT
    # Its answer was lost, say: the same id comes again, and only the next event is new.
    Delivery.objects.update(state=Outcome.UNKNOWN, next_at=timezone.now())
    assert send_due(timezone.now(), post) == 1
    Endpoint.objects.update(secret="of somebody else")
    open_case()
    send_due(timezone.now(), post)
    assert Delivery.objects.latest("pk").code == 401
    receiver.terminate()
    assert receiver.stdout is not None
    assert receiver.stdout.read().split() == [case.number, "accepted", "accepted"]
