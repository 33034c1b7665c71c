"""Starts stock Rasa as its documentation does: its server, its action server, an Elasticsearch."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

from deploy import elasticsearch as starter
from elasticsearch import Elasticsearch, helpers
from environment.settings import ROOT
from kb_index.article import Article

from benchmarks.demo import CannotMeasure, free_ports

HERE = Path(__file__).parent
PYTHON = HERE / ".venv" / "bin" / "python"
STARTS_WITHIN = 600.0
ENDS_WITHIN = 20.0


@dataclass(frozen=True)
class Stock:
    port: int
    sessions: Mapping[int, str]


@contextmanager
def running(articles: Sequence[Article]) -> Iterator[Stock]:
    """Everything of it, with these articles in its index; taken down afterwards."""
    if subprocess.run([HERE / "setup.sh"], check=False).returncode:  # noqa: S603 - our own
        raise CannotMeasure("stock Rasa could not be set up; see above")
    ports = free_ports()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qianmen-bench-")))
        given = os.environ.get("ELASTICSEARCH_URL", "")  # one that runs already
        address = given or f"http://127.0.0.1:{ports['desk']}"
        index = f"stock-knowledge-{uuid4().hex[:8]}"
        rasa, actions = ports["rasa"], ports["actions"]
        environment = dict(os.environ) | {
            "QIANMEN_HOME": str(home),
            "QIANMEN_ELASTICSEARCH_PORT": str(ports["desk"]),
            "STOCK_ELASTICSEARCH_URL": address,
            "STOCK_INDEX": index,
            "STOCK_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
            "RASA_TELEMETRY_ENABLED": "false",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "PYTHONWARNINGS": "ignore",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
        }
        started: dict[int, str] = {}
        if not given:
            stack.callback(_clear_away, _folder_of_elasticsearch(home, environment))
            log = home / "elasticsearch.log"
            process = stack.enter_context(_process(_elasticsearch(), environment, log))
            _wait(process, f"{address}/_cluster/health", log)
        stack.enter_context(_filled(address, index, articles))
        for name, command, ready in (
            ("stock actions", _actions(actions), f"http://127.0.0.1:{actions}/health"),
            ("stock rasa", _rasa(rasa), f"http://127.0.0.1:{rasa}/"),
        ):
            log = home / f"{name}.log"
            process = stack.enter_context(_process(command, environment, log))
            _wait(process, ready, log)
            started[process.pid] = name
        yield Stock(rasa, started | _children_of_the_supervisor(home))


def _elasticsearch() -> list[str]:
    return [sys.executable, "-m", "deploy.elasticsearch"]


def _actions(port: int) -> list[str]:
    return [str(PYTHON), "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]


def _rasa(port: int) -> list[str]:
    model = HERE / "models" / "stock.tar.gz"
    words = f"-m rasa run --model {model} --endpoints endpoints.yml --credentials credentials.yml"
    return [str(PYTHON), *words.split(), "-i", "127.0.0.1", "--port", str(port)]


@contextmanager
def _process(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            cwd=ROOT if command[-1] == "deploy.elasticsearch" else HERE,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - of this machine
                return
        except (URLError, OSError):
            time.sleep(0.3)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise CannotMeasure(f"{log.stem} did not start:\n{tail}")


@contextmanager
def _filled(address: str, index: str, articles: Sequence[Article]) -> Iterator[None]:
    """The standard analyser, as a plain mapping has it: each Chinese character is a token."""
    with Elasticsearch(address, request_timeout=30) as client:
        client.indices.create(
            index=index,
            settings={"number_of_replicas": 0},
            mappings={
                "properties": {
                    "questions": {"type": "text", "analyzer": "standard"},
                    "answer": {"type": "text", "analyzer": "standard"},
                }
            },
        )
        helpers.bulk(
            client,
            (
                {
                    "_index": index,
                    "_id": one.external_id,
                    "questions": list(one.questions),
                    "answer": one.answer,
                }
                for one in articles
            ),
            refresh=True,
        )
        try:
            yield
        finally:
            client.indices.delete(index=index)


def _children_of_the_supervisor(home: Path) -> dict[int, str]:
    """Elasticsearch is a session of its own below the starter."""
    run = home / "elasticsearch-alone" / "run"
    return {int(file.read_text()): "elasticsearch" for file in run.glob("*.pid")}


def _folder_of_elasticsearch(home: Path, environment: Mapping[str, str]) -> Path:
    """The starter keeps an index outside of a home that its user could not enter."""
    try:
        part = starter.part(home, environment)
    except starter.CannotStart as fault:
        raise CannotMeasure(f"{fault}; or give ELASTICSEARCH_URL") from None
    return Path(part.environment["HOME"]).parent


def _clear_away(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
