import os
from pathlib import Path

from benchmarks import processes


def test_a_parts_time_is_found_by_its_pid_file(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "worker.pid").write_text(f"{os.getsid(0)}\n")
    sessions = processes.parts_of(tmp_path)
    assert sessions == {os.getsid(0): "worker"}
    before = processes.processor_ms(sessions)["worker"]
    while processes.processor_ms(sessions)["worker"] <= before:
        sum(range(100_000))  # it must grow while we work: the test times out when it does not
    assert processes.processor_ms({}) == {}
