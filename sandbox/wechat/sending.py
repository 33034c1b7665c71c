"""Customer-service messages: what is checked, in which order, and what the phone then shows."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.accounts import WechatAccount
from sandbox.chat import Tap
from sandbox.wechat.citizens import Citizen
from sandbox.wechat.errors import Refusal
from sandbox.wechat.platform import Platform
from sandbox.wechat.replies import LONGEST_TEXT

# WeChat's JSON reader keeps \uXXXX as six letters: who escapes Chinese, sends rubbish.
_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u(?=[0-9a-fA-F]{4})")


def read_json(body: bytes) -> dict[str, Any]:
    """The body as WeChat reads it; no header is asked for."""
    if not body.strip():
        raise Refusal(44002)
    try:
        content = json.loads(_ESCAPE.sub(rb"\1\\\\u", body).decode())
    except ValueError as error:
        raise Refusal(47001) from error
    if not isinstance(content, dict):
        raise Refusal(47001)
    return content


def send(platform: Platform, account: WechatAccount, content: dict[str, Any]) -> None:
    """Show the message to the citizen, or refuse by number; a refusal costs no message."""
    citizen = recipient(platform, account, content)
    shown = _read(platform, account, content)
    if not citizen.following:
        raise Refusal(45015)
    citizen.allowance.spend(platform.clock.now())
    is_ai = bool((content.get("aimsgcontext") or {}).get("is_ai_msg"))
    platform.show_sent(citizen, ai=is_ai, **shown)
    left = citizen.allowance.left(platform.clock.now())
    citizen.note(platform.clock.now(), "发", f"客服消息 {shown['kind']} · 还剩 {left} 条")


def recipient(platform: Platform, account: WechatAccount, content: dict[str, Any]) -> Citizen:
    citizen = platform.citizens[account.id].find(str(content.get("touser", "")))
    if citizen is None:
        raise Refusal(40003)
    return citizen


def _read(platform: Platform, account: WechatAccount, content: dict[str, Any]) -> dict[str, Any]:
    kind = content.get("msgtype")
    part = content.get(kind) if isinstance(kind, str) else None
    if kind not in ("text", "image", "news", "msgmenu"):
        raise Refusal(40008)
    if not isinstance(part, dict):
        raise Refusal(47001)
    match kind:
        case "text":
            return {"kind": "text", "text": _sized(_string(part, "content"))}
        case "image":
            media_id = _string(part, "media_id")
            platform.media.get(account.id, media_id)
            return {"kind": "image", "picture": platform.picture_path(media_id)}
        case "news":
            return _news(part)
        case _:
            if not platform.rules[account.id].msgmenu_allowed:
                raise Refusal(40200)
            return _msgmenu(part)


def _msgmenu(part: dict[str, Any]) -> dict[str, Any]:
    items = part.get("list")
    if not isinstance(items, list) or not items:
        raise Refusal(47001)
    taps = []
    for item in items:
        if not isinstance(item, dict):
            raise Refusal(47001)
        taps.append(Tap(id=str(item.get("id", "")), label=_string(item, "content")))
    head, tail = str(part.get("head_content", "")), str(part.get("tail_content", ""))
    _sized("\n".join([head, *(tap.label for tap in taps), tail]))
    return {"kind": "msgmenu", "text": head, "taps": tuple(taps), "tail": tail}


def _news(part: dict[str, Any]) -> dict[str, Any]:
    articles = part.get("articles")
    if not isinstance(articles, list) or not articles:
        raise Refusal(47001)
    if len(articles) > 1:
        raise Refusal(45008)
    article = articles[0]
    return {
        "kind": "news",
        "text": _string(article, "title"),
        "tail": str(article.get("description", "")),
        "url": str(article.get("url", "")),
    }


def _string(part: dict[str, Any], key: str) -> str:
    value = part.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Refusal(44004)
    return value


def _sized(text: str) -> str:
    if len(text.encode()) > LONGEST_TEXT:
        raise Refusal(45002)
    return text
