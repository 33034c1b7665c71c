"""Where webhooks may go: never into our own network, whatever a name's look-up says."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desk.webhooks.addresses import BadAddress, checked, is_public
from desk.webhooks.models import Reason
from desk.webhooks.posting import Answer, Post, post
from tests.desk.webhooks.conftest import Receiver

NAME = "hook.example"


@pytest.fixture
def production(settings: Any) -> None:
    settings.QIANMEN = replace(settings.QIANMEN, environment="production")


@pytest.fixture
def leads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the receiver leads to this machine."""
    real = socket.getaddrinfo

    def look_up(host: Any, *more: Any, **options: Any) -> Any:
        return real("127.0.0.1" if host == NAME else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def a_post(url: str) -> Post:
    return Post(url, {"Content-Type": "application/json"}, b"{}")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:0a00:0001::1",
    ],
)  # fmt: skip
def test_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["114.114.114.114", "240e::1", "::ffff:114.114.114.114"])
def test_outside_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    "url",
    [
        "", "hook", "https://", "http://city.example/hook", "ftp://city.example/",
        "https://user:word@city.example/", "https://city.example/#part", "https://localhost/",
        "https://10.0.0.5/hook", "https://[::1]/", "https://redis.internal/", "https://a b/",
        "https://city.example:99999/", "https://" + "a" * 500 + ".example/",
    ],
)  # fmt: skip
def test_what_is_no_open_https_address_is_not_kept(url: str) -> None:
    with pytest.raises(BadAddress):
        checked(url)


@pytest.mark.usefixtures("production")
def test_an_open_https_address_is_kept() -> None:
    url = "https://city.example:8443/hook?key=1"
    assert checked(f" {url} ") == url


@pytest.mark.usefixtures("production", "leads_here")
def test_a_network_of_the_citys_own_is_called_when_it_is_named(
    receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_NETWORKS = [ip_network("127.0.0.0/8"), ip_network("10.20.0.0/16")]
    assert checked("https://10.20.3.4/hook")
    assert checked("https://orders.internal/hook")
    with pytest.raises(BadAddress):
        checked("https://10.21.0.1/hook")
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    assert post([a_post(f"http://{NAME}:{port}/")])[0].code == 204


def test_the_demo_may_speak_to_itself() -> None:
    assert checked("http://127.0.0.1:9000/hook")


@pytest.mark.usefixtures("production", "leads_here")
def test_a_name_that_leads_inside_is_not_called(receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2]
    answers = post([a_post(f"http://{NAME}:{port}")])
    assert answers == [Answer(reason=Reason.PRIVATE_ADDRESS)]
    assert receiver.got == []


@pytest.mark.usefixtures("leads_here")
def test_the_receiver_is_called_by_its_name(receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2].partition("/")[0]
    assert post([a_post(f"http://{NAME}:{port}/")])[0].code == 204
    assert receiver.got[0].headers["Host"] == f"{NAME}:{port}"


def test_a_name_that_nobody_knows_is_no_address() -> None:
    assert post([a_post("http://nobody.invalid/")]) == [Answer(reason=Reason.NO_ADDRESS)]


@pytest.mark.usefixtures("leads_here")
def test_the_certificate_must_be_the_names(secure: tuple[int, ssl.SSLContext]) -> None:
    port, trust = secure
    assert post([a_post(f"https://{NAME}:{port}/")], trust)[0].code == 204
    refused = Answer(reason=Reason.NO_CONNECTION)
    assert post([a_post(f"https://127.0.0.1:{port}/")], trust) == [refused]
    assert post([a_post(f"https://{NAME}:{port}/")]) == [refused]  # signed by nobody we know


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[tuple[int, ssl.SSLContext]]:
    """A receiver with a certificate for `NAME`: its port, and who trusts it."""
    key_file, certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key_file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer_all, args=(server, context), daemon=True)
        thread.start()
        yield server.getsockname()[1], ssl.create_default_context(cafile=str(certificate))
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _answer_all(server: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _from = server.accept()
        except OSError:
            return
        with plain:
            try:
                with context.wrap_socket(plain, server_side=True) as line:
                    said = b""
                    while not said.endswith(b"{}"):
                        said += line.recv(4096)
                    line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            except OSError:
                continue


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_file, certificate_file = folder / "key.pem", folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    key_file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate_file.write_bytes(certificate.public_bytes(pem))
    return key_file, certificate_file
