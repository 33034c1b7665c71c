"""The start page and the phones. Each page is drawn once; what changes comes by JSON and events."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lucide.jinja import lucide
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from sandbox.accounts import Accounts

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Door:
    """A role that the demo logs in with one click."""

    role: str
    title: str
    icon: str
    about: str


DOORS = (
    Door("agent", "坐席", "headset", "排队的会话等您接管，工单已经填好"),
    Door("agent2", "另一位坐席", "headphones", "两个人同时接，看谁接到、怎么交接"),
    Door("editor", "知识编辑", "pen-line", "改一条知识，交去审，看哪些问题没有答案"),
    Door("reviewer", "知识审核", "badge-check", "待审的版本。自己写的自己审不了"),
    Door("handler", "承办单位", "building-2", "派给本单位的工单，期限和市民原话都在"),
    Door("supervisor", "班长", "bell-ring", "各条热线的会话和工单，需要时介入"),
    Door("admin", "管理员", "settings", "人员、热线、承办单位、接口令牌"),
)

PERSONAS = ("张阿姨", "李师傅", "王同学", "赵经理")
SENTENCES = (
    "家里暖气不热找谁",
    "门口的路灯坏了三天没人修",
    "楼下工地昨晚十一点多还在施工",
    "我的工单到哪了",
    "转人工",
    "有人晕倒了！",
)


class Pages:
    def __init__(self, accounts: Accounts, *, public_url: str, desk_url: str) -> None:
        self._templates = Jinja2Templates(directory=HERE / "templates")
        self._templates.env.globals.update(
            icon=_icon,
            accounts=accounts,
            public_url=public_url,
            desk_url=desk_url,
            doors=DOORS,
            personas=PERSONAS,
            sentences=SENTENCES,
        )

    def routes(self) -> list[Route]:
        return [
            Route("/", self.start),
            Route("/phone", self.phone),
            Route("/telegram-phone", self.telegram_phone),
        ]

    async def start(self, request: Request) -> Response:
        return self._templates.TemplateResponse(request, "start.html")

    async def phone(self, request: Request) -> Response:
        return self._templates.TemplateResponse(request, "phone.html")

    async def telegram_phone(self, request: Request) -> Response:
        return self._templates.TemplateResponse(request, "telegram_phone.html")


def _icon(name: str) -> Markup:
    drawing = lucide(name, size=24, stroke_width="1.75", **{"class": "i", "aria-hidden": "true"})
    return Markup(drawing)  # noqa: S704
