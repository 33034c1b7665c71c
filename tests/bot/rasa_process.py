"""The real Rasa with its model, and an action server that can also tell what Rasa asked of it."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.decide import act
from actions.library import Library
from actions.protocol import turn_from
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
MODEL = ROOT / "bot" / "models" / "qianmen.tar.gz"
START = 150.0  # seconds; 5 on a quiet machine
ECHO = "echo"  # in the metadata: answer what was asked; "fail": answer a 500


@dataclass(frozen=True)
class RasaProcess:
    client: httpx.Client

    def post(self, text: Any, metadata: Any, sender: str = "") -> httpx.Response:
        body = {"sender": sender or uuid4().hex, "message": text, "metadata": metadata}
        return self.client.post("/webhooks/rest/webhook", json=body)

    def asked(self, text: Any, sender: str = "", **turn: Any) -> dict[str, Any]:
        """Which action Rasa called for this text, with what."""
        response = self.post(text, {ECHO: "yes", "id": "m1", **turn}, sender)
        assert response.status_code == 200, response.text
        replies = response.json()
        assert len(replies) == 1, replies
        echo: dict[str, Any] = replies[0]["custom"]
        return echo


@contextmanager
def running_rasa(library: Library) -> Iterator[RasaProcess]:
    with running_actions(library) as actions_port:
        port = free_port()
        environment = {
            **os.environ,
            "QIANMEN_RASA_PORT": str(port),
            "ACTIONS_URL": f"http://127.0.0.1:{actions_port}",
        }
        process = subprocess.Popen(
            [PYTHON, ROOT / "bot" / "serve.py"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False
            ) as client:
                _wait_for(client, process)
                yield RasaProcess(client)
        finally:
            process.terminate()
            process.wait(timeout=15)


def _wait_for(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        assert process.poll() is None, "Rasa ended while it started"
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("Rasa did not start")


@contextmanager
def running_actions(library: Library) -> Iterator[int]:
    port = free_port()
    config = uvicorn.Config(
        _actions(library), host="127.0.0.1", port=port, log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def _actions(library: Library) -> Starlette:
    async def webhook(request: Request) -> Response:
        call = await request.json()
        message = call["tracker"]["latest_message"]
        how = message["metadata"].get(ECHO)
        if how == "fail":
            return JSONResponse({}, status_code=500)
        custom: Any = {
            "action": call["next_action"],
            "intent": message["intent"]["name"],
            "confidence": message["intent"]["confidence"],
            "stage": call["tracker"]["slots"]["stage"],
            "events": len(call["tracker"]["events"]),
        }
        if how is None:
            turn = turn_from(message["metadata"])
            decision = act(call["next_action"], message["intent"]["name"], turn, library)
            custom = msgspec.to_builtins(decision)
        return JSONResponse({"events": [], "responses": [{"custom": custom}]})

    return Starlette(routes=[Route("/webhook", webhook, methods=["POST"])])
