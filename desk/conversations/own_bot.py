"""The bot without Rasa: `intake` reads the intent, the same actions decide, in this process."""

from __future__ import annotations

import threading

from django.conf import settings

from actions.decide import Library, decide, open_library
from actions.protocol import Decision, Turn
from intake.intent import intent


class OwnBot:
    """Opens the index on first use, which is when Rasa is first away; safe for threads.

    Opened earlier it would encode the whole knowledge base beside the action server.
    """

    def __init__(self) -> None:
        self._library: Library | None = None
        self._lock = threading.Lock()

    def turn(self, turn: Turn) -> Decision:
        name = "choose" if turn.choice else intent(turn.text)
        return decide(name, turn, self._opened())

    def _opened(self) -> Library:
        with self._lock:
            if self._library is None:
                qianmen = settings.QIANMEN
                self._library = open_library(
                    qianmen.home,
                    qianmen.elasticsearch_url,
                    qianmen.encoder,
                    desk=f"http://127.0.0.1:{qianmen.desk_port}",
                )
            return self._library
