"""WeChat's webhook: who is it, what is it, keep it, and answer within the exchange if we can.

Exactly 200 with XML or ``success`` tells WeChat that we have the message; anything else makes it
ask again. So 503 is for what we could not keep, and bad input never gets a 5xx.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from channels.accept import TOO_MANY, Accept, Accepted, Outcome
from channels.accounts import Account, WeChatAccount
from channels.body import CutOff, TooLarge, read_body
from channels.claim import Claims, Passive
from channels.exchange import PassiveReport, ReportedResponse
from channels.metrics import DUPLICATES, EXCHANGE, INBOUND, REFUSED
from channels.waiting import Replies
from channels.wechat.envelope import Envelope, NotForUs
from channels.wechat.parse import BrokenXml, Push, fields_of, push_of
from channels.wechat.quota import granted
from channels.wechat.reply import SUCCESS, text_reply
from channels.wechat.signature import is_fresh, is_signed, signature_of
from wire.messages import Inbound, Outbound
from wire.wechat import numbered, pieces_of

log = structlog.get_logger(__name__)
BODY_LIMIT = 64 * 1024
# WeChat cuts the connection after 5 s; the rest is for the way back.
ANSWER_WITHIN = timedelta(seconds=4.5)
# What is written later may meet a connection that is being cut; its repeat clears that up.
SURELY_HELD = timedelta(seconds=4.8)
# From when the citizen wrote it: after this the first delivery's time to answer is over.
REPEATS_WAIT_UNTIL = ANSWER_WITHIN + timedelta(seconds=2)


class TurnedAway(Exception):
    def __init__(self, status: int, why: str) -> None:
        self.status = status
        self.why = why


class Sealed:
    """How to write an answer so that this request's sender can read it."""

    def __init__(self, envelope: Envelope | None, key: int, nonce: str) -> None:
        self._envelope = envelope
        self._key = key
        self._nonce = nonce

    def __call__(self, xml: str, created: int) -> str:
        if self._envelope is None:
            return xml
        return self._envelope.seal(xml, self._key, timestamp=created, nonce=self._nonce)


