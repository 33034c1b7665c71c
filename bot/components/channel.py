"""The only way in: `POST /webhooks/rest/webhook`, as Rasa's own REST channel has it.

Two rules of its own: what a citizen writes never commands Rasa, and a turn that fails is an error,
not an empty answer with status 200.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)

# Rasa executes `/restart`, `/intent{"entity": 1}` and the like, with blanks before it too.
_COMMAND_SIGNS = "/ \t\r\n　\ufeff\u200b"
# The classifier reads the two ends of a long message; the whole text is in the turn.
_LONGEST = 2000


class FrontDoor(InputChannel):
    """Takes {sender, message, metadata} and answers what the action answered."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        door = Blueprint("front_door", __name__)

        @door.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            body = request.json
            if not isinstance(body, dict) or not isinstance(body.get("metadata"), dict):
                return response.json({"error": "a turn is expected as metadata"}, status=400)
            collected = CollectingOutputChannel()
            try:
                await on_new_message(
                    UserMessage(
                        harmless(body.get("message")),
                        collected,
                        str(body.get("sender") or body["metadata"].get("id") or ""),
                        input_channel=self.name(),
                        metadata=body["metadata"],
                    )
                )
            except Exception as error:  # the edge: the router answers without Rasa
                # The traceback's values can hold the citizen's words; its places cannot.
                logger.error("a turn failed: %s", _chain(error))
                return response.json([], status=502)
            return response.json(collected.messages, status=200 if collected.messages else 502)

        return door


def harmless(text: Any) -> str:
    """The text without what Rasa would take for a command."""
    return text.lstrip(_COMMAND_SIGNS)[:_LONGEST] if isinstance(text, str) else ""


def _chain(error: BaseException) -> str:
    """The types of an error and of what caused it."""
    names = []
    cause: BaseException | None = error
    while cause is not None:
        names.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    return " < ".join(names)
