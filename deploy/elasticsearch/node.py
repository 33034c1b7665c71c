"""The one node: its folders, its settings, and the process that the demo starts."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.demo.parts import Part
from deploy.demo.readiness import HttpAnswers
from deploy.elasticsearch import distribution, java
from deploy.elasticsearch.distribution import CannotStart
from environment.settings import ROOT

DEFAULT_PORT = 9200
_HEAP = "-Xms512m -Xmx512m"
_OTHER_USER = "nobody"  # Elasticsearch refuses to run as root
_OPEN_TO_ALL = Path("/var/tmp/qianmen-own-elasticsearch")  # noqa: S108 - checked to be ours

_SETTINGS = """\
# Written at each start.
cluster.name: qianmen
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: 0
path.data: {data}
path.logs: {logs}
# Off only because nobody but this machine can reach it.
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
"""


def port(given: Mapping[str, str]) -> int:
    text = given.get("QIANMEN_ELASTICSEARCH_PORT") or str(DEFAULT_PORT)
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise CannotStart(f"QIANMEN_ELASTICSEARCH_PORT: {text!r} is not a port")
    return int(text)


def part(home: Path, given: Mapping[str, str]) -> Part:
    """What to start. Fetches the distribution the first time; raises `CannotStart`."""
    user = _OTHER_USER if os.geteuid() == 0 else None
    files = distribution.find(_readable(ROOT / ".tools", user), given)
    java_home = java.find(files, given)
    if java_home is None:
        raise CannotStart(
            f"Elasticsearch needs Java {java.OLDEST} or later and none was found. "
            "Mend: install a JRE (on Debian: default-jre-headless) or give ES_JAVA_HOME"
        )
    folder = _readable(home / "elasticsearch", user)
    _lay_folders(folder, files, port(given), user)
    return Part(
        name="elasticsearch",
        command=(str(files / "bin" / "elasticsearch"),),
        environment={
            "PATH": given.get("PATH", os.defpath),
            "HOME": str(folder / "tmp"),
            "ES_JAVA_HOME": str(java_home),
            "ES_JAVA_OPTS": given.get("ES_JAVA_OPTS") or _HEAP,
            "ES_PATH_CONF": str(folder / "config"),
            "ES_TMPDIR": str(folder / "tmp"),
        },
        # Not "/": the small build has no such address.
        alive=HttpAnswers(port(given), "/_cluster/health?wait_for_status=yellow&timeout=500ms"),
        user=user,
        grace=15.0,
    )


def _lay_folders(folder: Path, files: Path, number: int, user: str | None) -> None:
    config = folder / "config"
    for each in (folder, config, folder / "data", folder / "logs", folder / "tmp"):
        each.mkdir(parents=True, exist_ok=True)
    for name in ("jvm.options", "log4j2.properties"):
        shutil.copyfile(files / "config" / name, config / name)
    (config / "jvm.options.d").mkdir(exist_ok=True)
    (config / "elasticsearch.yml").write_text(
        _SETTINGS.format(port=number, data=folder / "data", logs=folder / "logs")
    )
    if user is not None:
        owner = pwd.getpwnam(user)
        for each in (folder, *folder.rglob("*")):
            os.chown(each, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def _readable(folder: Path, user: str | None) -> Path:
    """The folder, or when the other user could not come to it, one in its stead that all can."""
    if user is None or all(_may_be_entered(parent) for parent in folder.parents):
        return folder
    _OPEN_TO_ALL.mkdir(mode=0o755, exist_ok=True)
    if _OPEN_TO_ALL.lstat().st_uid != 0 or _OPEN_TO_ALL.is_symlink():
        raise CannotStart(f"{_OPEN_TO_ALL} belongs to somebody else. Mend: remove it")
    return _OPEN_TO_ALL / hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def _may_be_entered(folder: Path) -> bool:
    return not folder.exists() or bool(folder.stat().st_mode & 0o001)
