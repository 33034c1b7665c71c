"""A demo that is started again shows the phones as they were."""

from __future__ import annotations

from pathlib import Path

import httpx

from sandbox.app import Places, build_app
from sandbox.telegram.mailbox import Pace
from sandbox.wechat.courier import Rules
from tests.sandbox.conftest import ACCOUNTS, BOT, OPENID, OWN_URL, PLAIN, Gateway, replies

WECHAT = f"/control/wechat/{PLAIN.id}/citizens/{OPENID}"
TELEGRAM = f"/control/telegram/{BOT.id}/citizens/700001"


async def run(home: Path, gateway: Gateway, *said: tuple[str, str]) -> dict[str, list[str]]:
    """One run of the sandbox: say something, and read what both phones show."""
    places = Places(
        own_url=OWN_URL,
        public_url="http://gateway",
        desk_url="http://desk",
        rasa_url="http://rasa",
        actions_url="http://actions",
        home=home,
    )
    app = build_app(
        ACCOUNTS,
        places,
        client=httpx.AsyncClient(transport=httpx.MockTransport(gateway)),
        rules=Rules(answer_within=1.0, pause=0.001),
        pace=Pace(first_wait=0.01),
    )
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=OWN_URL) as client,
    ):
        for citizen, text in said:
            await client.post(f"{citizen}/messages", json={"text": text})
        shown = {}
        for citizen in (WECHAT, TELEGRAM):
            entries = (await client.get(f"{citizen}/chat")).json()["entries"]
            shown[citizen] = [entry["text"] for entry in entries]
        shown["left"] = [str((await client.get(f"{WECHAT}/chat")).json()["left"])]
        return shown


async def test_what_was_said_is_there_after_a_restart(tmp_path: Path, gateway: Gateway) -> None:
    gateway.answers = [replies("好的")]
    await run(tmp_path, gateway, (WECHAT, "一"))
    again = await run(tmp_path, gateway, (WECHAT, "二"))
    assert again[WECHAT] == ["一", "好的", "二", "好的"]


async def test_windows_and_the_other_phone_are_kept_too(tmp_path: Path, gateway: Gateway) -> None:
    await run(tmp_path, gateway, (WECHAT, "一"), (TELEGRAM, "你好"))
    again = await run(tmp_path, gateway)
    assert again[TELEGRAM] == ["你好"]
    assert again["left"] == ["5"]


async def test_a_broken_file_stops_nothing(tmp_path: Path, gateway: Gateway) -> None:
    (tmp_path / "sandbox.json").write_bytes(b'{"wechat": 7}')
    shown = await run(tmp_path, gateway, (WECHAT, "一"))
    assert shown[WECHAT] == ["一"]


async def test_only_the_owner_can_read_it(tmp_path: Path, gateway: Gateway) -> None:
    await run(tmp_path, gateway, (WECHAT, "一"))
    assert (tmp_path / "sandbox.json").stat().st_mode & 0o077 == 0
