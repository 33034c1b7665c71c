"""Pictures and papers of agents, on each platform, and the address that hands them out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis
from starlette.responses import JSONResponse, Response

from channels.sent_files import OPEN_FOR
from environment.media_store import MediaStore
from environment.settings import Settings
from tests.channels.conftest import Sending
from tests.channels.desk_double import an_outbound, told_at_least
from tests.channels.telegram.test_send import BotApi, bot_api, refusal, say
from tests.channels.webchat.test_socket import CITIZEN, browsing
from tests.channels.wechat_double import WeChatApi
from wire.keys import OUTBOUND
from wire.messages import FIELD, Delivery, DeliveryState, File, Outbound, Part, encode

__all__ = ["bot_api"]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de") + b"0" * 9
PDF = b"%PDF-1.7\n" + b"0" * 64


@pytest.fixture
def store(settings: Settings) -> MediaStore:
    return MediaStore(Path(settings.home, "media").as_uri())


@pytest.fixture
def picture(store: MediaStore) -> File:
    kept = store.keep_sent(PNG)
    return File(
        key=kept.key, kind="image", name="位置.png", content_type="image/png", size=kept.size
    )


@pytest.fixture
def paper(store: MediaStore) -> File:
    kept = store.keep_sent(PDF)
    return File(
        key=kept.key, kind="file", name="申请表.pdf", content_type="application/pdf", size=kept.size
    )


async def sent(redis: Redis, sending: Sending, outbound: Outbound) -> Delivery:
    async with sending():
        await redis.xadd(OUTBOUND, {FIELD: encode(outbound)})
        (delivery,) = await told_at_least(redis, 1)
    return delivery


def of(file: File, **more: str) -> Outbound:
    return an_outbound(author="agent", parts=(Part(file=file),), **more)


# WeChat


async def test_wechat_gets_the_picture_first_and_then_the_message_that_shows_it(
    redis: Redis, wechat_api: WeChatApi, sending: Sending, picture: File
) -> None:
    delivery = await sent(redis, sending, of(picture))
    assert delivery.state is DeliveryState.SENT
    assert wechat_api.uploaded == [PNG]
    assert wechat_api.sent == [
        {"touser": "o-citizen", "msgtype": "image", "image": {"media_id": "uploaded-1"}}
    ]


async def test_an_upload_without_an_answer_is_made_again_for_nobody_saw_it(
    redis: Redis, wechat_api: WeChatApi, sending: Sending, picture: File
) -> None:
    wechat_api.upload_answers = [Response("<html>", 502), JSONResponse({})]
    delivery = await sent(redis, sending, of(picture))
    assert delivery.state is DeliveryState.SENT
    assert len(wechat_api.uploaded) == 3
    assert len(wechat_api.sent) == 1


async def test_a_picture_that_wechat_does_not_take_is_refused_with_its_code(
    redis: Redis, wechat_api: WeChatApi, sending: Sending, picture: File
) -> None:
    wechat_api.upload_answers = [JSONResponse({"errcode": 45001, "errmsg": "media size"})]
    delivery = await sent(redis, sending, of(picture))
    assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, "45001")
    assert wechat_api.sent == []


async def test_a_paper_reaches_wechat_as_a_link_that_works(
    redis: Redis, wechat_api: WeChatApi, sending: Sending, settings: Settings, paper: File
) -> None:
    await sent(redis, sending, of(paper))
    (text,) = wechat_api.texts()
    assert text == f"［文件］申请表.pdf\n{settings.public_url}/files/{paper.key}"


async def test_a_file_that_is_gone_is_refused_and_said(
    redis: Redis, wechat_api: WeChatApi, sending: Sending, picture: File, settings: Settings
) -> None:
    Path(settings.home, "media", picture.key).unlink()
    delivery = await sent(redis, sending, of(picture))
    assert (delivery.state, delivery.reason) == (DeliveryState.REFUSED, "file-gone")


# Telegram


async def test_telegram_shows_a_picture_as_a_photo_and_a_paper_by_its_name(
    redis: Redis, bot_api: BotApi, sending: Sending, picture: File, paper: File
) -> None:
    async with sending():
        await say(redis, parts=(Part(file=picture),))
        await say(redis, parts=(Part(file=paper),))
        await told_at_least(redis, 2)
    (photo,), (document,) = bot_api.of("sendPhoto"), bot_api.of("sendDocument")
    assert photo["photo"] == "位置.png"
    assert document["document"] == "申请表.pdf"


async def test_a_picture_too_long_for_a_photo_arrives_as_a_paper(
    redis: Redis, bot_api: BotApi, sending: Sending, picture: File
) -> None:
    bot_api.answers = [refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")]
    async with sending():
        await say(redis, parts=(Part(file=picture),))
        (delivery,) = await told_at_least(redis, 1)
    assert delivery.state is DeliveryState.SENT
    assert len(bot_api.of("sendDocument")) == 1


# The web page, and the address


async def test_the_web_page_is_told_where_the_file_is(
    redis: Redis, gateway: str, sending: Sending, http: httpx.AsyncClient, picture: File
) -> None:
    await sent(redis, sending, of(picture, account="12341-web", external_id=CITIZEN))
    async with browsing(gateway) as browser:
        (line,) = (await browser.read("lines"))["lines"]
    file = line["parts"][0]["file"]
    assert (file["name"], file["kind"]) == ("位置.png", "image")
    shown = await http.get(f"{gateway}/files/{file['key']}")
    assert (shown.status_code, shown.content) == (200, PNG)
    assert shown.headers["content-type"] == "image/png"


async def test_a_paper_is_a_download_and_nothing_in_it_runs(
    gateway: str, http: httpx.AsyncClient, paper: File
) -> None:
    found = await http.get(f"{gateway}/files/{paper.key}")
    assert found.content == PDF
    assert found.headers["content-disposition"].startswith("attachment")
    assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_after_thirty_days_the_address_is_closed(
    gateway: str, http: httpx.AsyncClient, store: MediaStore, paper: File, settings: Settings
) -> None:
    past = (datetime.now(UTC) - OPEN_FOR - timedelta(days=1)).strftime("%Y%m%d")
    old = f"sent/{past}/{paper.key.rpartition('/')[2]}"
    Path(settings.home, "media", old).parent.mkdir(parents=True)
    Path(settings.home, "media", old).write_bytes(PDF)
    found = await http.get(f"{gateway}/files/{old}")
    assert (found.status_code, "过期" in found.text) == (404, True)


@pytest.mark.parametrize(
    "key",
    [
        "12341-web/ab/0123.png",  # a citizen's
        "sent/20261301/" + "a" * 32 + ".png",
        "sent/20261124/" + "a" * 32 + ".png",
        "sent/20261124/../../qianmen.sqlite3",
        "..%2f..%2fetc%2fpasswd",
        "",
    ],
)
async def test_nothing_else_is_handed_out(
    gateway: str, http: httpx.AsyncClient, store: MediaStore, key: str, settings: Settings
) -> None:
    Path(settings.home, "media", "12341-web", "ab").mkdir(parents=True)
    Path(settings.home, "media", "12341-web", "ab", "0123.png").write_bytes(PNG)
    assert (await http.get(f"{gateway}/files/{key}")).status_code == 404
