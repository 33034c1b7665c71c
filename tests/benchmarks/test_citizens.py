"""The pushes are what the gateway takes, and its reply is read as a citizen would."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from benchmarks.citizens import InWeChat
from benchmarks.connection import Connection, NoAnswer
from benchmarks.questions import Question
from channels.wechat.reply import text_reply
from sandbox.accounts import WechatAccount
from sandbox.wechat.pushes import MsgIds

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PLAIN = WechatAccount(id="a", hotline="12345", app_id="wx1", app_secret="s", token="t")


def answering(body: bytes, head: bytes = b"HTTP/1.1 200 OK\r\n") -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                asked = await reader.readuntil(b"\r\n\r\n")
                length = int(asked.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                await reader.readexactly(length)
                writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        except asyncio.IncompleteReadError:
            writer.close()

    return serve


async def _ask(serve: Serve) -> str:
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        citizen = InWeChat(PLAIN, server.sockets[0].getsockname()[1], MsgIds())
        try:
            return await citizen.ask(Question("社保卡丢了怎么补", "x"))
        finally:
            await citizen.close()


async def test_the_passive_reply_is_read() -> None:
    reply = text_reply(citizen="o1", account_name="gh", text="带身份证到窗口", created=1)
    assert await _ask(answering(reply.encode())) == "带身份证到窗口"


async def test_success_alone_is_no_answer() -> None:
    with pytest.raises(NoAnswer):
        await _ask(answering(b"success"))


async def test_a_server_that_hangs_is_no_answer() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        connection = Connection(server.sockets[0].getsockname()[1], timeout=0.05)
        with pytest.raises(NoAnswer):
            await connection.post("/", b"{}", "application/json")
