"""Reading a request's body without trusting its length."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request


class TooLarge(ValueError):
    pass


class CutOff(ValueError):
    """The other side went away before its body was complete."""


async def read_body(request: Request, at_most: int) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > at_most:
        raise TooLarge
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > at_most:
                raise TooLarge
    except ClientDisconnect as error:
        raise CutOff from error
    return bytes(body)
