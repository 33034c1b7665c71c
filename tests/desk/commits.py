"""Lets what runs after a commit run in tests that are themselves inside a transaction.

A test that flushes all tables instead takes a second longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import Atomic


def run_after_own_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of the outermost transaction of ours counts as a commit."""
    leave, register = Atomic.__exit__, transaction.on_commit

    def left(self: Atomic, kind: Any, *rest: Any) -> None:
        leave(self, kind, *rest)
        if kind is None and _only_the_tests_own():
            _run()

    def registered(func: Callable[[], Any], using: Any = None, robust: bool = False) -> None:
        register(func, using, robust)
        if _only_the_tests_own():
            _run()

    monkeypatch.setattr(Atomic, "__exit__", left)
    monkeypatch.setattr(transaction, "on_commit", registered)


def _only_the_tests_own() -> bool:
    blocks = connection.atomic_blocks
    return bool(blocks) and all(block._from_testcase for block in blocks)


def _run() -> None:
    hooks, connection.run_on_commit = connection.run_on_commit, []
    for _savepoints, func, *_rest in hooks:
        func()
