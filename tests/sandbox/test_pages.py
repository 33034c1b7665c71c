"""The pages, who may reach them, and what they say about the other processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import httpx
import pytest

from tests.sandbox.conftest import OPENID, PLAIN, Gateway, says

ROLES = ("agent", "agent2", "editor", "reviewer", "handler", "supervisor", "admin")


async def test_the_start_page_has_a_door_for_each_role(sandbox: httpx.AsyncClient) -> None:
    page = (await sandbox.get("/")).text
    for role in ROLES:
        assert f'method="post" action="http://127.0.0.1:8001/demo/enter/{role}"' in page
    assert 'href="/phone"' in page
    assert 'href="/telegram-phone"' in page
    assert 'href="http://gateway/chat/12341-web"' in page
    assert "演示" in page


@pytest.mark.parametrize("path", ["/phone", "/telegram-phone"])
async def test_the_phones_know_their_accounts(sandbox: httpx.AsyncClient, path: str) -> None:
    page = await sandbox.get(path)
    assert page.status_code == 200
    assert "西城 12341" in page.text
    assert "shh" not in page.text
    assert "s3cret" not in page.text


async def test_pages_run_only_their_own_scripts(sandbox: httpx.AsyncClient) -> None:
    page = await sandbox.get("/phone")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "form-action 'self' http://127.0.0.1:8001" in policy
    assert "style=" not in page.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "gateway:8002"])
async def test_another_host_name_is_refused(sandbox: httpx.AsyncClient, host: str) -> None:
    assert (await sandbox.get("/", headers={"Host": host})).status_code == 400


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9"])
async def test_a_page_from_elsewhere_cannot_speak_as_a_citizen(
    sandbox: httpx.AsyncClient, gateway: Gateway, origin: str
) -> None:
    answer = await sandbox.post(
        f"/control/wechat/{PLAIN.id}/citizens/{OPENID}/messages",
        json={"text": "你好"},
        headers={"Origin": origin},
    )
    assert answer.status_code == 403
    assert gateway.requests == []


async def test_a_body_that_is_too_large_is_refused(sandbox: httpx.AsyncClient) -> None:
    answer = await sandbox.post("/control/clock", headers={"Content-Length": "99999999"})
    assert answer.status_code == 413


async def standing(sandbox: httpx.AsyncClient) -> dict[str, tuple[str, str]]:
    items = (await sandbox.get("/standing")).json()["items"]
    return {item["name"]: (item["state"], item["note"]) for item in items}


async def test_what_a_process_lacks_is_named(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    gateway.answers = [
        says(b'{"ready":false,"parts":{"redis":"up","worker":"down","other":"down"}}', 503)
    ]
    assert (await standing(sandbox))["gateway"] == ("partly", "还缺办件流转、other")


async def test_a_process_that_is_not_there_is_down(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    async def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    gateway.answers = [nobody]
    states = await standing(sandbox)
    assert {states[name][0] for name in ("gateway", "desk", "rasa", "actions")} == {"down"}
    assert {states[name][0] for name in ("sender", "worker")} == {"down"}


async def test_a_heartbeat_that_stopped_is_noticed(
    sandbox: httpx.AsyncClient, tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "sender.ready").touch()
    old = tmp_path / "run" / "worker.ready"
    old.touch()
    os.utime(old, (time.time() - 60, time.time() - 60))
    states = await standing(sandbox)
    assert states["sender"] == ("ready", "")
    assert states["worker"] == ("partly", "没有动静了")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/control/wechat/nobody/citizens/oAAAA/messages", {"text": "a"}, 404),
        (f"/control/wechat/{PLAIN.id}/citizens/{OPENID}/messages", {"text": 7}, 400),
        (f"/control/wechat/{PLAIN.id}/citizens/{OPENID}/messages", {"text": ""}, 400),
        (
            f"/control/wechat/{PLAIN.id}/citizens/{OPENID}/messages",
            {"text": "a", "copies": 99},
            400,
        ),
        (f"/control/wechat/{PLAIN.id}/citizens", {"name": " "}, 400),
        ("/control/clock", {"seconds": -1}, 400),
    ],
)
async def test_a_wrong_command_is_refused_with_a_reason(
    sandbox: httpx.AsyncClient, path: str, body: dict[str, object], status: int
) -> None:
    answer = await sandbox.post(path, json=body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
