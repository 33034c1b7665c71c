"""WeChat's own published examples, and what must not open."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import httpx
import pytest

from channels.wechat.envelope import Envelope, NotForUs
from channels.wechat.signature import is_signed, signature_of
from tests.channels.wechat_double import parsed

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
TOKEN = VECTORS["token"]
KEY = VECTORS["encoding_aes_key"]
APP_ID = VECTORS["app_id"]
OTHER_KEY = "B" * 42 + "A"


@pytest.fixture
def envelope() -> Envelope:
    return Envelope(APP_ID, TOKEN, (KEY,))


@pytest.mark.parametrize("name", ["verify_get", "plain_post", "encrypted_post"])
def test_wechats_own_signatures_hold(name: str) -> None:
    vector = VECTORS[name]
    parts = (TOKEN, vector["timestamp"], vector["nonce"])
    assert signature_of(*parts) == vector["signature"]
    assert is_signed(vector["signature"], *parts)
    assert not is_signed(vector["signature"], "other", *parts[1:])
    assert not is_signed("", *parts)


@pytest.mark.parametrize("name", ["encrypted_post", "encrypted_reply"])
def test_wechats_own_envelopes_are_signed_and_open(envelope: Envelope, name: str) -> None:
    vector = VECTORS[name]
    parts = (TOKEN, vector["timestamp"], vector["nonce"], vector["encrypt"])
    assert signature_of(*parts) == vector["msg_signature"]
    opened = envelope.open(vector["encrypt"])
    assert opened.key == 0
    assert opened.xml.decode() == vector.get("plain", opened.xml.decode())
    assert opened.xml.startswith(b"{")


def test_what_is_sealed_opens_again_and_is_signed(envelope: Envelope) -> None:
    xml = "<xml>您好，" + "长" * 700 + "</xml>"
    outer = parsed(httpx.Response(200, content=envelope.seal(xml, 0, timestamp=17, nonce="n")))
    encrypted = outer.findtext("Encrypt") or ""
    assert envelope.open(encrypted).xml.decode() == xml
    assert is_signed(outer.findtext("MsgSignature") or "", TOKEN, "17", "n", encrypted)


def test_while_a_key_is_changed_both_open_and_the_reply_uses_the_same() -> None:
    changing = Envelope(APP_ID, TOKEN, (OTHER_KEY, KEY))
    opened = changing.open(VECTORS["encrypted_post"]["encrypt"])
    assert opened.key == 1
    sealed = changing.seal("<xml/>", opened.key, timestamp=1, nonce="n")
    encrypted = parsed(httpx.Response(200, content=sealed)).findtext("Encrypt") or ""
    assert Envelope(APP_ID, TOKEN, (KEY,)).open(encrypted).xml == b"<xml/>"


@pytest.mark.parametrize(
    "encrypted",
    [
        "",
        "x",
        "not base64 at all",
        base64.b64encode(b"short").decode(),
        base64.b64encode(b"0" * 64).decode(),
        base64.b64encode(b"").decode(),
        VECTORS["encrypted_post"]["encrypt"][:-8] + "AAAAAAA=",
        "密文",
    ],
)
def test_what_was_tampered_with_does_not_open(envelope: Envelope, encrypted: str) -> None:
    with pytest.raises(NotForUs):
        envelope.open(encrypted)


def test_what_was_sealed_for_another_account_does_not_open() -> None:
    with pytest.raises(NotForUs):
        Envelope("wx-other", TOKEN, (KEY,)).open(VECTORS["encrypted_post"]["encrypt"])


def test_a_nonce_cannot_break_out_of_the_answer(envelope: Envelope) -> None:
    sealed = envelope.seal("<xml/>", 0, timestamp=1, nonce="a]]></Nonce><Encrypt>x")
    assert len(parsed(httpx.Response(200, content=sealed))) == 4
