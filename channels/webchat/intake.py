"""A web citizen's frame becomes an `Inbound`, and an honest answer to the browser."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from redis.exceptions import RedisError

from channels.accept import TOO_MANY, Accept, Outcome
from channels.accounts import WebAccount
from channels.limits import AddressLimit
from channels.metrics import DUPLICATES, INBOUND, REFUSED
from channels.webchat import lines
from channels.webchat.frames import TEXT_LIMIT, Ack, Choose, Nack, Say, cleaned
from channels.webchat.lines import Line
from environment.media_store import PICTURE_LIMIT, PICTURES, MediaStore, NotAllowed
from wire.messages import Inbound, InboundKind, Media, Part

log = structlog.get_logger(__name__)
_UNAVAILABLE = "没发出去，我们这边暂时收不到。请稍后重发。"


class WebIntake:
    def __init__(self, accept: Accept, limit: AddressLimit, store: MediaStore) -> None:
        self._accept = accept
        self._limit = limit
        self._store = store

    async def greet(self, account: WebAccount, citizen: str) -> None:
        """The first visit counts as following: the hotline says hello."""
        now = datetime.now(UTC)
        inbound = _inbound(account, citizen, "follow", InboundKind.FOLLOW, now)
        if (await self._accept(inbound)).is_new:
            INBOUND.labels(account.id, inbound.kind.value).inc()

    async def said(
        self, account: WebAccount, citizen: str, address: str, frame: Say | Choose
    ) -> Ack | Nack:
        now = datetime.now(UTC)
        if isinstance(frame, Choose):
            label = cleaned(frame.label)
            inbound = _inbound(
                account, citizen, frame.id, InboundKind.CHOICE, now, text=label, choice=frame.choice
            )
            return await self._keep(account, citizen, address, frame.id, inbound)
        text = cleaned(frame.text)
        if not text:
            return Nack(frame.id, "没有写内容。")
        if len(text) > TEXT_LIMIT:
            return Nack(frame.id, f"一次最多写 {TEXT_LIMIT} 字，请分几次发。")
        inbound = _inbound(account, citizen, frame.id, InboundKind.TEXT, now, text=text)
        return await self._keep(account, citizen, address, frame.id, inbound)

    async def pictured(
        self, account: WebAccount, citizen: str, address: str, own_id: str, content: bytes
    ) -> Ack | Nack:
        if len(content) > PICTURE_LIMIT:
            return Nack(own_id, "照片太大，请发 5 MB 以内的。")
        try:
            kept = await self._store.keep(account.id, content, PICTURES)
        except NotAllowed:
            return Nack(own_id, "这不是能打开的照片，请发 JPG、PNG、GIF、WebP 或 HEIC。")
        except OSError as error:
            log.error("webchat.picture_not_kept", error=type(error).__name__)
            return Nack(own_id, _UNAVAILABLE, again=True)
        media = (Media(platform_id=own_id, kind="image", key=kept.key),)
        now = datetime.now(UTC)
        inbound = _inbound(account, citizen, own_id, InboundKind.IMAGE, now, media=media)
        return await self._keep(account, citizen, address, own_id, inbound)

    async def _keep(
        self, account: WebAccount, citizen: str, address: str, own_id: str, inbound: Inbound
    ) -> Ack | Nack:
        line = Line(
            id=own_id,
            who="citizen",
            parts=(Part(text=inbound.text),),
            picture=inbound.kind is InboundKind.IMAGE,
            at=inbound.received_at,
        )
        try:
            if not await self._limit.allows_message(account.id, address):
                REFUSED.labels(account.id, "address").inc()
                return Nack(own_id, TOO_MANY)
            accepted = await self._accept(inbound, [lines.beside(account.id, citizen, line)])
        except RedisError as error:
            log.error("webchat.not_kept", account=account.id, error=type(error).__name__)
            REFUSED.labels(account.id, "unavailable").inc()
            return Nack(own_id, _UNAVAILABLE, again=True)
        if not accepted.is_new:
            DUPLICATES.labels(account.id).inc()
        elif accepted.outcome is Outcome.KEPT:
            INBOUND.labels(account.id, inbound.kind.value).inc()
        if accepted.outcome is not Outcome.KEPT:
            REFUSED.labels(account.id, "too many").inc()
            return Nack(own_id, TOO_MANY)
        return Ack(own_id)


def _inbound(
    account: WebAccount,
    citizen: str,
    own_id: str,
    kind: InboundKind,
    now: datetime,
    *,
    text: str = "",
    choice: str = "",
    media: tuple[Media, ...] = (),
) -> Inbound:
    return Inbound(
        account=account.id,
        channel=account.channel,
        hotline=account.hotline,
        external_id=citizen,
        # Browsers choose their ids: only together with the citizen are they nobody else's.
        message_id=f"{citizen}-{own_id}",
        kind=kind,
        text=text,
        choice=choice,
        media=media,
        sent_at=now,
        received_at=now,
    )
