"""Judges what a webhook answered, as strictly as WeChat: anything doubtful is a fault.

The rule it keeps: a `BadAnswer` here is what makes the citizen see the fault text.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sandbox.accounts import WechatAccount
from sandbox.wechat.envelope import EnvelopeError, decrypt, same, sign

LONGEST_TEXT = 2048  # bytes of UTF-8; measured, not documented


class BadAnswer(Exception):
    """WeChat would not show this; the text says why, for the page beside the phone."""


@dataclass(frozen=True)
class Passive:
    """What the account answers within the exchange; `kind` empty: nothing to show."""

    kind: str = ""
    text: str = ""
    media_id: str = ""
    title: str = ""
    url: str = ""


def judge(status: int, body: bytes, account: WechatAccount, openid: str, nonce: str) -> Passive:
    """The reply that the citizen sees, or `BadAnswer`."""
    if status != 200:
        raise BadAnswer(f"HTTP {status}，应为 200")
    if body in (b"", b"success"):
        return Passive()
    if not body.startswith(b"<xml>"):
        raise BadAnswer("既不是 success，也不是以 <xml> 开头")
    root = _parse(body)
    if account.is_safe:
        root = _parse(_open(root, account, nonce))
    return _read(root, account, openid)


def _open(root: Element, account: WechatAccount, nonce: str) -> bytes:
    sealed = _text(root, "Encrypt")
    if not sealed:
        raise BadAnswer("安全模式下回了明文")
    if _text(root, "Nonce") != nonce:
        raise BadAnswer("Nonce 与请求不同")
    ours = sign(account.token, _text(root, "TimeStamp"), nonce, sealed)
    if not same(ours, _text(root, "MsgSignature")):
        raise BadAnswer("MsgSignature 不对")
    try:
        return decrypt(sealed, account.encoding_aes_key, account.app_id)
    except EnvelopeError as error:
        raise BadAnswer(f"解不开密文：{error}") from error


def _read(root: Element, account: WechatAccount, openid: str) -> Passive:
    if _text(root, "ToUserName") != openid:
        raise BadAnswer("ToUserName 不是这位市民")
    if _text(root, "FromUserName") != account.original_id:
        raise BadAnswer("FromUserName 不是公众号的原始 ID")
    if not _text(root, "CreateTime").isdecimal():
        raise BadAnswer("CreateTime 不是整数")
    match _text(root, "MsgType"):
        case "text":
            return _read_text(root)
        case "image":
            media_id = _text(root, "Image/MediaId")
            if not media_id:
                raise BadAnswer("图片没有 MediaId")
            return Passive(kind="image", media_id=media_id)
        case "news":
            return _read_news(root)
        case "transfer_customer_service":
            return Passive()
        case other:
            raise BadAnswer(f"MsgType {other!r} 不能这样回")


def _read_text(root: Element) -> Passive:
    content = root.findtext("Content") or ""
    if not content.strip():
        raise BadAnswer("Content 是空的")
    size = len(content.encode())
    if size > LONGEST_TEXT:
        raise BadAnswer(f"{size} 字节，最多 {LONGEST_TEXT}")
    return Passive(kind="text", text=content)


def _read_news(root: Element) -> Passive:
    articles = root.findall("Articles/item")
    if _text(root, "ArticleCount") != "1" or len(articles) != 1:
        raise BadAnswer("图文只能一条")
    article = articles[0]
    return Passive(
        kind="news",
        title=_text(article, "Title"),
        text=_text(article, "Description"),
        url=_text(article, "Url"),
    )


def _parse(body: bytes) -> Element:
    try:
        root: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadAnswer("不是合法的 XML") from error
    if root.tag != "xml":
        raise BadAnswer("根元素不是 xml")
    return root


def _text(root: Element, path: str) -> str:
    return (root.findtext(path) or "").strip()
