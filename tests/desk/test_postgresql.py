"""The desk's tests once more, on a real PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.postgresql import programs, server

SUITES = (
    "tests/desk/conversations",
    "tests/desk/api",
    "tests/desk/cases/test_steps.py",
    "tests/desk/cases/test_transfers.py",
    "tests/desk/handling",
    "tests/desk/keeping/test_erasing.py",
    "tests/desk/keeping/test_retention.py",
    "tests/desk/lines",
    "tests/desk/quality",
    "tests/desk/reports",
    "tests/desk/reviewing",
    "tests/desk/routing",
    "tests/desk/supervision",
    "tests/desk/synonyms",
    "tests/desk/telling",
    "tests/desk/webhooks",
)


@pytest.mark.timeout(1200)
def test_the_desk_does_the_same_on_postgresql(unused_tcp_port: int) -> None:
    if programs() is None:
        pytest.skip("no PostgreSQL")
    with server(unused_tcp_port) as address:
        run = subprocess.run(
            [sys.executable, "-m", "pytest", *SUITES, "-q", "-p", "no:cacheprovider"],
            env=os.environ | {"TEST_DATABASE_URL": address},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
