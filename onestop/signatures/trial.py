"""A key to try signing with, and an authority of its own that vouches for it: for the demo and the tests.
It binds nobody.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

AUTHORITY = "Nơi cấp chứng thư thử, không có giá trị"
KEY, ROOTS, ROOT = "khoa.p12", "chung-thu", "goc-thu.pem"


@dataclass(frozen=True)
class Pair:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def pair(name: str, begins: datetime, ends: datetime, *, by: Pair | None = None) -> Pair:
    """A key and its certificate; one that nobody issued may issue others."""
    key = rsa.generate_private_key(65537, 2048)
    said = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=by is not None, content_commitment=by is not None, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=by is None, crl_sign=by is None,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    public = key.public_key()
    made = (
        x509.CertificateBuilder()
        .subject_name(said)
        .issuer_name(by.certificate.subject if by else said)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    return Pair(made.sign(by.key if by else key, hashes.SHA256()), key)


def write_key(place: Path, one: Pair, by: Pair, password: str) -> None:
    """As PKCS#12, for the owner's eyes only."""
    content = pkcs12.serialize_key_and_certificates(
        b"ky-so",
        one.key,
        one.certificate,
        [by.certificate],
        serialization.BestAvailableEncryption(password.encode()),
    )
    with open(place, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(content)


def write_root(folder: Path, one: Pair) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pem = one.certificate.public_bytes(serialization.Encoding.PEM)
    (folder / ROOT).write_bytes(pem)


def make(folder: Path, name: str, password: str, begins: datetime, ends: datetime) -> None:
    """A new key and its root in a folder; what lies there already stays (FileExistsError)."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / KEY).exists():
        raise FileExistsError(folder / KEY)
    authority = pair(AUTHORITY, begins, ends)
    write_root(folder / ROOTS, authority)
    write_key(folder / KEY, pair(name, begins, ends, by=authority), authority, password)
