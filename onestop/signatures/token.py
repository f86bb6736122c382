"""The software token: keys as PKCS#12 files, `<mã định danh của cơ quan>.p12` in a folder or one file for
all, opened with the password of the environment.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import Certificate
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.template.loader import render_to_string

from onestop import pdf
from onestop.signatures import apart
from onestop.signatures.port import Away, Order, Refused
from onestop.worktime import local

_CSS = Path(__file__).parents[2] / "templates" / "signatures" / "stamp.css"


class Token:
    def __init__(self, place: str, password: str, tsa: str) -> None:
        self.place, self.password, self.tsa = Path(place), password, tsa

    def has_key(self, agency_code: str, officer: str) -> bool:
        return self._key_of(agency_code).is_file()

    def sign(self, order: Order) -> bytes:
        key = self._key_of(order.agency_code)
        certificate = self._certificate(key)
        if not certificate.not_valid_before_utc <= order.at <= certificate.not_valid_after_utc:
            raise Refused("chứng thư số chưa có hoặc đã hết hiệu lực")
        name = _said(certificate, NameOID.COMMON_NAME) or order.agency
        agency = _said(certificate, NameOID.ORGANIZATION_NAME) or order.agency
        said = {
            "do": "sign",
            "key": str(key),
            "password": self.password,
            "tsa": self.tsa,
            "name": name,
            "agency": agency,
            "at": order.at.isoformat(),
            "stamp": b64encode(stamp(name, agency, order)).decode(),
        }
        try:
            _, signed = apart.run(said, order.pdf)
        except apart.Failed as failed:
            # Out of time here (TimeoutExpired), or the time-stamping authority (TimestampRequestError).
            if str(failed).startswith(("Timeout", "Timestamp")):
                raise Away(str(failed)) from failed
            raise Refused("tệp PDF này không ký thêm được") from failed
        return signed

    def _key_of(self, agency_code: str) -> Path:
        """No code of an agency leads out of the folder: codes have letters, digits, dots and dashes."""
        return self.place / f"{agency_code}.p12" if self.place.is_dir() else self.place

    def _certificate(self, key: Path) -> Certificate:
        try:
            found = pkcs12.load_pkcs12(key.read_bytes(), self.password.encode() or None)
        except (OSError, ValueError) as error:
            raise Refused("không mở được khóa ký bằng mật khẩu đã đặt") from error
        if found.cert is None or found.key is None:
            raise Refused("tệp khóa ký không có chứng thư số hoặc khóa")
        return found.cert.certificate


def stamp(name: str, agency: str, order: Order) -> bytes:
    """The look of the signature: who, which agency, when to the second with the zone (NĐ 30/2020)."""
    at = local(order.at)
    zone = f"{at:%z}"
    said = {"name": name, "agency": agency, "at": at, "zone": f"{zone[:3]}:{zone[3:]}"}
    page = render_to_string("signatures/stamp.html", said)
    return pdf.render(page, stylesheets=(_CSS,), variant=None)


def _said(certificate: Certificate, what: object) -> str:
    found = certificate.subject.get_attributes_for_oid(what)  # type: ignore[arg-type]
    return str(found[0].value) if found else ""


def by_settings() -> Token:
    return Token(settings.SIGN_KEY, settings.SIGN_PASSWORD, settings.SIGN_TSA_URL)
