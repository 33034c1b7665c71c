"""The worker: router, outbox relay, indexer, question set, supervision, webhooks and
housekeeping. Any number may run.

`python -m desk.worker`. A SIGTERM lets the messages under way finish and gives the leases back.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType
from uuid import uuid4

import django
import structlog

from wire.keys import ALIVE_WORKER

log = structlog.get_logger(__name__)

# More only wait for each other: with eight a core the slowest answers took twice as long.
THREADS = 5 * (os.cpu_count() or 2)
ALIVE_FOR = 5  # seconds


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    from environment.logs import configure_logs
    from environment.settings import read_settings

    settings = read_settings()
    configure_logs(settings.log)
    django.setup()
    Worker().run()


class Worker:
    def __init__(self) -> None:
        from django.conf import settings
        from django.db import connections

        from desk.conversations.bot import Rasa, RasaFirst
        from desk.conversations.bus import redis
        from desk.conversations.deliveries import DeliveryLoop
        from desk.conversations.intake_loop import IntakeLoop
        from desk.conversations.lanes import Lanes
        from desk.conversations.leases import Leases
        from desk.conversations.own_bot import OwnBot
        from desk.conversations.router import Router

        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:6]}"
        self.redis = redis()
        self.ready_file = settings.QIANMEN.home / "run" / "worker.ready"
        self.stop = threading.Event()
        self.router = Router(RasaFirst(Rasa(settings.QIANMEN.rasa_url), OwnBot()))
        self.lanes = Lanes(THREADS, connections.close_all)
        self.leases = Leases(self.redis, self.name)
        self.intake = IntakeLoop(self.redis, self.router, self.leases, self.lanes)
        self.deliveries = DeliveryLoop(self.redis, self.name)

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        self.ready_file.parent.mkdir(parents=True, exist_ok=True)
        self.ready_file.unlink(missing_ok=True)
        threads = [
            self._thread("deliveries", self._deliver),
            self._thread("housekeeping", self._keep_house),
            self._thread("indexer", self._index),
            self._thread("examiner", self._examine),
            self._thread("supervision", self._supervise),
            self._thread("webhooks", self._tell_systems),
            self._thread("mail", self._mail),
        ]
        self._guarded("intake", self._take_in)
        for thread in threads:
            thread.join(timeout=10)
        self.lanes.close()
        self._guarded_once("leases", self.leases.release_all)
        self.ready_file.unlink(missing_ok=True)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop.set()

    def _thread(self, name: str, body: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=lambda: self._guarded(name, body), name=name, daemon=True)
        thread.start()
        return thread

    def _guarded(self, name: str, body: Callable[[], None]) -> None:
        """Run a loop's body until the stop; a part that is away is waited for, and said so."""
        pause = 0.2
        while not self.stop.is_set():
            if self._guarded_once(name, body):
                pause = 0.2
            else:
                self.stop.wait(pause)
                pause = min(pause * 2, 5)

    def _guarded_once(self, name: str, body: Callable[[], None]) -> bool:
        from django.db import Error as DatabaseError
        from django.db import connection
        from redis.exceptions import RedisError

        try:
            body()
        except (RedisError, DatabaseError) as error:
            log.warning("a part is away", loop=name, error=type(error).__name__)
            connection.close()
            return False
        except Exception:
            log.exception("loop failed", loop=name)
            return False
        return True

    def _take_in(self) -> None:
        """Lease, read, renew, until the stop."""
        renew_at = 0.0
        while not self.stop.is_set():
            if time.monotonic() >= renew_at:
                self.leases.round()
                self.intake.prepare()
                for partition in self.leases.surplus():
                    if not self.intake.busy(partition):
                        self.leases.release(partition)
                self.redis.set(ALIVE_WORKER, self.name, ex=ALIVE_FOR)
                self.ready_file.touch()
                renew_at = time.monotonic() + 1
            self.intake.read()

    def _deliver(self) -> None:
        self.deliveries.prepare()
        next_take_over = 0.0
        while not self.stop.is_set():
            if time.monotonic() >= next_take_over:
                self.deliveries.take_over()
                next_take_over = time.monotonic() + 5
            self.deliveries.read()

    def _keep_house(self) -> None:
        from django.utils import timezone

        from desk.conversations.housekeeping import every_minute, every_second
        from desk.keeping.retention import every_night
        from desk.knowledge.schedule import keep_schedule
        from desk.practice import acting
        from desk.reviewing.acting import draw_due
        from desk.routing import rounds
        from desk.telling import rounds as telling

        minute_at = 0.0
        while not self.stop.is_set():
            every_second()
            keep_schedule(timezone.now())
            rounds.every_second()
            acting.every_second()
            telling.every_second()
            if time.monotonic() >= minute_at:
                every_minute()
                every_night()
                draw_due(timezone.now())
                self.intake.trim()
                self.deliveries.trim()
                minute_at = time.monotonic() + 60
            self.stop.wait(1)

    def _index(self) -> None:
        from desk.knowledge.indexer import run

        run(self.stop)

    def _supervise(self) -> None:
        """Every minute; with several workers each thing happens once all the same."""
        from django.utils import timezone

        from desk.reports.trends import keep_due
        from desk.supervision.dispatched import tell_of_dispatches
        from desk.supervision.rounds import supervise

        while not self.stop.wait(60 - time.time() % 60):
            supervise(timezone.now())
            tell_of_dispatches(timezone.now())
            keep_due(timezone.now())

    def _tell_systems(self) -> None:
        from desk.webhooks.sending import run

        run(self.stop)

    def _mail(self) -> None:
        """Every minute, in a thread of its own: a slow mail server must not hold up the queue."""
        from django.utils import timezone

        from desk.supervision.mailing import mail_letters

        while not self.stop.wait(60):
            mail_letters(timezone.now())

    def _examine(self) -> None:
        from desk.quality.examining import run

        run(self.stop)


if __name__ == "__main__":
    main()
