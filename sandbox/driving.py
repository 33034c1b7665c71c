"""What both control interfaces share: bodies that are checked, errors in one form, live pages."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from sandbox.chat import Chat


def answer(content: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status_code=status, media_type="application/json")


async def body_as[T](request: Request, kind: type[T]) -> T:
    """The JSON body; 400 with the reason when it does not fit."""
    body = await request.body()
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.DecodeError as error:
        raise HTTPException(400, str(error)) from error


def live(chat: Chat, request: Request) -> StreamingResponse:
    """The chat as server-sent events, from where the page left off."""
    after = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    return StreamingResponse(
        chat.watch(int(after) if after.isdecimal() else 0),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


async def uploaded(request: Request) -> bytes:
    """A file: the body itself, or `file` of a form."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await request.body()
    async with request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise HTTPException(400, "file is missing")
        return await file.read()


async def refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse(
        {"error": {"code": error.status_code, "message": error.detail}},
        status_code=error.status_code,
    )