class WeChatWebhook:
    def __init__(
        self,
        accounts: Mapping[str, Account],
        *,
        accept: Accept,
        replies: Replies,
        claims: Claims,
    ) -> None:
        self._accounts = {
            account.id: account
            for account in accounts.values()
            if isinstance(account, WeChatAccount)
        }
        self._envelopes = {
            account.id: Envelope(account.app_id, account.token, _keys(account))
            for account in self._accounts.values()
            if account.is_safe
        }
        self._accept = accept
        self._replies = replies
        self._claims = claims
        self._report = PassiveReport(claims)

    async def handle(self, request: Request) -> Response:
        account = self._accounts.get(request.path_params["account"])
        if account is None:
            return PlainTextResponse("no such account", 404)
        received = datetime.now(UTC)
        started = time.perf_counter()
        try:
            if request.method != "POST":
                return _verification(request, account)
            answer = await self._push(request, account, received)
        except TurnedAway as turned_away:
            REFUSED.labels(account.id, turned_away.why).inc()
            log.info("wechat.turned_away", account=account.id, why=turned_away.why)
            return PlainTextResponse(turned_away.why, turned_away.status)
        except RedisError as error:
            log.error("wechat.not_kept", account=account.id, error=type(error).__name__)
            REFUSED.labels(account.id, "unavailable").inc()
            return PlainTextResponse("try again", 503)
        EXCHANGE.labels("wechat").observe(time.perf_counter() - started)
        return answer

    async def _push(self, request: Request, account: WeChatAccount, received: datetime) -> Response:
        body = await _body(request)
        xml, sealed = self._opened(request, account, body, received)
        if xml is None:
            return PlainTextResponse(SUCCESS)
        try:
            push = push_of(fields_of(xml), account, received, received + ANSWER_WITHIN)
        except BrokenXml as error:
            raise TurnedAway(400, "broken xml") from error
        if push.inbound is None:
            log.info("wechat.event", account=account.id, name=push.event)
            return PlainTextResponse(SUCCESS)
        inbound = push.inbound
        with self._replies.expecting(account.id, inbound.message_id) as nudged:
            accepted = await (
                self._accept(inbound, noted=granted(account.id, push.citizen, push.grant))
                if push.grant
                else self._accept(inbound)
            )
            _count(inbound, accepted)
            if accepted.outcome is not Outcome.KEPT:
                return _too_many(push, inbound, accepted.outcome, sealed)
            try:
                outbound = await self._outbound(inbound, nudged, accepted.is_new)
                return await self._reply(request, push, outbound, sealed)
            except RedisError as error:
                # The message is safe, so WeChat must not be told otherwise; the sender answers.
                log.warning("wechat.no_passive", error=type(error).__name__)
                return PlainTextResponse(SUCCESS)

    def _opened(
        self, request: Request, account: WeChatAccount, body: bytes, received: datetime
    ) -> tuple[bytes | None, Sealed]:
        """The push itself, or None for one in a format that we did not ask for."""
        query = request.query_params
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        envelope = self._envelopes.get(account.id)
        if envelope is None:
            if not is_signed(query.get("signature", ""), account.token, timestamp, nonce):
                raise TurnedAway(403, "forged")
            _check_age(timestamp, received)
            return (None if _is_json(body, account) else body), Sealed(None, 0, nonce)

        if _is_json(body, account):
            if not is_signed(query.get("signature", ""), account.token, timestamp, nonce):
                raise TurnedAway(403, "forged")
            return None, Sealed(None, 0, nonce)
        # What else stands in the body is unsigned: only what is sealed counts.
        encrypted = _encrypted(body)
        claimed = query.get("msg_signature", "")
        parts = (account.token, timestamp, nonce)
        if not encrypted or not is_signed(claimed, *parts, encrypted):
            raise TurnedAway(403, "forged")
        # It proves nothing more, but WeChat sends it too, and sends it right.
        if not is_signed(query.get("signature", signature_of(*parts)), *parts):
            raise TurnedAway(403, "forged")
        _check_age(timestamp, received)
        try:
            opened = envelope.open(encrypted)
        except NotForUs as error:
            raise TurnedAway(403, "not for us") from error
        return opened.xml, Sealed(envelope, opened.key, nonce)

    async def _outbound(
        self, inbound: Inbound, nudged: asyncio.Event, is_new: bool
    ) -> Outbound | None:
        until = inbound.received_at + ANSWER_WITHIN
        if not is_new:
            # Nothing more can be claimed then, and each wait could make WeChat give up.
            until = min(until, inbound.sent_at + REPEATS_WAIT_UNTIL)
        left = (until - datetime.now(UTC)).total_seconds()
        return await self._replies.wait(
            inbound.account, inbound.message_id, nudged, left, look_first=not is_new
        )

    async def _reply(
        self, request: Request, push: Push, outbound: Outbound | None, sealed: Sealed
    ) -> Response:
        if outbound is None or not outbound.parts or await request.is_disconnected():
            return PlainTextResponse(SUCCESS)
        claim = await self._claims.for_exchange(outbound, datetime.now(UTC))
        if claim.result not in (Passive.WON, Passive.REPEAT):
            return PlainTextResponse(SUCCESS)
        return self._passive(request, push, outbound, sealed, claim.at_ms // 1000)

    def _passive(
        self, request: Request, push: Push, outbound: Outbound, sealed: Sealed, created: int
    ) -> Response:
        pieces = pieces_of(outbound)
        more = len(pieces) > 1
        assert push.inbound is not None
        held_until = push.inbound.received_at + SURELY_HELD

        async def report(written: bool) -> None:
            in_time = datetime.now(UTC) <= held_until
            await self._report(outbound, written=written and in_time, more=more)

        xml = text_reply(
            citizen=push.citizen,
            account_name=push.account_name,
            text=numbered(pieces[0]),
            created=created,
        )
        return ReportedResponse(
            sealed(xml, created), media_type="application/xml", request=request, report=report
        )


def _verification(request: Request, account: WeChatAccount) -> Response:
    """WeChat's check of the address. Plain in safe mode too."""
    query = request.query_params
    parts = (query.get("timestamp", ""), query.get("nonce", ""))
    if not is_signed(query.get("signature", ""), account.token, *parts):
        raise TurnedAway(403, "forged")
    return PlainTextResponse(query.get("echostr", ""))


def _keys(account: WeChatAccount) -> tuple[str, ...]:
    return tuple(
        key for key in (account.encoding_aes_key, account.previous_encoding_aes_key) if key
    )


async def _body(request: Request) -> bytes:
    try:
        return await read_body(request, BODY_LIMIT)
    except TooLarge as error:
        raise TurnedAway(413, "too large") from error
    except CutOff as error:
        raise TurnedAway(400, "cut off") from error


def _encrypted(body: bytes) -> str:
    try:
        return fields_of(body).get("Encrypt", "")
    except BrokenXml as error:
        raise TurnedAway(400, "broken xml") from error


def _check_age(timestamp: str, received: datetime) -> None:
    if not is_fresh(timestamp, received):
        raise TurnedAway(403, "stale")


def _is_json(body: bytes, account: WeChatAccount) -> bool:
    """The console can be set to JSON. That is ours to mend: WeChat would only ask again."""
    if not body.lstrip().startswith(b"{"):
        return False
    log.error("wechat.json_push", account=account.id, mend="choose XML in WeChat's console")
    return True


def _too_many(push: Push, inbound: Inbound, outcome: Outcome, sealed: Sealed) -> Response:
    """The first one too many is answered; what follows in that minute gets silence."""
    if outcome is Outcome.DROPPED:
        return PlainTextResponse(SUCCESS)
    created = int(inbound.received_at.timestamp())
    xml = text_reply(
        citizen=push.citizen, account_name=push.account_name, text=TOO_MANY, created=created
    )
    return Response(sealed(xml, created), media_type="application/xml")


def _count(inbound: Inbound, accepted: Accepted) -> None:
    if not accepted.is_new:
        DUPLICATES.labels(inbound.account).inc()
    elif accepted.outcome is Outcome.KEPT:
        INBOUND.labels(inbound.account, inbound.kind.value).inc()
    else:
        REFUSED.labels(inbound.account, "too many").inc()
