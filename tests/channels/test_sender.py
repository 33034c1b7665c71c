from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from starlette.responses import HTMLResponse, JSONResponse, Response

from channels import keys
from channels.accounts import Account, WeChatAccount
from channels.claim import Claims
from channels.delivery import Courier
from channels.port import Piece
from channels.wechat.parse import BY_MESSAGE
from channels.wechat.quota import Quota
from channels.wechat.quota import granted as grant_of
from environment.media_store import MediaStore
from environment.settings import ROOT, Settings
from tests.channels.conftest import Sending
from tests.channels.desk_double import an_outbound, answering, told, told_at_least
from tests.channels.wechat_double import AES_KEY, APP_ID, TOKEN, WeChatApi, push, text_push
from wire.keys import MEDIA_WANTED, OUTBOUND, owner
from wire.messages import FIELD, DeliveryState, Option, Outbound, Part, Template, encode

PNG = (
    bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de") + b"0" * 64
)


async def say(redis: Redis, *outbounds: Outbound) -> None:
    for outbound in outbounds:
        await redis.xadd(OUTBOUND, {FIELD: encode(outbound)})


async def granted(redis: Redis, citizen: str = "o-citizen") -> None:
    note = grant_of("12341-wechat", citizen, BY_MESSAGE)
    await redis.set(note.key, note.value, ex=note.seconds)


