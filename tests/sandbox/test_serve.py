"""The sandbox as a process of its own: where it starts, where not, and what only a socket shows."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
CHANNELS = """
[[account]]
id = "w"
channel = "wechat"
hotline = "12341"
app_id = "wx1"
app_secret = "s"
token = "t"
api_base = "http://127.0.0.1:{port}"

[[account]]
id = "t"
channel = "telegram"
hotline = "12341"
bot_token = "42:abc"
mode = "polling"
api_base = "http://127.0.0.1:{port}"
"""


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    (home / "channels.toml").write_text(CHANNELS.format(port=port), encoding="utf-8")
    return {
        **os.environ,
        "QIANMEN_HOME": str(home),
        "QIANMEN_CHANNELS": str(home / "channels.toml"),
        "QIANMEN_SANDBOX_PORT": str(port),
        "PUBLIC_URL": "http://127.0.0.1:9",
        **more,
    }


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox that runs; ended by a signal while a page still looks, as in the demo."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.serve"],
        cwd=ROOT,
        env=environment(tmp_path_factory.mktemp("home"), port),
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 20
        while True:
            try:
                if httpx.get(f"{base}/healthz", trust_env=False).status_code == 200:
                    break
            except httpx.TransportError:
                assert process.poll() is None, "the sandbox ended"
                assert time.monotonic() < until, "the sandbox did not start"
                time.sleep(0.1)
        yield base
        with httpx.stream("GET", f"{base}/control/wechat/w/citizens/oAAAA/live", trust_env=False):
            process.send_signal(signal.SIGTERM)
            process.wait(8)
    finally:
        process.kill()
        process.wait()


def test_it_refuses_to_start_in_production(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.serve"],
        cwd=ROOT,
        env=environment(tmp_path, free_port(), QIANMEN_ENV="production"),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert b"production" in done.stderr


def test_it_names_a_channels_file_that_is_not_there(tmp_path: Path) -> None:
    missing = environment(tmp_path, free_port(), QIANMEN_CHANNELS=str(tmp_path / "none.toml"))
    done = subprocess.run(
        [sys.executable, "-m", "sandbox.serve"],
        cwd=ROOT,
        env=missing,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert b"none.toml is not there" in done.stderr


def test_a_page_follows_a_chat_live(address: str) -> None:
    citizen = f"{address}/control/wechat/w/citizens/oLive"
    with (
        httpx.Client(trust_env=False, timeout=15) as client,
        client.stream("GET", f"{citizen}/live") as live,
    ):
        lines = live.iter_lines()
        assert next(lines).startswith("retry")
        event = client.post(f"{citizen}/events", json={"event": "unsubscribe"})
        assert event.json()["fault"] is True  # no gateway is there
        assert any("您已取消关注" in line for line in lines)


@pytest.mark.parametrize(("kind", "arrives"), [("drop", False), ("drop_after", True)])
def test_a_dropped_connection_leaves_the_sender_in_doubt(
    address: str, kind: str, arrives: bool
) -> None:
    with httpx.Client(base_url=address, trust_env=False, timeout=15) as client:
        citizen = f"/control/wechat/w/citizens/oDrop{kind}"
        client.post(f"{citizen}/messages", json={"text": "你好"})
        token = client.post(
            "/cgi-bin/stable_token",
            json={"grant_type": "client_credential", "appid": "wx1", "secret": "s"},
        ).json()["access_token"]
        fault = {"kind": kind, "endpoint": "custom_send"}
        client.post("/control/wechat/w/faults", json=fault)
        body = {"touser": f"oDrop{kind}", "msgtype": "text", "text": {"content": "到了吗"}}
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            client.post(f"/cgi-bin/message/custom/send?access_token={token}", json=body)
        texts = [entry.get("text") for entry in client.get(f"{citizen}/chat").json()["entries"]]
        assert ("到了吗" in texts) is arrives


async def test_the_usual_library_can_speak_to_it(address: str) -> None:
    async with Bot("42:abc", base_url=f"{address}/bot") as bot:
        assert bot.id == 42
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(5, "好")
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            await client.post("/control/telegram/t/citizens", json={"name": "张阿姨"})
            someone = (await client.get("/control/telegram/t/citizens")).json()["items"][-1]["id"]
        sent = await bot.send_message(someone, "您好")
        assert sent.text == "您好"
