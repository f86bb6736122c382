"""The way out over real connections: what a peer does to one, and whose certificate is taken."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import call_command

from exchange.models.outbox import Line
from exchange.outbox import web
from exchange.outbox.peers import peers
from exchange.outbox.port import Away
from exchange.peer.http import HOLDS, Server
from exchange.peer.serving import Recorded
from onestop import calling
from onestop.commands import UsageError
from tests.exchange.hostile import ODD, hostile
from tests.exchange.running import running
from tests.exchange.world import Exchange, said

Connected = Callable[..., Exchange]


def post(url: str) -> Any:
    return web.post_to(peers()[0])(url, {}, [])


@pytest.mark.parametrize("profile", ["A", "B"])
def test_what_waits_goes_over_http(connected: Connected, settings: Any, profile: str) -> None:
    exchange = connected(profile, dossiers=3)
    for state in (2, 4):
        exchange.tell(*((one, state) for one in exchange.dossiers))
    server = Server(Recorded())
    with running(server):
        settings.EXCHANGE_PEERS = [said(profile, url=server.url)]
        call_command("send_outbox")
        with urllib.request.urlopen(f"{server.url}{HOLDS}") as reply:
            holds = json.load(reply)
    assert {one["TrangThaiHoSo"] for one in holds["dossiers"].values()} == {"4"}
    assert set(holds["dossiers"]) == {one.code for one in exchange.dossiers}
    assert not Line.objects.exclude(state=Line.State.LEVEL).exists()


@pytest.mark.parametrize(
    ("trouble", "why"),
    [("server_error", "HTTP 500"), ("lost", "RemoteDisconnected"), ("slow", "TimeoutError")],
)
def test_no_answer_is_no_success(
    settings: Any, monkeypatch: pytest.MonkeyPatch, trouble: str, why: str
) -> None:
    # Only what is slow by intent: a busy machine may take as long for the others.
    monkeypatch.setattr(web, "READ", 0.2 if trouble == "slow" else web.READ)
    settings.EXCHANGE_PEERS = [said("B")]
    server = Server(Recorded(share=1.0, only=[trouble]), slow=0.6)
    with running(server), pytest.raises(Away, match=why):
        post(f"{server.url}/ThemMoi")


class _Odd(BaseHTTPRequestHandler):
    """Odd answers, most of them none."""

    TEXTS: ClassVar = {
        "/to": b"x" * 5000,
        "/loi": b"<html>",
        "/400": b'{"error_code": 3, "message": "x"}',
        "/400-duoc": b'{"error_code": 0}',
    }

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/chuyen":
            self.send_response(302)
            self.send_header("Location", "/to")
            self.end_headers()
            return
        refuses = self.path.startswith("/400")
        self.send_response(400 if refuses else 200)
        self.end_headers()
        self.wfile.write(self.TEXTS.get(self.path, b'{"a": 1}'))

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/to", "too large"),
        ("/loi", "JSON"),
        ("/chuyen", "HTTP 302"),
        ("/400-loi", "HTTP 400"),
        ("/400-duoc", "HTTP 400"),
    ],
)
def test_an_odd_answer_is_none(
    settings: Any, monkeypatch: pytest.MonkeyPatch, path: str, why: str
) -> None:
    monkeypatch.setattr(web, "MOST_BYTES", 4000)
    settings.EXCHANGE_PEERS = [said("B")]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    with running(server), pytest.raises(Away, match=why):
        post(f"http://127.0.0.1:{server.server_port}{path}")


class _Early(_Odd):
    """Refuses before it has read what is said."""

    def do_POST(self) -> None:
        self.send_response(422)
        self.end_headers()
        self.wfile.write(b'{"error_code": 3, "message": "x"}')


def test_a_refusal_that_comes_before_all_was_said_is_heard() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Early)
    with running(server):
        url = f"http://127.0.0.1:{server.server_port}/ThemMoi"
        reply = calling.call("POST", url, seconds=20, most=4000, body=b"x" * 8_000_000)
    assert (reply.status, b"error_code" in reply.body) == (422, True)


def test_what_is_cut_off_stays_encrypted() -> None:
    """An SSLSocket's own shutdown drops its encryption, while somebody else may be writing."""
    here, there = socket.socketpair()
    line = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(
        here, server_hostname="cong.example", do_handshake_on_connect=False
    )
    kept, ended = line._sslobj, threading.Event()  # type: ignore[attr-defined]
    calling._cut(line, ended)
    assert ended.is_set()
    assert line._sslobj is kept is not None  # type: ignore[attr-defined]
    assert there.recv(1) == b""
    line.close()
    there.close()


def test_whatever_a_hostile_peer_does_is_no_answer_and_takes_no_longer_than_it_may(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slow headers and bodies, bodies without end, redirects, what is no JSON or too deep."""
    settings.EXCHANGE_PEERS = [said("B")]
    with hostile() as server:
        for what, why in ODD.items():
            # What ends by itself has the time that a busy machine takes.
            monkeypatch.setattr(web, "WHOLE", 0.3 if why == "too slow" else 40.0)
            with pytest.raises(Away, match=why):
                post(f"{server.url}/{what}")
        # Where it was turned to nobody asked.
        assert "/json" not in server.asked
        assert post(f"{server.url}/text") == {"error_code": 0}


def test_a_question_ends_also_where_nobody_reads_it(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "WHOLE", 0.3)
    settings.EXCHANGE_PEERS = [said("B")]
    # Takes connections and nothing that is sent over them.
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/ThemMoi"
        with pytest.raises(Away, match="too slow"):
            web.post_to(peers()[0])(url, {}, ["x" * 16_000_000])


def test_a_refusal_under_another_status_is_read(settings: Any) -> None:
    settings.EXCHANGE_PEERS = [said("B")]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    with running(server):
        assert post(f"http://127.0.0.1:{server.server_port}/400")["error_code"] == 3


def _certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """Signed by itself, for an address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cổng thử")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=3650))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def test_only_a_certificate_that_holds_is_taken(settings: Any, tmp_path: Path) -> None:
    for address, answers in (("127.0.0.1", True), ("10.1.2.3", False)):
        folder = tmp_path / address
        folder.mkdir()
        certificate, key = _certificate(folder, address)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        url = f"https://127.0.0.1:{server.server_port}/"
        with running(server):
            # Nobody we know has signed it.
            settings.EXCHANGE_PEERS = [said("B")]
            with pytest.raises(Away, match="Cert"):
                post(url)
            settings.EXCHANGE_PEERS = [said("B", ca_file=str(certificate))]
            if answers:
                assert post(url) == {"a": 1}
            else:
                with pytest.raises(Away, match="Cert"):
                    post(url)


def test_a_share_is_a_share() -> None:
    with pytest.raises(UsageError, match="--share"):
        call_command("fake_portal", share=2.0)
