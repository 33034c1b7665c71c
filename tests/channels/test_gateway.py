from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from channels import keys
from channels.accounts import Account
from channels.gateway import build, server_of
from channels.redis_connection import connect
from channels.waiting import Hub, Replies
from environment.settings import ROOT, Settings
from tests.channels.desk_double import DeskDouble, an_outbound
from tests.channels.serving import serving
from tests.channels.wechat_double import push, signed, text_push
from tests.ports import free_port
from wire.keys import ALIVE_WORKER
from wire.messages import Outbound, Part


async def test_it_is_ready_when_every_part_is_there(
    gateway: str, http: httpx.AsyncClient, redis: Redis
) -> None:
    assert (await http.get(f"{gateway}/healthz")).status_code == 200
    async with asyncio.timeout(20):
        while (missing := await http.get(f"{gateway}/readyz")).json()["parts"]["replies"] == "down":
            await asyncio.sleep(0.02)
    assert missing.status_code == 503
    assert missing.json()["parts"] == {
        "redis": "up",
        "replies": "up",
        "worker": "down",
        "sender": "down",
    }
    await redis.set(ALIVE_WORKER, "1", ex=5)
    await redis.set(keys.ALIVE_SENDER, "1", ex=5)
    assert (await http.get(f"{gateway}/readyz")).status_code == 200


async def test_the_demo_answers_to_no_other_name(gateway: str, http: httpx.AsyncClient) -> None:
    named = await http.get(f"{gateway}/healthz", headers={"host": "rebound.example"})
    assert named.status_code == 400
    assert (await http.get(f"{gateway.replace('127.0.0.1', 'localhost')}/healthz")).is_success


async def test_without_redis_nothing_is_acknowledged(
    settings: Settings, accounts: dict[str, Account], http: httpx.AsyncClient
) -> None:
    nowhere = replace(settings, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    async with serving(server_of(build(nowhere, accounts), 0).config) as gateway:
        wechat = await push(http, gateway, text_push())
        telegram = await http.post(
            f"{gateway}/telegram/12341-telegram",
            headers={"x-telegram-bot-api-secret-token": "right"},
            json={
                "update_id": 1,
                "message": {
                    "message_id": 1,
                    "date": 1764000000,
                    "chat": {"id": 5, "type": "private"},
                    "from": {"id": 5, "is_bot": False, "first_name": "x"},
                    "text": "停电",
                },
            },
        )
        forged = await http.post(f"{gateway}/wechat/12341-wechat", content=b"x")
        ready = await http.get(f"{gateway}/readyz")
        assert (await http.get(f"{gateway}/healthz")).status_code == 200
    assert (wechat.status_code, telegram.status_code) == (503, 503)
    assert wechat.text != "success"
    assert forged.status_code == 403
    assert ready.status_code == 503
    assert ready.json()["parts"]["redis"] == "down"


async def waited(redis: Redis, hub: Hub, message_id: str, seconds: float) -> Outbound | None:
    replies = Replies(redis, hub)
    with replies.expecting("a", message_id) as nudged:
        return await replies.wait("a", message_id, nudged, seconds)


async def test_a_reply_reaches_whoever_waits_and_wherever(redis: Redis, redis_url: str) -> None:
    """Two gateways wait for the same message; one of them has no subscription."""
    second = connect(redis_url)
    hub, deaf = Hub(redis), Hub(second)
    listening = asyncio.create_task(hub.run())
    await asyncio.wait_for(hub.subscribed.wait(), 20)
    waiting = [
        asyncio.create_task(waited(client, client_hub, "m", 20))
        for client, client_hub in ((redis, hub), (second, deaf))
    ]
    await asyncio.sleep(0.1)
    outbound: Outbound = an_outbound(account="a", in_reply_to="m", parts=(Part(text="到了"),))
    await DeskDouble(redis, lambda _: None).say(outbound)
    assert await asyncio.gather(*waiting) == [outbound, outbound]
    assert await waited(redis, hub, "m", 0) == outbound
    assert await waited(redis, hub, "other", 0.05) is None
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await second.aclose()


async def test_a_lost_subscription_comes_back(redis: Redis) -> None:
    hub = Hub(redis)
    listening = asyncio.create_task(hub.run())
    await asyncio.wait_for(hub.subscribed.wait(), 20)
    await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    waiting = asyncio.create_task(waited(redis, hub, "m", 20))
    await asyncio.sleep(0.5)
    await asyncio.wait_for(hub.subscribed.wait(), 20)
    await DeskDouble(redis, lambda _: None).say(an_outbound(account="a", in_reply_to="m"))
    assert (await waiting) is not None
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


@pytest.mark.parametrize("environment", ["demo", "production"])
async def test_the_process_starts_and_stops_and_counts(
    settings: Settings, redis: Redis, http: httpx.AsyncClient, environment: str, tmp_path: Path
) -> None:
    """In production plain mode stops the start, and says which account and key."""
    file = tmp_path / "channels.toml"
    file.write_text(
        '[[account]]\nid = "12341-wechat"\nchannel = "wechat"\nhotline = "12341"\n'
        'app_id = "wx"\napp_secret = "a-real-secret"\ntoken = "a-token-of-the-test"\n'
    )
    port = free_port()
    environ = os.environ | {
        "REDIS_URL": settings.redis_url,
        "QIANMEN_HOME": str(tmp_path),
        "QIANMEN_CHANNELS": str(file),
        "QIANMEN_ENV": environment,
        "QIANMEN_GATEWAY_PORT": str(port),
        "QIANMEN_METRICS_PORT": str(settings.metrics_port),
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "run" / "metrics"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "channels.gateway"],
        cwd=ROOT,
        env=environ,
        stderr=subprocess.PIPE,
    )
    try:
        if environment == "production":
            assert process.wait(90) == 2
            assert process.stderr is not None
            said = process.stderr.read().decode()
            assert "12341-wechat: encoding_aes_key" in said
            assert "a-real-secret" not in said
            return
        gateway = f"http://127.0.0.1:{port}"
        async with asyncio.timeout(90):
            while True:
                try:
                    await http.get(f"{gateway}/healthz")
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)
        await http.post(f"{gateway}/wechat/12341-wechat", params=signed(), content=b"<broken")
        metrics = await http.get(f"http://127.0.0.1:{settings.metrics_port}/metrics")
        assert 'qianmen_inbound_refused_total{account="12341-wechat",why="broken xml"} 1.0' in (
            metrics.text
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait(10)
        if process.stderr is not None:
            process.stderr.close()
