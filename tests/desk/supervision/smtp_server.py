"""A mail server on a port of its own that does as a test says: take, refuse, or hang up."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Taken:
    sender: str
    to: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


@dataclass
class Rules:
    """What the server answers; an empty answer hangs up without one."""

    refuses: dict[str, str] = field(default_factory=dict)  # address: answer
    to_data: str = "354 go on"
    to_message: str = "250 taken"
    greeting: str = "220 mail ready"
    taken: list[Taken] = field(default_factory=list)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        rules: Rules = self.server.rules  # type: ignore[attr-defined]
        if not self._say(rules.greeting):
            return
        sender, to = "", list[str]()
        while line := self.rfile.readline():
            word = line.decode().strip()
            verb = word[:4].upper()
            if verb in {"EHLO", "HELO", "RSET", "NOOP"}:
                self._say("250 ok")
            elif verb == "MAIL":
                sender, to = _address(word), []
                self._say("250 ok")
            elif verb == "RCPT":
                refusal = rules.refuses.get(_address(word))
                if refusal is None:
                    to.append(_address(word))
                if not self._say("250 ok" if refusal is None else refusal):
                    return
            elif verb == "DATA":
                if not self._say(rules.to_data):
                    return
                if rules.to_data.startswith("354") and not self._take(rules, sender, to):
                    return
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("500 what?")

    def _take(self, rules: Rules, sender: str, to: list[str]) -> bool:
        content = b""
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            content += line.removeprefix(b".")
        if rules.to_message.startswith("250"):
            rules.taken.append(Taken(sender, to, content))
        return self._say(rules.to_message)

    def _say(self, words: str) -> bool:
        if words:
            self.wfile.write(f"{words}\r\n".encode())
        return bool(words)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def _address(command: str) -> str:
    return command.partition("<")[2].partition(">")[0]


@contextmanager
def smtp_server() -> Iterator[tuple[int, Rules]]:
    """Its port, and the rules that it goes by from then on."""
    rules = Rules()
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.rules = rules  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1], rules
        finally:
            server.shutdown()
            thread.join()
