"""What people of a line do: a citizen at its web chat, its staff through the API and its pages."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import Any

import httpx
from websockets.sync.client import connect

from tests.journeys.demo import Demo

ANSWER = 60.0  # seconds; a busy machine is slow in each of six processes
MORE = 0.5  # what belongs to one answer comes within this time
CASE_NUMBER = re.compile(r"编号\D{0,3}(\d{12,})")
OFFERED = "加入已有诉求"
TURNS = 8

# One process for all: each command takes seconds to begin.
_TOKENS = """
from wagtail.models import APIToken
from desk.people.models import User
for name in {names!r}:
    user = User.objects.get(username=name, is_active=True)
    print("token", name, APIToken.create_token(user=user, name="journey")[1])
"""
_STEP_AT = """
from datetime import datetime
from desk.cases.steps import take
from desk.people.models import User
user = User.objects.get(username={user!r})
take({number!r}, {step!r}, user, {body!r}, at=datetime.fromisoformat({at!r}))
"""


class Citizen:
    """Somebody at the web chat of a line."""

    def __init__(self, demo: Demo, line: str) -> None:
        self._address = f"{demo.gateway.replace('http', 'ws', 1)}/webchat/{line}-web/socket"
        self._open = ExitStack()
        self.told: list[str] = []  # by the hotline, in order

    def __enter__(self) -> Citizen:
        self._socket = self._open.enter_context(connect(self._address, proxy=None))
        self._send(type="hello", secret=secrets.token_hex(16))
        self._wait_for(1)  # the welcome of a first visit
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def ask(self, words: str) -> str:
        """Say it; all that the hotline says to it."""
        return self._answer(type="say", text=words)

    def show(self, picture: bytes) -> str:
        """Send a photo; what the hotline says to it."""
        return self._answer(picture, type="picture")

    def complain(self, words: str, place: str, *, photo: bytes = b"") -> str:
        """Tell it in as few words as people do; the number of the case."""
        said, left = self.ask("我要投诉"), [words]
        for _turn in range(TURNS):
            if number := CASE_NUMBER.search(said):
                return number[1]
            if left:
                said = self.ask(left.pop())
                if photo:  # what was asked stays asked
                    assert "照片收到了" in self.show(photo)
            else:
                said = self.ask(self.next_words(said, place))
        raise AssertionError(f"no case: {self.told}")

    def next_words(self, said: str, place: str) -> str:
        if "在哪里" in said:
            return place
        return "没问题，提交" if "提交" in said else "不清楚"

    def _answer(self, content: bytes = b"", **frame: str) -> str:
        before = len(self.told)
        self._send(id=secrets.token_hex(8), **frame)
        if content:
            self._socket.send(content)
        self._wait_for(before + 1)
        return "\n".join(self.told[before:])

    def _send(self, **frame: str) -> None:
        self._socket.send(json.dumps(frame))

    def _wait_for(self, count: int) -> None:
        deadline = time.monotonic() + ANSWER
        while len(self.told) < count:
            assert time.monotonic() < deadline, f"no answer after {self.told}"
            self._read(deadline - time.monotonic())
        with suppress(TimeoutError):
            while True:
                self._read(MORE)

    def _read(self, seconds: float) -> None:
        frame = json.loads(self._socket.recv(timeout=max(seconds, 0.1)))
        assert frame["type"] != "nack", frame
        for line in frame.get("lines", ()):
            if line["who"] != "citizen":
                self.told += [_shown(part) for part in line["parts"]]


def _shown(part: dict[str, Any]) -> str:
    """The words, and under them what may be tapped."""
    labels = [option["label"] for option in part.get("options") or ()]
    return "\n".join([part.get("text") or "", *labels])


class Staff:
    """The desk's people: each with their own token, and through the demo's doors."""

    def __init__(self, demo: Demo, names: Iterable[str]) -> None:
        self._demo = demo
        printed = demo.manage_as_it_is("shell", "-v", "0", "-c", _TOKENS.format(names=list(names)))
        rows = (line.split() for line in printed.splitlines() if line.startswith("token "))
        self._tokens = {name: token for _word, name, token in rows}

    def ask_api(
        self, user: str, method: str, path: str, body: Any = None, **query: str
    ) -> httpx.Response:
        return httpx.request(
            method,
            f"{self._demo.desk}/api/v1{path}",
            params=query,
            json=body,
            headers={"Authorization": f"Bearer {self._tokens[user]}"},
            timeout=60,
            trust_env=False,
        )

    def get(self, user: str, path: str, **query: str) -> dict[str, Any]:
        return _told(self.ask_api(user, "GET", path, **query))

    def case(self, user: str, number: str) -> dict[str, Any]:
        return self.get(user, f"/cases/{number}")

    def open(self, user: str, line: str, content: str, **known: str) -> str:
        """By hand, as somebody told it on the telephone; the number."""
        body = {"hotline": line, "content": content, **known}
        return str(_told(self.ask_api(user, "POST", "/cases", body))["number"])

    def take(self, user: str, number: str, step: str, **body: Any) -> dict[str, Any]:
        return _told(self.ask_api(user, "POST", f"/cases/{number}/{step}", body))

    def take_at(self, at: datetime, user: str, number: str, step: str, **body: Any) -> None:
        """The same on a day to come, which the API does not let anybody choose."""
        script = _STEP_AT.format(user=user, number=number, step=step, body=body, at=at.isoformat())
        self._demo.manage_as_it_is("shell", "-v", "0", "-c", script)

    def change(self, user: str, entry: str, **change: Any) -> httpx.Response:
        return self.ask_api(user, "PATCH", f"/knowledge/{entry}", change)

    @contextmanager
    def page(self, user: str) -> Iterator[httpx.Client]:
        """A browser at the desk, logged in through the door of the start page."""
        with httpx.Client(
            base_url=self._demo.desk, follow_redirects=True, timeout=60, trust_env=False
        ) as browser:
            assert browser.post(f"/demo/enter/{user}").status_code == 200
            yield browser

    @contextmanager
    def at_the_desk(self, user: str) -> Iterator[None]:
        """With a page open, which is how the desk knows that somebody is there."""
        with self.page(user) as browser, browser.stream("GET", "/live") as events:
            assert "hello" in next(events.iter_text())
            yield


def _told(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), f"{answer.url}: {answer.text}"
    told: dict[str, Any] = answer.json()
    return told


def kinds(case: dict[str, Any]) -> list[str]:
    """What has happened to a case, in order; that its citizen was told of it is not looked at."""
    return [event["kind"] for event in case["events"] if event["kind"] != "told_citizen"]
