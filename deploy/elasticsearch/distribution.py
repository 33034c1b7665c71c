"""Where Elasticsearch's files are: a folder that is given, or Elastic's own small build from Maven.

Maven is asked with the machine's own settings, so a city's mirror is used where one is set up.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

VERSION = "8.19.21"
HOME_VARIABLE = "QIANMEN_ELASTICSEARCH_HOME"
_ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
_PATIENCE = 600


class CannotStart(Exception):
    """Something is missing on this machine; the text names the mend."""


def find(tools: Path, given: Mapping[str, str]) -> Path:
    """The folder of the distribution, fetched into `tools` when it is not there yet.

    Raises `CannotStart`.
    """
    if given.get(HOME_VARIABLE):
        folder = Path(given[HOME_VARIABLE]).resolve()
        if not _is_complete(folder):
            raise CannotStart(f"{HOME_VARIABLE}: there is no Elasticsearch in {folder}")
        return folder
    folder = tools / f"elasticsearch-{VERSION}"
    if not _is_complete(folder):
        _fetch(folder, given)
    return folder


def _is_complete(folder: Path) -> bool:
    return os.access(folder / "bin" / "elasticsearch", os.X_OK)


def _fetch(folder: Path, given: Mapping[str, str]) -> None:
    maven = shutil.which("mvn", path=given.get("PATH"))
    if maven is None:
        raise CannotStart(
            "Elasticsearch is not here and Maven, which would fetch it, is not installed. "
            f"Mend: install maven, or unpack Elasticsearch 8.19 or later and give {HOME_VARIABLE}"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        _copy_with_maven(maven, Path(scratch), given)
        (archive,) = Path(scratch).glob("*.zip")
        with zipfile.ZipFile(archive) as contents:
            contents.extractall(scratch)
        unpacked = Path(scratch) / folder.name
        for program in (unpacked / "bin").iterdir():
            program.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        unpacked.rename(folder)


def _copy_with_maven(maven: str, target: Path, given: Mapping[str, str]) -> None:
    command = [maven, "-q", "-B", _PLUGIN, f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={target}"]
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command, capture_output=True, text=True, timeout=_PATIENCE, check=False, env=given
        )
    except subprocess.TimeoutExpired:
        raise CannotStart(
            f"Maven did not bring Elasticsearch within {_PATIENCE} s. Mend: start again, "
            f"or unpack Elasticsearch 8.19 or later and give {HOME_VARIABLE}"
        ) from None
    if done.returncode:
        reason = next((line for line in done.stdout.splitlines() if "ERROR" in line), "no reason")
        raise CannotStart(
            f"Maven could not fetch Elasticsearch: {reason.removeprefix('[ERROR] ')[:300]} Mend: "
            "check that Maven reaches its repository (~/.m2/settings.xml), "
            f"or unpack Elasticsearch 8.19 or later and give {HOME_VARIABLE}"
        )
