"""Toy parts for the supervisor's tests, each a few lines of Python in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from deploy.demo.parts import Part
from deploy.demo.readiness import FileIsFresh, HttpAnswers

_SERVER = """
import http.server, sys, time
time.sleep(float(sys.argv[2]))
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
print("serving", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""

_TOUCHER = """
import pathlib, sys, time
while True:
    pathlib.Path(sys.argv[1]).touch(); time.sleep(0.5)
"""

_PARENT = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal, time; "
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"])
pathlib.Path(sys.argv[2]).write_text(str(child.pid))
while True:
    pathlib.Path(sys.argv[1]).touch(); time.sleep(0.5)
"""


def server(name: str, port: int, *, after: str = "", slow: float = 0.0) -> Part:
    return Part(
        name=name,
        command=(sys.executable, "-c", _SERVER, str(port), str(slow)),
        alive=HttpAnswers(port),
        after=frozenset(after.split()),
    )


def toucher(name: str, home: Path, *, after: str = "") -> Part:
    ready = home / "run" / f"{name}.ready"
    return Part(
        name=name,
        command=(sys.executable, "-c", _TOUCHER, str(ready)),
        alive=FileIsFresh(ready),
        after=frozenset(after.split()),
    )


def stubborn_parent(name: str, home: Path, *, grace: float = 0.5) -> Part:
    """Does not end when asked, and neither does the process that it starts."""
    ready = home / "run" / f"{name}.ready"
    return Part(
        name=name,
        command=(sys.executable, "-c", _PARENT, str(ready), str(home / f"{name}.grandchild")),
        alive=FileIsFresh(ready),
        grace=grace,
    )


def hopeless(name: str, *, needed: bool, after: str = "") -> Part:
    return Part(
        name=name,
        command=(sys.executable, "-c", "print('I cannot'); raise SystemExit(3)"),
        alive=HttpAnswers(1),
        needed=needed,
        after=frozenset(after.split()),
    )
