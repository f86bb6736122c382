"""Keys and certificates that the tests make themselves, and an installation that signs by them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.tsp import TimeStampReq
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.timestamps import DummyTimeStamper

from onestop.signatures import port, token, trial
from tests.clock import MONDAY

PASSWORD = "mat-khau-thu"
STAMPER = "Nơi cấp dấu thời gian thử"
AGENCY = "UBND xã Bình Minh"
BEGINS = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def authority() -> trial.Pair:
    return trial.pair("Trung tâm chứng thực thử", BEGINS, datetime(2040, 1, 1, tzinfo=UTC))


@cache
def pair(name: str = AGENCY, until: int = 2040) -> trial.Pair:
    return trial.pair(name, BEGINS, datetime(until, 1, 1, tzinfo=UTC), by=authority())


def write_key(place: Path, one: trial.Pair | None = None) -> Path:
    trial.write_key(place, one or pair(), authority(), PASSWORD)
    return place


def prepared(folder: Path, settings: Any, one: trial.Pair | None = None) -> token.Token:
    """This installation signs by a token of its own and believes the authority of the tests."""
    trial.write_root(folder / "tin", authority())
    settings.SIGN_KEY, settings.SIGN_PASSWORD = str(write_key(folder / "khoa.p12", one)), PASSWORD
    settings.SIGN_TRUST = str(folder / "tin")
    settings.SIGN_WITH = "onestop.signatures.token.by_settings"
    return token.by_settings()


@cache
def between(by: trial.Pair | None = None, like: trial.Pair | None = None) -> trial.Pair:
    """An authority that the one of the tests, or `by`, vouches for; `like`: the same one, with its key."""
    like = like or trial.pair(
        "Trung tâm chứng thực cấp dưới", BEGINS, datetime(2040, 1, 1, tzinfo=UTC)
    )
    old, by = like.certificate, by or authority()
    built = x509.CertificateBuilder(
        by.certificate.subject, old.subject, old.public_key(), old.serial_number,
        old.not_valid_before_utc, old.not_valid_after_utc, list(old.extensions),
    )  # fmt: skip
    return trial.Pair(built.sign(by.key, hashes.SHA256()), like.key)


def revoked_since(
    at: datetime,
    *,
    pem: bool,
    by: trial.Pair | None = None,
    whose: trial.Pair | None = None,
    of: trial.Pair | None = None,
) -> bytes:
    """The authority's list of revoked certificates with ours (`whose`) on it, made a day later. `by`:
    who else signed it; `of`: whose list it is else.
    """
    number = (whose or pair()).certificate.serial_number
    one = x509.RevokedCertificateBuilder().serial_number(number)
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name((of or authority()).certificate.subject)
        .last_update(at + timedelta(days=1))
        .next_update(at + timedelta(days=8))
        .add_revoked_certificate(one.revocation_date(at).build())
        .sign((by or of or authority()).key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM if pem else Encoding.DER)


def order(pdf: bytes) -> port.Order:
    return port.Order(pdf, "H26.1", AGENCY, "lanhdao", MONDAY)


def _stamper() -> DummyTimeStamper:
    """Its certificate says what pyHanko asks of a time-stamping authority (RFC 3161 2.3)."""
    like, by = pair(STAMPER), authority()
    old = like.certificate
    stamps = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    built = x509.CertificateBuilder(
        old.issuer, old.subject, old.public_key(), old.serial_number,
        old.not_valid_before_utc, old.not_valid_after_utc, list(old.extensions),
    ).add_extension(stamps, critical=True)  # fmt: skip
    made = built.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)
    key = like.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(Certificate.load(made), PrivateKeyInfo.load(key), fixed_dt=MONDAY)


@contextmanager
def time_stamper() -> Iterator[str]:
    """A time-stamping authority on a port of this machine; its address."""
    stamper = _stamper()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            body = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
