"""The action server: `python -m actions.serve`, on loopback.

Speaks Rasa's webhook protocol: one action in, exactly one custom response out, which is a
`Decision`. It never answers without one: a turn that cannot be decided is a status 500, so that the
router decides it without Rasa.
"""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.decide import act, open_library
from actions.library import Library
from actions.protocol import Decision, NotATurn, Turn, turn_from
from environment.logs import configure_logs
from environment.settings import read_settings

log = structlog.get_logger(__name__)

# More only wait for each other, and the last one longest.
THREADS = 2 * (os.cpu_count() or 2)


def create_app(library: Library) -> Starlette:
    """The server over a library that its threads share."""

    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="turn")

    async def webhook(request: Request) -> Response:
        try:
            action, intent, turn = _call(await request.body())
        except NotATurn as error:
            log.warning("not a turn", reason=type(error.__cause__).__name__)
            # Rasa reads a 400 as a refusal of this action.
            return JSONResponse({"error": "not a turn", "action_name": ""}, status_code=400)
        decision = await asyncio.get_running_loop().run_in_executor(
            threads, act, action, intent, turn, library
        )
        log.info("decided", action=action, intent=intent, status=decision.status.value)
        return Response(_response(decision), media_type="application/json")

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return Starlette(
        routes=[Route("/webhook", webhook, methods=["POST"]), Route("/healthz", healthz)]
    )


def _call(body: bytes) -> tuple[str, str, Turn]:
    """Which action Rasa calls, on which intent, with which turn."""
    try:
        call: Any = msgspec.json.decode(body)
        message = call["tracker"]["latest_message"]
        return call["next_action"], message["intent"]["name"] or "", turn_from(message["metadata"])
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise NotATurn("not a call of an action") from error


def _response(decision: Decision) -> bytes:
    """One custom response. The pause ends Rasa's turn here: it would ask its policies once more, to
    hear that it should listen, and nothing is kept of the pause."""
    return msgspec.json.encode(
        {"events": [{"event": "pause"}], "responses": [{"custom": decision}]}
    )


def main() -> int:
    settings = read_settings()
    configure_logs(settings.log)
    library = open_library(
        settings.home,
        settings.elasticsearch_url,
        settings.encoder,
        desk=f"http://127.0.0.1:{settings.desk_port}",
    )
    uvicorn.run(
        create_app(library),
        host="127.0.0.1",
        port=settings.actions_port,
        log_config=None,
        access_log=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
