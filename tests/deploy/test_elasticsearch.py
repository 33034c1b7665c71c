"""Elasticsearch's starter: what it uses, and what it says when something is missing."""

import zipfile
from pathlib import Path

import pytest

from deploy.elasticsearch import CannotStart, distribution, java, port


def program(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def a_java(home: Path, version: str) -> Path:
    program(home / "bin" / "java", f"echo 'openjdk version \"{version}\" 2025-01-01' >&2")
    return home


def test_a_given_distribution_is_used(tmp_path: Path) -> None:
    program(tmp_path / "es" / "bin" / "elasticsearch", "")
    given = {"QIANMEN_ELASTICSEARCH_HOME": str(tmp_path / "es")}
    assert distribution.find(tmp_path / "tools", given) == tmp_path / "es"


def test_a_folder_without_elasticsearch_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="QIANMEN_ELASTICSEARCH_HOME: there is no"):
        distribution.find(tmp_path, {"QIANMEN_ELASTICSEARCH_HOME": str(tmp_path)})


def test_without_maven_the_mend_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="install maven, or unpack Elasticsearch"):
        distribution.find(tmp_path, {"PATH": str(tmp_path)})


def test_maven_brings_it_once(tmp_path: Path) -> None:
    archive = tmp_path / "es.zip"
    with zipfile.ZipFile(archive, "w") as contents:
        contents.writestr(f"elasticsearch-{distribution.VERSION}/bin/elasticsearch", "#!/bin/sh\n")
    program(
        tmp_path / "bin" / "mvn",
        f'for word; do case $word in -DoutputDirectory=*) /bin/cp {archive} "${{word#*=}}/";; esac;'
        f" done; echo called >>{tmp_path}/calls",
    )
    given = {"PATH": str(tmp_path / "bin")}
    folder = distribution.find(tmp_path / "tools", given)
    assert distribution.find(tmp_path / "tools", given) == folder
    assert (tmp_path / "calls").read_text() == "called\n"
    assert [each.name for each in (tmp_path / "tools").iterdir()] == [folder.name]


def test_what_maven_says_is_passed_on_with_the_mend(tmp_path: Path) -> None:
    program(tmp_path / "bin" / "mvn", "echo '[ERROR] Unknown host'; exit 1")
    with pytest.raises(CannotStart, match="Unknown host Mend: check that Maven reaches"):
        distribution.find(tmp_path / "tools", {"PATH": str(tmp_path / "bin")})


def test_the_first_java_that_is_new_enough_is_taken(tmp_path: Path) -> None:
    old, new = a_java(tmp_path / "old", "11.0.2"), a_java(tmp_path / "new", "17.0.15")
    given = {"ES_JAVA_HOME": str(old), "JAVA_HOME": str(new), "PATH": ""}
    assert java.find(tmp_path / "es", given) == new


def test_the_distributions_own_java_comes_before_the_machines(tmp_path: Path) -> None:
    bundled = a_java(tmp_path / "es" / "jdk", "24")
    given = {"JAVA_HOME": str(a_java(tmp_path / "machine", "21")), "PATH": ""}
    assert java.find(tmp_path / "es", given) == bundled


def test_an_old_java_is_none(tmp_path: Path) -> None:
    given = {"JAVA_HOME": str(a_java(tmp_path / "old", "1.8.0_402")), "PATH": ""}
    assert java.find(tmp_path / "es", given) is None


def test_a_port_that_is_none_is_named() -> None:
    assert port({}) == 9200
    with pytest.raises(CannotStart, match="QIANMEN_ELASTICSEARCH_PORT: 'x' is not a port"):
        port({"QIANMEN_ELASTICSEARCH_PORT": "x"})