async def test_an_agents_words_are_sent_and_told(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    outbound = an_outbound(author="agent", parts=(Part(text="我来帮您看看"),))
    async with sending():
        await say(redis, outbound)
        (delivery,) = await told_at_least(redis, 1)
    assert wechat_api.sent == [
        {"touser": "o-citizen", "msgtype": "text", "text": {"content": "我来帮您看看"}}
    ]
    assert (delivery.outbound, delivery.state, delivery.via) == (
        outbound.id,
        DeliveryState.SENT,
        "api",
    )
    assert (await redis.xpending(OUTBOUND, "sender"))["pending"] == 0


async def test_one_citizens_messages_keep_their_order_and_others_do_not_wait(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    async def slow_for_one() -> None:
        if wechat_api.sent[-1]["touser"] == "o-slow":
            await asyncio.sleep(0.1)

    wechat_api.before = slow_for_one
    slow = [
        an_outbound(external_id="o-slow", parts=(Part(text=str(number)),)) for number in range(5)
    ]
    async with sending():
        await say(redis, *slow, an_outbound(external_id="o-quick"))
        await told_at_least(redis, 6)
    order = [body["text"]["content"] for body in wechat_api.sent if body["touser"] == "o-slow"]
    assert order == ["0", "1", "2", "3", "4"]
    assert [body["touser"] for body in wechat_api.sent].index("o-quick") < 3


async def test_options_are_a_menu_and_numbered_lines_where_menus_are_not_allowed(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    part = Part(text="您想问：", options=(Option(id="entry-1", label="居住证"),))
    await granted(redis)
    async with sending():
        await say(redis, an_outbound(parts=(part,)))
        await told_at_least(redis, 1)
        assert wechat_api.sent[0]["msgmenu"]["list"] == [{"id": "entry-1", "content": "居住证"}]
        wechat_api.codes = [40200]
        await say(redis, an_outbound(parts=(part,)), an_outbound(parts=(part,)))
        deliveries = await told_at_least(redis, 3)
    assert [body["msgtype"] for body in wechat_api.sent] == ["msgmenu", "msgmenu", "text", "text"]
    assert wechat_api.sent[-1]["text"]["content"] == "您想问：\n1. 居住证"
    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}


@pytest.mark.parametrize(
    ("code", "state"),
    [(45015, "refused"), (45047, "refused"), (40003, "refused"), (48001, "refused")],
)
async def test_what_wechat_refuses_is_refused_with_its_code(
    redis: Redis, wechat_api: WeChatApi, sending: Sending, code: int, state: str
) -> None:
    wechat_api.codes = [code]
    async with sending():
        await say(redis, an_outbound())
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state.value, delivery.reason) == (state, str(code))
    assert len(wechat_api.sent) == 1


@pytest.mark.parametrize(
    "raw",
    [
        HTMLResponse("<html>busy</html>"),
        Response("bad gateway", 502),
        JSONResponse({}),
        JSONResponse(["ok"]),
        JSONResponse({"errcode": "0"}),
    ],
)
async def test_an_unclear_answer_is_unknown_and_not_sent_again(
    redis: Redis, wechat_api: WeChatApi, sending: Sending, raw: Response
) -> None:
    wechat_api.raw = raw
    async with sending():
        await say(redis, an_outbound())
        (delivery,) = await told_at_least(redis, 1)
        await asyncio.sleep(0.2)
    assert delivery.state is DeliveryState.UNKNOWN
    assert len(wechat_api.sent) == 1


async def test_a_busy_platform_is_asked_again(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    wechat_api.codes = [-1, -1]
    async with sending():
        await say(redis, an_outbound())
        (delivery,) = await told_at_least(redis, 1)
    assert delivery.state is DeliveryState.SENT
    assert len(wechat_api.sent) == 3


async def test_an_invalid_token_is_replaced_once_and_the_message_sent_once(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    await redis.set(keys.token("12341-wechat"), "stale")
    wechat_api.codes = [40001]
    async with sending():
        await say(redis, an_outbound())
        (delivery,) = await told_at_least(redis, 1)
    assert delivery.state is DeliveryState.SENT
    assert wechat_api.sent_with == ["stale", "token-1"]


async def test_many_citizens_share_one_token(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    async with sending():
        await say(redis, *(an_outbound(external_id=f"o-{number}") for number in range(20)))
        await told_at_least(redis, 20)
    assert wechat_api.tokens_given == 1
    assert 0 < await redis.ttl(keys.token("12341-wechat")) < 7200


async def test_a_wrong_secret_is_refused_for_everybody_until_it_is_mended(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    wechat_api.token_code = 40125
    async with sending():
        await say(redis, an_outbound())
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, "40125")


async def test_a_platform_that_cannot_be_reached_is_tried_again(
    redis: Redis, accounts: dict[str, Any], sending: Sending
) -> None:
    """The address leads nowhere: nothing was taken, so the Outbound stays in hand."""
    async with sending():
        outbound = an_outbound()
        await say(redis, outbound)
        await asyncio.sleep(0.5)
        assert await told(redis) == []
        await redis.set(owner("7"), 2)
        (delivery,) = await told_at_least(redis, 1)
    assert delivery.state is DeliveryState.SUPERSEDED


async def test_what_an_earlier_owner_wrote_is_not_sent(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    await redis.set(owner("7"), 2)
    async with sending():
        await say(redis, an_outbound(epoch=1))
        (delivery,) = await told_at_least(redis, 1)
    assert delivery.state is DeliveryState.SUPERSEDED
    assert wechat_api.sent == []


async def test_the_sender_takes_over_when_the_exchange_is_over(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    called_at: list[datetime] = []

    async def note() -> None:
        called_at.append(datetime.now(UTC))

    wechat_api.before = note
    async with sending():
        until = datetime.now(UTC) + timedelta(seconds=0.6)
        await say(redis, an_outbound(reply_by=until))
        await told_at_least(redis, 1)
    assert wechat_api.texts() == ["您好"]
    assert called_at[0] >= until


async def test_the_rest_of_a_turn_follows_what_the_exchange_sent(
    redis: Redis,
    wechat_api: WeChatApi,
    gateway: str,
    http: httpx.AsyncClient,
    sending: Sending,
) -> None:
    parts = [Part(text="第一"), Part(text="第二"), Part(text="第三")]
    async with sending(), answering(redis, lambda _: parts):
        answer = await push(http, gateway, text_push())
        # The exchange hands the rest over, and so may a relay: told again, it is the same end.
        delivery, *again = await told_at_least(redis, 1)
    assert all(each == delivery for each in again)
    assert "第一" in answer.text
    assert wechat_api.texts() == ["第二", "第三"]
    assert (delivery.state, delivery.via) == (DeliveryState.SENT, "api")


async def test_with_little_quota_left_the_bubbles_go_together(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    await granted(redis)
    for _ in range(4):
        await Quota(redis).spent("12341-wechat", "o-citizen")
    parts = tuple(Part(text=text) for text in ("一", "二", "三"))
    async with sending():
        await say(redis, an_outbound(parts=parts))
        await told_at_least(redis, 1)
    assert wechat_api.texts() == ["一\n\n二\n\n三"]
    assert await Quota(redis).left("12341-wechat", "o-citizen") == 0


async def test_an_outbound_that_is_relayed_again_is_not_sent_again(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    outbound = an_outbound()
    async with sending():
        await say(redis, outbound, outbound)
        first, again = await told_at_least(redis, 2)
    assert first == again
    assert len(wechat_api.sent) == 1


async def test_an_account_that_is_gone_and_an_entry_that_is_junk_end_too(
    redis: Redis, sending: Sending
) -> None:
    async with sending():
        await redis.xadd(OUTBOUND, {FIELD: b"junk"})
        await say(redis, an_outbound(account="gone"), an_outbound(parts=()))
        refused, silent = await told_at_least(redis, 2)
        await asyncio.sleep(0.1)
    assert (refused.state, refused.reason) == (DeliveryState.REFUSED, "no-account")
    assert silent.state is DeliveryState.SENT
    assert (await redis.xpending(OUTBOUND, "sender"))["pending"] == 0


async def test_a_second_sender_stands_by_and_takes_over(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    async with sending() as first:
        second = asyncio.create_task(_hold(sending))
        await asyncio.sleep(0.3)
        assert first.taken.is_set()
        await say(redis, an_outbound())
        await told_at_least(redis, 1)
    await say(redis, an_outbound())
    await told_at_least(redis, 2)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert len(wechat_api.sent) == 2


async def _hold(sending: Sending) -> None:
    async with sending():
        await asyncio.sleep(60)


async def test_a_picture_is_fetched_and_kept(
    redis: Redis, wechat_api: WeChatApi, sending: Sending, settings: Settings
) -> None:
    wechat_api.files = {"good": PNG, "script": b"<html><script>x</script></html>"}
    async with sending():
        for platform_id in ("good", "script", "expired"):
            await redis.xadd(
                MEDIA_WANTED,
                {"account": "12341-wechat", "message_id": "5", "platform_id": platform_id},
            )
        fetched = {media.platform_id: media for media in await told_at_least(redis, 3)}
        await asyncio.sleep(0.05)
        assert (await redis.xpending(MEDIA_WANTED, "sender"))["pending"] == 0
    good = fetched["good"]
    assert (good.content_type, good.size, good.reason) == ("image/png", len(PNG), "")
    assert (settings.home / "media" / good.key).read_bytes() == PNG
    assert (fetched["script"].reason, fetched["script"].key) == ("kind", "")
    assert fetched["expired"].reason == "40007"


async def test_a_file_kept_twice_is_one_file(settings: Settings) -> None:
    store = MediaStore((settings.home / "media").as_uri())
    first = await store.keep("a", PNG, frozenset({"image/png"}))
    again = await store.keep("a", PNG, frozenset({"image/png"}))
    assert first == again
    assert len(list((settings.home / "media").rglob("*.png"))) == 1


def _start_sender(settings: Settings, channels_file: Path) -> subprocess.Popen[bytes]:
    environ = os.environ | {
        "REDIS_URL": settings.redis_url,
        "QIANMEN_HOME": str(settings.home),
        "QIANMEN_CHANNELS": str(channels_file),
        "QIANMEN_ENV": "demo",
    }
    return subprocess.Popen([sys.executable, "-m", "channels.sender"], cwd=ROOT, env=environ)


async def test_a_sender_killed_while_it_sends_leaves_unknown_and_nothing_twice(
    redis: Redis, wechat_api: WeChatApi, accounts: dict[str, Any], settings: Settings
) -> None:
    api_base = accounts["12341-wechat"].api_base
    channels_file = settings.home / "channels.toml"
    channels_file.write_text(
        f'[[account]]\nid = "12341-wechat"\nchannel = "wechat"\nhotline = "12341"\n'
        f'app_id = "{APP_ID}"\napp_secret = "s"\ntoken = "{TOKEN}"\n'
        f'encoding_aes_key = "{AES_KEY}"\napi_base = "{api_base}"\n'
    )
    called, forever = asyncio.Event(), asyncio.Event()

    async def never_answer() -> None:
        called.set()
        await forever.wait()

    wechat_api.before = never_answer
    cut_off = an_outbound()
    next_one = an_outbound(parts=(Part(text="下一条"),))
    await say(redis, cut_off, next_one)
    first = _start_sender(settings, channels_file)
    try:
        await asyncio.wait_for(called.wait(), 60)
        assert (settings.home / "run" / "sender.ready").exists()
        assert await redis.get(keys.ALIVE_SENDER) == b"1"
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait(10)
    forever.set()
    wechat_api.before = None
    second = _start_sender(settings, channels_file)
    try:
        unknown, sent = await told_at_least(redis, 2)
    finally:
        second.terminate()
        assert second.wait(10) == 0
    assert (unknown.outbound, unknown.state) == (cut_off.id, DeliveryState.UNKNOWN)
    assert (sent.outbound, sent.state) == (next_one.id, DeliveryState.SENT)
    assert wechat_api.texts() == ["您好", "下一条"]
    assert not (settings.home / "run" / "sender.ready").exists()
    assert await redis.get(keys.SENDER_LEASE) is None


async def test_an_exchange_that_broke_off_unreported_ends_as_unknown(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    outbound = an_outbound(reply_by=datetime.now(UTC) + timedelta(seconds=1))
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    await Claims(redis).for_exchange(outbound, long_ago)
    async with sending():
        await say(redis, outbound)
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.via) == (DeliveryState.UNKNOWN, "passive")
    assert wechat_api.sent == []


async def test_words_that_our_own_store_held_up_go_out_when_it_is_back(redis: Redis) -> None:
    class Unsteady:
        channel, via, repeatable = "telegram", "api", False

        def __init__(self) -> None:
            self.tries = 0

        async def pieces(self, outbound: Outbound, _already_sent: int) -> list[Piece]:
            return [Piece(part) for part in outbound.parts]

        async def send(self, _outbound: Outbound, _piece: Piece) -> None:
            self.tries += 1
            if self.tries == 1:
                raise RedisConnectionError("gone")

    messenger = Unsteady()
    outbound = an_outbound()
    courier = Courier(Claims(redis), {outbound.account: messenger}, "here", pauses=(0.05,))
    await courier.deliver(outbound)
    (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, messenger.tries) == (DeliveryState.SENT, 2)


# Outside the window


PROGRESS = Template(
    name="case_progress",
    number="202611240032",
    about="路灯不亮",
    stage="已派单",
    at=datetime(2026, 11, 24, tzinfo=UTC),
    url="https://desk.example/case/x",
)


@pytest.fixture
def with_template(accounts: dict[str, Account], wechat_api: WeChatApi) -> None:
    account = accounts["12341-wechat"]
    assert isinstance(account, WeChatAccount)
    accounts[account.id] = structs.replace(account, templates={"case_progress": "TM1"})


async def test_inside_the_window_words_go_as_they_are(
    redis: Redis, wechat_api: WeChatApi, with_template: None, sending: Sending
) -> None:
    async with sending():
        await say(redis, an_outbound(template=PROGRESS))
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.via) == (DeliveryState.SENT, "api")
    assert wechat_api.templates == []


@pytest.mark.parametrize("code", [45015, 45047])
async def test_outside_the_window_a_template_goes_in_place_of_all_of_it(
    redis: Redis, wechat_api: WeChatApi, with_template: None, sending: Sending, code: int
) -> None:
    wechat_api.codes = [code]
    outbound = an_outbound(template=PROGRESS, parts=(Part(text="一" * 600), Part(text="二" * 600)))
    async with sending():
        await say(redis, outbound)
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.via, delivery.reason) == (DeliveryState.SENT, "template", "")
    (sent,) = wechat_api.templates
    assert sent["client_msg_id"] == outbound.id
    assert sent["data"]["phrase3"] == {"value": "已派单"}
    assert sent["url"] == PROGRESS.url
    assert len(wechat_api.sent) == 1


async def test_without_a_template_the_window_is_the_end(
    redis: Redis, wechat_api: WeChatApi, sending: Sending
) -> None:
    wechat_api.codes = [45015]
    async with sending():
        await say(redis, an_outbound(template=PROGRESS))
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, "45015")


async def test_no_other_refusal_is_answered_with_a_template(
    redis: Redis, wechat_api: WeChatApi, with_template: None, sending: Sending
) -> None:
    wechat_api.codes = [48002]
    async with sending():
        await say(redis, an_outbound(template=PROGRESS))
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, "48002")
    assert wechat_api.templates == []


@pytest.mark.parametrize("code", [40037, 43004, 47003])
async def test_a_template_that_is_refused_leaves_the_window_as_the_reason(
    redis: Redis, wechat_api: WeChatApi, with_template: None, sending: Sending, code: int
) -> None:
    wechat_api.codes = [45015]
    wechat_api.template_answers = [JSONResponse({"errcode": code, "errmsg": "no"})]
    async with sending():
        await say(redis, an_outbound(template=PROGRESS))
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, "45015")


async def test_an_unclear_answer_to_a_template_is_asked_for_once_more_under_its_key(
    redis: Redis, wechat_api: WeChatApi, with_template: None, sending: Sending
) -> None:
    wechat_api.codes = [45015]
    wechat_api.template_answers = [HTMLResponse("busy", 502)]
    async with sending():
        await say(redis, an_outbound(template=PROGRESS))
        (delivery,) = await told_at_least(redis, 1)
    assert (delivery.state, delivery.via) == (DeliveryState.SENT, "template")
    first, second = wechat_api.templates
    assert first["client_msg_id"] == second["client_msg_id"]


async def test_a_template_that_stays_unclear_is_unknown(
    redis: Redis, wechat_api: WeChatApi, with_template: None, sending: Sending
) -> None:
    wechat_api.codes = [45015]
    wechat_api.template_answers = [HTMLResponse("busy", 502), HTMLResponse("busy", 502)]
    async with sending():
        await say(redis, an_outbound(template=PROGRESS))
        (delivery,) = await told_at_least(redis, 1)
    assert delivery.state == DeliveryState.UNKNOWN
