from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from desk.cases.models import Case, Kind
from desk.cases.opening import Known, open_by_hand
from desk.people.models import Department, Hotline, Role, User
from desk.webhooks import editing
from desk.webhooks.models import Endpoint


@dataclass
class Got:
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Receiver:
    """A work-order system in a thread: keeps what it gets and answers what the test says."""

    url: str
    got: list[Got] = field(default_factory=list)
    # Status and headers of the next answers; then 204. None: keep the line and never answer.
    answers: list[tuple[int, dict[str, str]] | None] = field(default_factory=list)
    may_end: threading.Event = field(default_factory=threading.Event)

    @property
    def kinds(self) -> list[str]:
        return [one.told["kind"] for one in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.got.append(Got(dict(self.headers), body))
            answer = here.answers.pop(0) if here.answers else (204, {})
            if answer is None:
                here.may_end.wait(20)
                self.close_connection = True
                return
            code, headers = answer
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook?key=1")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield here
    here.may_end.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def admin(user: Callable[..., User]) -> User:
    return user("admin", Role.ADMIN, is_superuser=True)


@pytest.fixture
def endpoint(receiver: Receiver, admin: User) -> Endpoint:
    return editing.add(receiver.url, [], [], by=admin, at=timezone.now())


type OpenCase = Callable[..., Case]


@pytest.fixture
def open_case(hotline: Hotline, department: Department, user: Callable[..., User]) -> OpenCase:
    agent = user("agent")

    def make(content: str = "路灯不亮", **known: Any) -> Case:
        return open_by_hand(agent, hotline.code, content, Known(**({"kind": Kind.HELP} | known)))

    return make
