"""The passive reply: one text, as XML that nothing in the text can break out of."""

from __future__ import annotations

import re

SUCCESS = "success"
# Not allowed in XML at all; WeChat shows the citizen a fault for them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def text_reply(*, citizen: str, account_name: str, text: str, created: int) -> str:
    return (
        f"<xml><ToUserName>{_cdata(citizen)}</ToUserName>"
        f"<FromUserName>{_cdata(account_name)}</FromUserName>"
        f"<CreateTime>{created}</CreateTime>"
        "<MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{_cdata(text)}</Content></xml>"
    )


def clean(text: str) -> str:
    return _CONTROL.sub("", text)


def _cdata(text: str) -> str:
    return f"<![CDATA[{clean(text).replace(']]>', ']]]]><![CDATA[>')}]]>"
