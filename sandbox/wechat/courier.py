"""Carries a push to the webhook: five seconds, the same push again, and the fault text at last."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass

import httpx

from sandbox.accounts import WechatAccount
from sandbox.wechat.envelope import sign
from sandbox.wechat.pushes import Push
from sandbox.wechat.replies import BadAnswer, Passive, judge

USER_AGENT = "Mozilla/4.0"


@dataclass
class Rules:
    """How patient WeChat is. Field reports differ on the counts, so a test may change them."""

    answer_within: float = 5.0
    tries_on_silence: int = 3
    tries_on_bad_answer: int = 4
    pause: float = 0.3  # between a bad answer and the next try
    msgmenu_allowed: bool = True  # False: an account that WeChat has not verified, 40200


@dataclass(frozen=True)
class Attempt:
    seconds: float
    fault: str = ""  # why this try was no answer


@dataclass(frozen=True)
class Exchange:
    """All tries of one push and how they ended."""

    attempts: tuple[Attempt, ...]
    reply: Passive | None  # None: the citizen sees the fault text

    @property
    def fault(self) -> bool:
        return self.reply is None


class Courier:
    def __init__(self, client: httpx.AsyncClient, public_url: str) -> None:
        self._client = client
        self._public_url = public_url

    async def deliver(
        self, account: WechatAccount, openid: str, push: Push, rules: Rules
    ) -> Exchange:
        attempts: list[Attempt] = []
        while True:
            started = time.monotonic()
            try:
                async with asyncio.timeout(rules.answer_within):
                    answer = await self._post(account, push)
                reply = judge(answer.status_code, answer.content, account, openid, push.nonce)
            except TimeoutError:
                fault, silent = f"{rules.answer_within:g} 秒没有回", True
            except httpx.RequestError as error:
                fault, silent = f"连不上（{type(error).__name__}）", False
            except BadAnswer as error:
                fault, silent = str(error), False
            else:
                attempts.append(Attempt(time.monotonic() - started))
                return Exchange(tuple(attempts), reply)
            attempts.append(Attempt(time.monotonic() - started, fault))
            if len(attempts) >= (rules.tries_on_silence if silent else rules.tries_on_bad_answer):
                return Exchange(tuple(attempts), None)
            if not silent:
                await asyncio.sleep(rules.pause)

    async def verify(self, account: WechatAccount, rules: Rules) -> bool:
        """What WeChat does when the webhook's address is saved: a signed GET that is echoed."""
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(2_000_000_000))
        echo = str(secrets.randbits(62))
        query = {
            "signature": sign(account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "echostr": echo,
        }
        try:
            async with asyncio.timeout(rules.answer_within):
                answer = await self._client.get(self._address(account), params=query)
        except (TimeoutError, httpx.RequestError):
            return False
        return answer.status_code == 200 and answer.text == echo

    def _address(self, account: WechatAccount) -> str:
        return f"{self._public_url}/wechat/{account.id}"

    async def _post(self, account: WechatAccount, push: Push) -> httpx.Response:
        return await self._client.post(
            self._address(account),
            params=dict(push.query),
            content=push.body,
            headers={"Content-Type": "text/xml", "User-Agent": USER_AGENT},
            follow_redirects=False,
            timeout=60.0,  # the five seconds are counted outside, over the whole exchange
        )
