"""Against the vectors that WeChat publishes in its documentation of message encryption."""

import pytest

from sandbox.wechat.envelope import EnvelopeError, decrypt, encrypt, sign

TOKEN = "AAAAA"
KEY = "A" * 43
APP_ID = "wxba5fad812f8e6fb9"
PUSH = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcv"
    "ZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3F"
    "n2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSe"
    "OBrebufAlr7F9mFUPAJGj04="
)
REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="


def test_a_verification_is_signed_as_published() -> None:
    signature = sign(TOKEN, "1714036504", "1514711492")
    assert signature == "f464b24fc39322e44b38aa78f5edd27bd1441696"


def test_an_encrypted_push_is_signed_as_published() -> None:
    signature = sign(TOKEN, "1714112445", "415670741", PUSH)
    assert signature == "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"


def test_the_published_push_can_be_opened() -> None:
    assert b"ToUserName" in decrypt(PUSH, KEY, APP_ID)


def test_the_published_reply_comes_out_to_the_letter() -> None:
    sealed = encrypt(b'{"demo_resp":"good luck"}', KEY, APP_ID, random=b"707722b803182950")
    assert sealed == REPLY
    signature = sign(TOKEN, "1713424427", "415670741", REPLY)
    assert signature == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


@pytest.mark.parametrize("size", range(70))
def test_every_length_of_padding_comes_back(size: int) -> None:
    message = ("字" * size).encode()
    assert decrypt(encrypt(message, KEY, APP_ID), KEY, APP_ID) == message


@pytest.mark.parametrize("sealed", ["", "not base64!", "QUJD", REPLY[:-24] + "A" * 22 + "=="])
def test_what_cannot_be_opened_is_refused(sealed: str) -> None:
    with pytest.raises(EnvelopeError):
        decrypt(sealed, KEY, APP_ID)


def test_a_message_for_another_account_is_refused() -> None:
    with pytest.raises(EnvelopeError):
        decrypt(REPLY, KEY, "wx0000000000000000")
