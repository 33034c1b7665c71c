"""WeChat itself: what a citizen does reaches the account, what the account answers is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import httpx

from sandbox.accounts import WechatAccount
from sandbox.chat import Side
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.wechat import pushes
from sandbox.wechat.citizens import Citizen, Citizens
from sandbox.wechat.courier import Courier, Exchange, Rules
from sandbox.wechat.media import MediaStore
from sandbox.wechat.menu import Menus
from sandbox.wechat.pushes import MsgIds, Push, Twist
from sandbox.wechat.quota import Ground
from sandbox.wechat.replies import Passive
from sandbox.wechat.templates import SentTemplates
from sandbox.wechat.tokens import Tokens

FAULT_TEXT = "该公众号提供的服务出现故障，请稍后再试"
UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
_GROUNDS = {"CLICK": Ground.MENU_CLICK, "subscribe": Ground.FOLLOW, "SCAN": Ground.SCAN}


class Platform:
    def __init__(
        self,
        accounts: Mapping[str, WechatAccount],
        *,
        clock: Clock,
        client: httpx.AsyncClient,
        public_url: str,
        own_url: str,
        rules: Rules | None = None,
    ) -> None:
        self.accounts = accounts
        self.clock = clock
        self.own_url = own_url
        self.tokens = Tokens(accounts, clock)
        self.media = MediaStore(clock)
        self.menus = Menus()
        self.templates = SentTemplates()
        self.citizens = {id: Citizens(account) for id, account in accounts.items()}
        self.rules = {id: rules or Rules() for id in accounts}
        self.faults = {id: Faults() for id in accounts}
        self._courier = Courier(client, public_url)
        self._msg_ids = MsgIds()
        self._background: set[asyncio.Task[None]] = set()

    # What a citizen does

    async def say(
        self,
        account: WechatAccount,
        citizen: Citizen,
        text: str,
        *,
        menu_id: str = "",
        msg_id: str = "",
        copies: int = 1,
        twist: Twist = Twist.NONE,
    ) -> tuple[str, Exchange]:
        """The citizen writes, or taps a msgmenu's link (`menu_id`); its MsgId and how it went."""
        msg_id = msg_id or self._msg_ids.next()
        content: dict[str, str] = {"Content": text}
        if menu_id:
            content["bizmsgmenuid"] = menu_id
        self._show(citizen, Side.CITIZEN, "text", text=text, message_id=msg_id)
        self._heard(citizen, Ground.MENU_TAP if menu_id else Ground.MESSAGE)
        citizen.note(self.clock.now(), "收", f"text “{_short(text)}” · MsgId …{msg_id[-4:]}")
        push = pushes.push(
            account, citizen.openid, pushes.message("text", content, msg_id), twist=twist
        )
        return msg_id, await self._exchange(account, citizen, push, copies)

    async def send_picture(
        self, account: WechatAccount, citizen: Citizen, body: bytes
    ) -> tuple[str, Exchange]:
        media_id = self.media.keep_image(account.id, body)
        address = self.picture_path(media_id)
        msg_id = self._msg_ids.next()
        self._show(citizen, Side.CITIZEN, "image", picture=address, message_id=msg_id)
        self._heard(citizen, Ground.MESSAGE)
        citizen.note(self.clock.now(), "收", f"image {len(body) // 1024 + 1} KB")
        content = {"PicUrl": self.own_url + address, "MediaId": media_id}
        push = pushes.push(account, citizen.openid, pushes.message("image", content, msg_id))
        return msg_id, await self._exchange(account, citizen, push)

    async def send_other(
        self, account: WechatAccount, citizen: Citizen, kind: str
    ) -> tuple[str, Exchange]:
        """A voice message, a place or a sticker, as WeChat passes them on."""
        msg_id = self._msg_ids.next()
        content: dict[str, str | int | pushes.Raw]
        if kind == "voice":
            media_id = self.media.keep_voice(account.id, b"#!AMR\n" + bytes(320))
            content = {"MediaId": media_id, "Format": "amr", "MediaId16K": media_id}
            shown = "［语音 2″］"
        elif kind == "location":
            content = {
                "Location_X": pushes.Raw("39.9123"),
                "Location_Y": pushes.Raw("116.3661"),
                "Scale": 15,
                "Label": "演示路 1 号",
            }
            shown = "［位置］演示路 1 号"
        else:
            kind, content, shown = "text", {"Content": UNSUPPORTED}, "［表情］"
        self._show(citizen, Side.CITIZEN, "text", text=shown, message_id=msg_id)
        self._heard(citizen, Ground.MESSAGE)
        citizen.note(self.clock.now(), "收", kind)
        push = pushes.push(account, citizen.openid, pushes.message(kind, content, msg_id))
        return msg_id, await self._exchange(account, citizen, push)

    async def trigger(
        self, account: WechatAccount, citizen: Citizen, event: str, key: str = ""
    ) -> Exchange:
        """Follow, leave, tap the account's menu, scan a code."""
        now = self.clock.now()
        content: dict[str, str | int | pushes.Raw] = {"EventKey": key}
        if event == "subscribe":
            citizen.following = True
            self._show(citizen, Side.SYSTEM, "notice", text="您已关注该公众号")
        elif event == "unsubscribe":
            citizen.following = False
            citizen.allowance.close()
            self._show(citizen, Side.SYSTEM, "notice", text="您已取消关注")
        elif event == "LOCATION":
            content = {
                "Latitude": pushes.Raw("39.9123"),
                "Longitude": pushes.Raw("116.3661"),
                "Precision": pushes.Raw("40.0"),
            }
        if event in _GROUNDS:
            self._heard(citizen, _GROUNDS[event])
        citizen.note(now, "收", f"{event} {key}".strip())
        push = pushes.push(account, citizen.openid, pushes.event(event, content))
        exchange = await self._exchange(account, citizen, push)
        self.tell_standing(citizen)
        return exchange

    # What the account does

    def show_sent(self, citizen: Citizen, kind: str, **what: object) -> None:
        """A message that came by the API appears on the phone."""
        citizen.typing_until = None
        self._show(citizen, Side.ACCOUNT, kind, via="api", **what)
        self.measure(citizen, str(what.get("text", "")))
        self.tell_standing(citizen)

    def measure(self, citizen: Citizen, text: str) -> None:
        citizen.longest = max(citizen.longest, len(text.encode()))

    def tell_standing(self, citizen: Citizen) -> None:
        citizen.chat.tell("standing", citizen.standing(self.clock.now()))

    def template_finished(self, account: WechatAccount, citizen: Citizen, number: int) -> None:
        """Report a template message's fate a moment later, as WeChat does."""

        async def report() -> None:
            await asyncio.sleep(0.5)
            fields = pushes.event("TEMPLATESENDJOBFINISH", {"MsgID": number, "Status": "success"})
            push = pushes.push(account, citizen.openid, fields)
            await self._courier.deliver(account, citizen.openid, push, self.rules[account.id])

        task = asyncio.create_task(report())
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def verify(self, account: WechatAccount) -> bool:
        return await self._courier.verify(account, self.rules[account.id])

    async def close(self) -> None:
        for task in self._background:
            task.cancel()

    @staticmethod
    def picture_path(media_id: str) -> str:
        return f"/wechat/pictures/{media_id}"

    # The exchange

    async def _exchange(
        self, account: WechatAccount, citizen: Citizen, push: Push, copies: int = 1
    ) -> Exchange:
        rules = self.rules[account.id]
        exchanges: Sequence[Exchange] = await asyncio.gather(
            *(self._courier.deliver(account, citizen.openid, push, rules) for _ in range(copies))
        )
        for exchange in exchanges:
            self._note_attempts(citizen, exchange)
        # Copies of one push are one exchange to the citizen: what they are shown, they see once.
        exchange = next((one for one in exchanges if not one.fault), exchanges[0])
        self._show_reply(citizen, exchange.reply)
        self.tell_standing(citizen)
        return exchange

    def _show_reply(self, citizen: Citizen, reply: Passive | None) -> None:
        if reply is None:
            citizen.faults += 1
            self._show(citizen, Side.SYSTEM, "fault", text=FAULT_TEXT)
            return
        match reply.kind:
            case "text":
                self._show(citizen, Side.ACCOUNT, "text", via="passive", text=reply.text)
                self.measure(citizen, reply.text)
            case "image":
                picture = self.picture_path(reply.media_id)
                self._show(citizen, Side.ACCOUNT, "image", via="passive", picture=picture)
            case "news":
                self._show(
                    citizen,
                    Side.ACCOUNT,
                    "news",
                    via="passive",
                    text=reply.title,
                    tail=reply.text,
                    url=reply.url,
                )
            case _:
                pass

    def _note_attempts(self, citizen: Citizen, exchange: Exchange) -> None:
        now = self.clock.now()
        for number, attempt in enumerate(exchange.attempts, 1):
            if attempt.fault:
                citizen.note(now, "误", f"第 {number} 次：{attempt.fault}", bad=True)
            elif exchange.reply and exchange.reply.kind:
                citizen.note(now, "发", f"被动回复 · {attempt.seconds:.2f} 秒")
            else:
                citizen.note(now, "发", f"success，不回复 · {attempt.seconds:.2f} 秒")

    def _heard(self, citizen: Citizen, ground: Ground) -> None:
        now = self.clock.now()
        citizen.last_contact = now
        citizen.allowance.open(ground, now)
        self.tell_standing(citizen)

    def _show(self, citizen: Citizen, side: Side, kind: str, **what: object) -> None:
        citizen.chat.add(at=self.clock.now(), side=side, kind=kind, **what)


def _short(text: str, most: int = 24) -> str:
    return text if len(text) <= most else text[:most] + "…"
