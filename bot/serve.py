"""Starts Rasa's HTTP server on loopback: `bot/.venv/bin/python bot/serve.py`.

Its webhook has no authentication, so it never listens on another address. Only the webhook and
`GET /healthz` are open: Rasa's management API would let a neighbour swap the model.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import warnings
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODEL = HERE / "models" / "qianmen.tar.gz"

# Read while Rasa is imported.
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
_actions = os.environ.get("ACTIONS_URL") or "http://127.0.0.1:{}".format(
    os.environ.get("QIANMEN_ACTIONS_PORT") or 5055
)
# endpoints.yml wants the webhook itself; the settings name the server.
os.environ["ACTIONS_URL"] = _actions.rstrip("/").removesuffix("/webhook") + "/webhook"


def _say_nothing(*_warning: object, **_of: object) -> None:
    """Warnings of a Rasa that is past maintenance: nobody who reads this log can do anything."""


# Not a filter: Rasa and what it imports reset those.
warnings.showwarning = _say_nothing
sys.path.insert(0, str(HERE))  # components, as config.yml names them


def serve(port: int, model: Path = MODEL) -> None:
    """Serve until told to stop."""
    from rasa.core.run import close_resources, configure_app, load_agent_on_start
    from rasa.core.utils import AvailableEndpoints
    from sanic import response
    from sanic.request import Request
    from sanic.response import HTTPResponse

    from components.channel import FrontDoor
    from components.responses import check_responses_with_one_validator
    from components.shortcuts import keep_connections, take_shortcuts

    if sys.platform == "darwin":
        asyncio.set_event_loop_policy(None)
    check_responses_with_one_validator()
    take_shortcuts()
    endpoints = AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml"))
    keep_connections(endpoints.action)
    app = configure_app([FrontDoor()], enable_api=False, endpoints=endpoints, port=port)
    app.config.ACCESS_LOG = False

    @app.get("/healthz")
    async def healthz(_request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    app.register_listener(
        partial(load_agent_on_start, str(model), endpoints, None), "before_server_start"
    )
    app.register_listener(close_resources, "after_server_stop")
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False, debug=False)


def keep_words_out_of_logs() -> None:
    """Rasa writes each message below this level, and structlog writes every level by default."""
    import structlog

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def main() -> int:
    keep_words_out_of_logs()
    if not MODEL.is_file():
        print(f"rasa: no model at {MODEL}; run bot/setup.sh", file=sys.stderr)
        return 1
    serve(int(os.environ.get("QIANMEN_RASA_PORT") or 5005))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
