"""Asks the bot for one turn: Rasa over HTTP, or the same decisions in this process without it.

The citizen always gets an answer: when neither Rasa nor the index can be had, an honest one.
"""

from __future__ import annotations

import threading
import time
from typing import Protocol
from uuid import uuid4

import msgspec
import structlog
import urllib3

from actions.protocol import Decision, NotATurn, Turn, decision_from

log = structlog.get_logger(__name__)

TIMEOUT = 3.0  # seconds that Rasa is given in all
FAILURES_TO_REST = 3
REST = 10.0  # seconds in which a Rasa that hangs is not asked


class Bot(Protocol):
    def turn(self, turn: Turn) -> Decision: ...


class BotUnavailable(Exception):
    """Rasa did not answer in time, or not with a decision."""


class Rasa:
    """Rasa's REST channel. Safe for threads; one pool of connections."""

    def __init__(self, address: str) -> None:
        # Not httpx: a call of its synchronous client costs as much as a turn's statements.
        self._pool = urllib3.PoolManager(
            maxsize=32, retries=False, timeout=urllib3.Timeout(connect=0.5, total=TIMEOUT)
        )
        self._webhook = f"{address.rstrip('/')}/webhooks/rest/webhook"
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def turn(self, turn: Turn) -> Decision:
        if time.monotonic() < self._rests_until:
            raise BotUnavailable("resting")
        try:
            response = self._pool.request(
                "POST",
                self._webhook,
                headers={"Content-Type": "application/json"},
                body=msgspec.json.encode(
                    {
                        # Used once: Rasa's tracker holds nothing that a turn needs.
                        "sender": uuid4().hex,
                        "message": turn.text or turn.choice or "·",
                        "metadata": turn,
                    }
                ),
            )
            if response.status != 200:
                raise NotATurn(f"status {response.status}")
            decision = decision_from(msgspec.json.decode(response.data))
        except (urllib3.exceptions.HTTPError, msgspec.DecodeError, NotATurn) as error:
            self._failed()
            raise BotUnavailable(type(error).__name__) from error
        self._failures = 0
        return decision

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES_TO_REST:
                self._failures = 0
                self._rests_until = time.monotonic() + REST


class RasaFirst:
    """Rasa; and when it is down, slow or absent, the actions in this process."""

    def __init__(self, rasa: Bot, own: Bot) -> None:
        self._rasa = rasa
        self._own = own

    def turn(self, turn: Turn) -> Decision:
        try:
            return self._rasa.turn(turn)
        except BotUnavailable as error:
            log.warning("rasa did not answer", message_id=turn.id, error=str(error))
            return self._own.turn(turn)
