import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from environment.logs import configure_logs, redact


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "number",
    ["13912346207", "139 1234 6207", "+86 13912346207", "110101199003071234", "11010119900307123X"],
)
def test_a_citizens_number_is_never_written(number: str) -> None:
    assert redact(f"电话{number}，谢谢") in {"电话<number>，谢谢", "电话+<number>，谢谢"}


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("https://api.example.org/cgi-bin/send?access_token=abc.DEF-1", "abc.DEF-1"),
        ("POST /bot123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr/sendMessage", "AAbbCC"),
        ("redis://user:hunter2@redis.internal:6379", "hunter2"),
    ],
)
def test_a_secret_is_never_written(text: str, secret: str) -> None:
    assert secret not in redact(text)


def test_figures_that_are_nobodys_number_stay() -> None:
    assert redact("took 120 ms, 64 partitions, case of 2026-11-24") == (
        "took 120 ms, 64 partitions, case of 2026-11-24"
    )


def test_a_traceback_is_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json")
    try:
        raise ValueError("cannot call 13912346207")
    except ValueError:
        structlog.get_logger("router").exception("turn failed", message_id="24000000000000001")
    written = capsys.readouterr().err
    line = json.loads(written)
    assert "13912346207" not in written
    assert line["message_id"] == "24000000000000001"
    assert line["event"] == "turn failed"


def test_other_peoples_logs_are_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("json")
    logging.getLogger("a.library").warning("user %s", "13912346207")
    assert "13912346207" not in capsys.readouterr().err
