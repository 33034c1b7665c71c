"""The Bot API over HTTP: `/bot<token>/<method>` and the files."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Fault, through
from sandbox.telegram.errors import Refused, too_many
from sandbox.telegram.methods import METHODS
from sandbox.telegram.parameters import read_parameters
from sandbox.telegram.platform import Platform

_JPEG = "image/jpeg"


class TelegramApi:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[Route]:
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download, methods=["GET"]),
            Route("/telegram/pictures/{file_id}", self.picture, methods=["GET"]),
        ]

    async def call(self, request: Request) -> Response:
        name = request.path_params["method"].lower()
        try:
            bot = self._platform.bot_by_token(request.path_params["token"])
            method = METHODS.get(name)
            if method is None:
                raise Refused(404, "Not Found")

            async def answer(request: Request) -> Response:
                result = await method(bot, await read_parameters(request))
                return JSONResponse({"ok": True, "result": result})

            return await through(bot.faults.take(name), request, answer, _worded)
        except Refused as refused:
            return refused.response()

    async def download(self, request: Request) -> Response:
        try:
            bot = self._platform.bot_by_token(request.path_params["token"])
        except Refused as refused:
            return refused.response()
        body = bot.files.at(request.path_params["path"])
        if body is None:
            return Refused(404, "Not Found").response()
        return Response(body, media_type="application/octet-stream")

    async def picture(self, request: Request) -> Response:
        file_id = request.path_params["file_id"]
        for bot in self._platform.bots.values():
            body = bot.files.body(file_id)
            if body is not None:
                return Response(
                    body, media_type=_JPEG, headers={"X-Content-Type-Options": "nosniff"}
                )
        return Response(status_code=404)


def _worded(fault: Fault) -> Response:
    if fault.code == 429:
        return too_many(int(fault.seconds) or 1).response()
    return Refused(fault.code or 500, fault.message or "Internal Server Error").response()
