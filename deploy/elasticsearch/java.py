"""Which Java runs Elasticsearch: the one that is given, the distribution's own, the machine's."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

OLDEST = 17


def find(distribution: Path, given: Mapping[str, str]) -> Path | None:
    """The home of the first Java that is new enough."""
    for home in _candidates(distribution, given):
        if _version(home) >= OLDEST:
            return home
    return None


def _candidates(distribution: Path, given: Mapping[str, str]) -> Iterator[Path]:
    if given.get("ES_JAVA_HOME"):
        yield Path(given["ES_JAVA_HOME"])
    yield distribution / "jdk"
    if given.get("JAVA_HOME"):
        yield Path(given["JAVA_HOME"])
    if program := shutil.which("java", path=given.get("PATH")):
        yield Path(program).resolve().parent.parent


def _version(home: Path) -> int:
    try:
        answer = subprocess.run(  # noqa: S603 - a Java of this machine
            [str(home / "bin" / "java"), "-version"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r'version "(\d+)', answer.stderr)
    return int(found[1]) if found else 0
