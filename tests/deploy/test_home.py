"""One demo a home; its logs do not mix with the last start's, and do not grow for ever."""

from pathlib import Path

import pytest

from deploy.demo import home as demo_home


def test_a_second_demo_learns_who_holds_the_home(tmp_path: Path) -> None:
    with (
        demo_home.take(tmp_path, "start page http://127.0.0.1:8002/"),
        pytest.raises(demo_home.AlreadyRunning, match=r"process \d+, start page http://127"),
    ):
        demo_home.take(tmp_path, "another")


def test_a_home_is_free_again_when_its_demo_has_ended(tmp_path: Path) -> None:
    demo_home.take(tmp_path, "first").close()
    demo_home.take(tmp_path, "second").close()


def test_pid_files_of_a_demo_that_was_killed_are_cleared(tmp_path: Path) -> None:
    demo_home.take(tmp_path, "test").close()
    (tmp_path / "run" / "desk.pid").write_text("1\n")
    demo_home.wait_for_leftovers(tmp_path)
    assert not (tmp_path / "run" / "desk.pid").exists()


def test_each_start_has_its_own_logs_and_the_last_ones_are_kept(tmp_path: Path) -> None:
    demo_home.take(tmp_path, "test").close()
    log = tmp_path / "logs" / "desk.log"
    for text in ("first", "second", "third"):
        log.write_text(text)
        demo_home.renew_logs(tmp_path)
    assert not log.exists()
    assert (tmp_path / "logs" / "desk.log.1").read_text() == "third"


def test_a_log_that_has_grown_too_long_starts_anew_under_its_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo_home.take(tmp_path, "test").close()
    monkeypatch.setattr(demo_home, "LOG_LIMIT", 10)
    log = tmp_path / "logs" / "desk.log"
    with log.open("a") as writer:
        writer.write("a long line\n")
        writer.flush()
        demo_home.trim_logs(tmp_path)
        writer.write("next\n")
    assert log.read_text() == "next\n"
    assert (tmp_path / "logs" / "desk.log.1").read_text() == "a long line\n"
