"""The API as the sender meets it: tokens, windows, limits and refusals."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import OPENID, PLAIN, SAFE, Gateway

CITIZEN = f"/control/wechat/{PLAIN.id}/citizens/{OPENID}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


async def token(sandbox: httpx.AsyncClient, *, force: bool = False) -> dict[str, Any]:
    body = {
        "grant_type": "client_credential",
        "appid": PLAIN.app_id,
        "secret": PLAIN.app_secret,
        "force_refresh": force,
    }
    content: dict[str, Any] = (await sandbox.post("/cgi-bin/stable_token", json=body)).json()
    return content


async def classic(sandbox: httpx.AsyncClient) -> str:
    query = {
        "grant_type": "client_credential",
        "appid": PLAIN.app_id,
        "secret": PLAIN.app_secret,
    }
    return str((await sandbox.get("/cgi-bin/token", params=query)).json()["access_token"])


async def call(
    sandbox: httpx.AsyncClient, path: str, body: dict[str, Any], access: str | None = None
) -> int:
    access = access if access is not None else (await token(sandbox))["access_token"]
    answer = await sandbox.post(
        f"/cgi-bin/{path}",
        params={"access_token": access},
        content=json.dumps(body, ensure_ascii=False).encode(),
    )
    assert answer.status_code == 200
    return int(answer.json()["errcode"])


async def send(sandbox: httpx.AsyncClient, text: str = "好", access: str | None = None) -> int:
    body = {"touser": OPENID, "msgtype": "text", "text": {"content": text}}
    return await call(sandbox, "message/custom/send", body, access)


async def say(sandbox: httpx.AsyncClient, **more: Any) -> None:
    await sandbox.post(f"{CITIZEN}/messages", json={"text": "你好", **more})


async def pass_time(sandbox: httpx.AsyncClient, seconds: float) -> None:
    assert (await sandbox.post("/control/clock", json={"seconds": seconds})).status_code == 200


async def entries(sandbox: httpx.AsyncClient) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = (await sandbox.get(f"{CITIZEN}/chat")).json()["entries"]
    return content


# Tokens


async def test_the_stable_token_stays_the_same_until_its_last_five_minutes(
    sandbox: httpx.AsyncClient,
) -> None:
    first = await token(sandbox)
    await pass_time(sandbox, 7200 - 301)
    second = await token(sandbox)
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] in range(298, 302)


async def test_in_the_last_five_minutes_old_and_new_are_both_good(
    sandbox: httpx.AsyncClient,
) -> None:
    await say(sandbox)
    old = (await token(sandbox))["access_token"]
    await pass_time(sandbox, 7200 - 200)
    new = (await token(sandbox))["access_token"]
    assert new != old
    assert await send(sandbox, access=old) == 0
    assert await send(sandbox, access=new) == 0
    await pass_time(sandbox, 201)
    assert await send(sandbox, access=old) == 42001
    assert await send(sandbox, access=new) == 0


async def test_a_forced_token_kills_the_one_before_and_not_twice_in_half_a_minute(
    sandbox: httpx.AsyncClient,
) -> None:
    await say(sandbox)
    old = (await token(sandbox))["access_token"]
    forced = (await token(sandbox, force=True))["access_token"]
    assert await send(sandbox, access=old) == 40001
    assert (await token(sandbox, force=True))["access_token"] == forced
    await pass_time(sandbox, 31)
    assert (await token(sandbox, force=True))["access_token"] != forced


async def test_the_old_endpoint_gives_a_new_token_each_time_and_leaves_the_stable_one(
    sandbox: httpx.AsyncClient,
) -> None:
    await say(sandbox)
    stable = (await token(sandbox))["access_token"]
    first, second = await classic(sandbox), await classic(sandbox)
    assert first != second
    assert await send(sandbox, access=first) == 0
    await pass_time(sandbox, 301)
    assert await send(sandbox, access=first) == 42001
    assert await send(sandbox, access=second) == 0
    assert await send(sandbox, access=stable) == 0


@pytest.mark.parametrize(
    ("app_id", "secret", "code"),
    [("wx9999", PLAIN.app_secret, 40013), (PLAIN.app_id, "wrong", 40125)],
)
async def test_wrong_credentials_are_named(
    sandbox: httpx.AsyncClient, app_id: str, secret: str, code: int
) -> None:
    body = {"grant_type": "client_credential", "appid": app_id, "secret": secret}
    answer = await sandbox.post("/cgi-bin/stable_token", json=body)
    assert answer.status_code == 200
    assert answer.json()["errcode"] == code


@pytest.mark.parametrize(("access", "code"), [("", 41001), ("short", 40014), ("x" * 136, 40001)])
async def test_a_token_that_is_none_is_refused(
    sandbox: httpx.AsyncClient, access: str, code: int
) -> None:
    assert await send(sandbox, access=access) == code


async def test_a_revoked_token_is_not_the_latest(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    access = (await token(sandbox))["access_token"]
    await sandbox.post(f"/control/wechat/{PLAIN.id}/tokens/revoke")
    assert await send(sandbox, access=access) == 40001
    assert await send(sandbox) == 0


async def test_a_refusal_carries_a_request_id(sandbox: httpx.AsyncClient) -> None:
    answer = await sandbox.post("/cgi-bin/message/custom/send?access_token=")
    assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", answer.json()["errmsg"])


# Windows


async def test_five_messages_follow_a_citizens_message_and_no_sixth(
    sandbox: httpx.AsyncClient,
) -> None:
    await say(sandbox)
    assert [await send(sandbox) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    await say(sandbox)
    assert await send(sandbox) == 0


async def test_the_window_closes_after_48_hours(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    await pass_time(sandbox, 48 * 3600 - 1)
    assert await send(sandbox) == 0
    await pass_time(sandbox, 2)
    assert await send(sandbox) == 45015


async def test_who_never_wrote_is_unknown(sandbox: httpx.AsyncClient) -> None:
    assert await send(sandbox) == 40003


async def test_who_was_only_looked_at_has_no_window(sandbox: httpx.AsyncClient) -> None:
    await entries(sandbox)
    assert await send(sandbox) == 45015


async def test_another_accounts_citizen_is_unknown(sandbox: httpx.AsyncClient) -> None:
    await sandbox.post(
        f"/control/wechat/{SAFE.id}/citizens/{OPENID}/messages", json={"text": "你好"}
    )
    assert await send(sandbox) == 40003


async def test_a_tap_on_a_msgmenu_grants_three_for_a_minute_and_opens_no_48_hours(
    sandbox: httpx.AsyncClient,
) -> None:
    await say(sandbox, menu_id="1")
    assert [await send(sandbox) for _ in range(4)] == [0, 0, 0, 45047]
    await pass_time(sandbox, 61)
    assert await send(sandbox) == 45015


async def test_what_ends_first_is_spent_first(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    await say(sandbox, menu_id="1")
    for _ in range(3):
        assert await send(sandbox) == 0
    await pass_time(sandbox, 61)
    assert [await send(sandbox) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


async def test_leaving_ends_every_window(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    await sandbox.post(f"{CITIZEN}/events", json={"event": "unsubscribe"})
    assert await send(sandbox) == 45015


# What may be sent


@pytest.mark.parametrize(
    ("text", "code"), [("好" * 682 + "xx", 0), ("好" * 683, 45002), (" ", 44004)]
)
async def test_a_text_has_at_most_2048_bytes(
    sandbox: httpx.AsyncClient, text: str, code: int
) -> None:
    await say(sandbox)
    assert await send(sandbox, text) == code


async def test_a_refused_message_costs_nothing(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    await send(sandbox, "好" * 683)
    assert (await sandbox.get(f"{CITIZEN}/chat")).json()["left"] == 5


async def test_escaped_chinese_is_shown_as_escapes(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    access = (await token(sandbox))["access_token"]
    body = {"touser": OPENID, "msgtype": "text", "text": {"content": '好\n"引"\\'}}
    for ascii_only in (True, False):
        await sandbox.post(
            f"/cgi-bin/message/custom/send?access_token={access}",
            content=json.dumps(body, ensure_ascii=ascii_only).encode(),
        )
    escaped, plain = [entry["text"] for entry in await entries(sandbox)][-2:]
    assert escaped == '\\u597d\n"\\u5f15"\\'
    assert plain == '好\n"引"\\'


MENU = {
    "touser": OPENID,
    "msgtype": "msgmenu",
    "msgmenu": {
        "head_content": "您问的是？",
        "list": [{"id": "101", "content": "补贴"}, {"id": "102", "content": "手续"}],
        "tail_content": "点一下就行",
    },
}


async def test_a_msgmenu_can_be_tapped(sandbox: httpx.AsyncClient, gateway: Gateway) -> None:
    await say(sandbox)
    assert await call(sandbox, "message/custom/send", MENU) == 0
    menu = (await entries(sandbox))[-1]
    assert [tap["label"] for tap in menu["taps"]] == ["补贴", "手续"]
    tap = menu["taps"][1]
    await sandbox.post(f"{CITIZEN}/messages", json={"text": tap["label"], "menu_id": tap["id"]})
    assert gateway.pushed().findtext("bizmsgmenuid") == "102"


async def test_an_unverified_account_has_no_msgmenu(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    await sandbox.post(f"/control/wechat/{PLAIN.id}/rules", json={"msgmenu_allowed": False})
    assert await call(sandbox, "message/custom/send", MENU) == 40200


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"touser": OPENID, "msgtype": "file", "file": {}}, 40008),
        ({"touser": OPENID, "msgtype": "text"}, 47001),
        ({"touser": OPENID, "msgtype": "image", "image": {"media_id": "nope"}}, 40007),
        ({"touser": OPENID, "msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
    ],
)
async def test_a_message_that_is_none_is_refused(
    sandbox: httpx.AsyncClient, body: dict[str, Any], code: int
) -> None:
    await say(sandbox)
    assert await call(sandbox, "message/custom/send", body) == code


async def test_typing_needs_a_fresh_contact_and_is_not_doubled(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    body = {"touser": OPENID, "command": "Typing"}
    assert await call(sandbox, "message/custom/typing", body) == 0
    assert await call(sandbox, "message/custom/typing", body) == 45081
    assert await call(sandbox, "message/custom/typing", {**body, "command": "Dance"}) == 45072
    await send(sandbox)
    assert await call(sandbox, "message/custom/typing", body) == 0
    await pass_time(sandbox, 31)
    assert await call(sandbox, "message/custom/typing", body) == 45080


# Media


async def test_a_citizens_picture_can_be_fetched_for_three_days(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await sandbox.post(f"{CITIZEN}/pictures", content=PNG)
    media_id = gateway.pushed().findtext("MediaId")

    async def fetch() -> httpx.Response:
        query = {"access_token": (await token(sandbox))["access_token"], "media_id": media_id}
        return await sandbox.get("/cgi-bin/media/get", params=query)

    found = await fetch()
    assert found.content == PNG
    assert found.headers["content-disposition"] == f'attachment; filename="{media_id}.png"'
    await pass_time(sandbox, 3 * 24 * 3600)
    gone = await fetch()
    assert (gone.status_code, gone.json()["errcode"]) == (200, 40007)


async def test_an_uploaded_picture_can_be_sent(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    access = (await token(sandbox))["access_token"]
    uploaded = await sandbox.post(
        f"/cgi-bin/media/upload?access_token={access}&type=image",
        files={"media": ("a.png", PNG, "image/png")},
    )
    media_id = uploaded.json()["media_id"]
    body = {"touser": OPENID, "msgtype": "image", "image": {"media_id": media_id}}
    assert await call(sandbox, "message/custom/send", body) == 0
    picture = (await entries(sandbox))[-1]["picture"]
    assert (await sandbox.get(picture)).content == PNG


# Templates

TEMPLATE = {
    "touser": OPENID,
    "template_id": "TM00001",
    "client_msg_id": "case-1",
    "data": {"first": {"value": "您好"}, "thing1": {"value": "路灯不亮"}},
}


async def test_a_template_reaches_the_citizen_outside_every_window_once(
    sandbox: httpx.AsyncClient, gateway: Gateway
) -> None:
    await say(sandbox)
    await pass_time(sandbox, 49 * 3600)
    assert await call(sandbox, "message/template/send", TEMPLATE) == 0
    assert await call(sandbox, "message/template/send", TEMPLATE) == 0
    shown = [entry for entry in await entries(sandbox) if entry["kind"] == "template"]
    assert [entry["rows"] for entry in shown] == [[["thing1", "路灯不亮"]]]
    async with asyncio.timeout(5):
        while len(gateway.requests) < 2:
            await asyncio.sleep(0.02)
    assert gateway.pushed().findtext("Event") == "TEMPLATESENDJOBFINISH"
    assert gateway.pushed().findtext("MsgID")


async def test_a_template_is_checked(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    unknown = {**TEMPLATE, "template_id": "TM9"}
    assert await call(sandbox, "message/template/send", unknown) == 40037
    long = {**TEMPLATE, "data": {"thing1": {"value": "长" * 21}}}
    assert await call(sandbox, "message/template/send", long) == 47003
    await sandbox.post(f"{CITIZEN}/events", json={"event": "unsubscribe"})
    assert await call(sandbox, "message/template/send", TEMPLATE) == 43004


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("character_string1", "202611240032", 0),
        ("character_string1", "工单一号", 47003),
        ("phrase3", "已派单", 0),
        ("phrase3", "已经派出去了", 47003),
        ("phrase3", "sent", 47003),
        ("time4", "2026年11月24日 14:33", 0),
        ("time4", "11-24", 47003),
        ("thing2", "", 47003),
    ],
)
async def test_a_field_takes_what_its_type_says(
    sandbox: httpx.AsyncClient, field: str, value: str, code: int
) -> None:
    await say(sandbox)
    body = {**TEMPLATE, "client_msg_id": "", "data": {field: {"value": value}}}
    assert await call(sandbox, "message/template/send", body) == code


async def test_a_template_takes_none_of_the_five_messages(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    assert await call(sandbox, "message/template/send", TEMPLATE) == 0
    assert [await send(sandbox) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


# Faults


@pytest.mark.parametrize("code", [-1, 40001, 45009, 48004])
async def test_a_code_that_is_switched_on_comes_as_often_as_asked(
    sandbox: httpx.AsyncClient, code: int
) -> None:
    await say(sandbox)
    fault = {"kind": "code", "endpoint": "custom_send", "code": code, "times": 2}
    await sandbox.post(f"/control/wechat/{PLAIN.id}/faults", json=fault)
    assert [await send(sandbox) for _ in range(3)] == [code, code, 0]


@pytest.mark.parametrize(("kind", "status"), [("server_error", 502), ("html", 200), ("empty", 200)])
async def test_a_broken_answer_does_nothing(
    sandbox: httpx.AsyncClient, kind: str, status: int
) -> None:
    await say(sandbox)
    access = (await token(sandbox))["access_token"]
    fault = {"kind": kind, "endpoint": "custom_send"}
    await sandbox.post(f"/control/wechat/{PLAIN.id}/faults", json=fault)
    body = {"touser": OPENID, "msgtype": "text", "text": {"content": "好"}}
    answer = await sandbox.post(f"/cgi-bin/message/custom/send?access_token={access}", json=body)
    assert answer.status_code == status
    assert "errcode" not in answer.text
    assert (await sandbox.get(f"{CITIZEN}/chat")).json()["left"] == 5


async def test_a_fault_for_one_endpoint_leaves_the_others(sandbox: httpx.AsyncClient) -> None:
    await say(sandbox)
    fault = {"kind": "code", "endpoint": "media_get", "code": -1}
    await sandbox.post(f"/control/wechat/{PLAIN.id}/faults", json=fault)
    assert await send(sandbox) == 0


# Menu


async def test_a_menu_that_was_created_is_what_the_phone_shows(sandbox: httpx.AsyncClient) -> None:
    buttons = [{"type": "click", "name": "问一问", "key": "ask"}]
    assert await call(sandbox, "menu/create", {"button": buttons}) == 0
    assert (await sandbox.get(f"{CITIZEN}/chat")).json()["menu"] == buttons
    assert await call(sandbox, "menu/create", {"button": buttons * 4}) == 40016
