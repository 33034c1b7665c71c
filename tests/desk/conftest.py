from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache

from actions.protocol import Decision, Reply, Status, Turn
from desk.conversations.bus import redis
from desk.people.models import Department, Hotline, Role, User
from tests.desk.commits import run_after_own_commits
from tests.desk.migrated import keep, use_kept
from tests.redis_server import redis_server
from tests.surroundings import REDIS_PORT
from wire.messages import Inbound, InboundKind


@pytest.fixture(scope="session", autouse=True)
def _redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with redis_server(tmp_path_factory.mktemp("redis"), REDIS_PORT):
        yield


@pytest.fixture(autouse=True)
def _empty_redis(_redis: None) -> None:
    redis().flushall()
    cache.clear()


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    use_kept(request.config.rootpath)
    return True  # its folder goes with the run


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, request: pytest.FixtureRequest) -> None:
    keep(request.config.rootpath)


@pytest.fixture(autouse=True)
def _commits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        run_after_own_commits(monkeypatch)


@pytest.fixture(autouse=True)
def _plain_static(settings: Any) -> None:
    """Pages name static files; no test needs them collected."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def hotline(db: None) -> Hotline:
    return Hotline.objects.get_or_create(code="12345", defaults={"name": "市民热线"})[0]


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(name="区城市管理委员会", purpose="路灯、公厕、垃圾清运")


@pytest.fixture
def user(db: None) -> Callable[..., User]:
    def make(name: str = "agent", role: Role = Role.AGENT, **more: Any) -> User:
        return User.objects.create(username=name, role=role, display_name=name, **more)

    return make


_numbers = count(1)


@pytest.fixture
def said() -> Callable[..., Inbound]:
    """What a citizen says, as it comes from the channels."""

    def make(text: str = "", citizen: str = "open-id-1", **more: Any) -> Inbound:
        now = datetime.now(UTC)
        return Inbound(
            **{
                "account": "12345-wechat",
                "channel": "wechat",
                "hotline": "12345",
                "external_id": citizen,
                "message_id": f"m{next(_numbers)}",
                "kind": InboundKind.TEXT,
                "text": text,
                "sent_at": now,
                "received_at": now,
            }
            | more
        )

    return make


class ScriptedBot:
    """Decides what the test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.decide: Callable[[Turn], Decision] = lambda turn: Decision(
            status=Status.SMALL_TALK, intent="greet", replies=(Reply(text=f"听到：{turn.text}"),)
        )

    def turn(self, turn: Turn) -> Decision:
        self.turns.append(turn)
        return self.decide(turn)


@pytest.fixture
def bot() -> ScriptedBot:
    return ScriptedBot()
