"""Signs or checks one PDF in a process of its own, which may use so much memory and processor time and
no more: a file from outside can be made to unpack to any size, and pyHanko's reader has no bounds.

Run by its path (`apart.py`), so nothing of the product is imported here. In: one line of JSON, then the
PDF. Out: one line of JSON, then (of signing) the signed PDF.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from base64 import b64decode
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

MEMORY, PROCESSOR_SECONDS = 1536 * 1024 * 1024, 20
MOST_SIGNATURES = 30
# What is told of one signer: from the certificate, so from a stranger.
MOST_NAME = 120
TO_POINTS = 72 / 25.4
# The stamp (NĐ 30/2020): first page, top right; from the edges, in millimetres.
STAMP_WIDTH, STAMP_HEIGHT, STAMP_EDGE = 78, 14, 5
A4 = (0, 0, 595, 842)


def check(said: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Each signature with who signed when and its verdict: "altered", "invalid", "unknown" (nobody here
    vouches for its certificate) or "valid"; and the revocation lists that cannot be read.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypted:
        reader.decrypt(b"")
    signatures = reader.embedded_regular_signatures
    if len(signatures) > MOST_SIGNATURES:
        raise ValueError("too many signatures")
    moment = datetime.fromisoformat(said["at"])
    trust = _trust(said["trust"])
    found = [_checked(one, trust, moment) for one in signatures]
    return {"signatures": found, "unread": trust.unread}


def _checked(one: Any, trust: Trust, moment: datetime) -> dict[str, str]:
    from pyhanko.sign.validation.errors import SignatureValidationError

    who = _who(one)
    try:
        status = _status(one, trust, moment)
        if stamped_at := _stamped_at(one, status, trust, moment):
            # Somebody vouches for when it was signed: what ran out since does not matter.
            moment = stamped_at
            who["at"] = moment.isoformat()
            status = _status(one, trust, moment)
        status, is_revoked = _not_revoked(one, status, trust, moment)
    except SignatureValidationError:
        return who | {"verdict": "invalid"}
    verdict = _verdict(status)
    if verdict in ("valid", "unknown") and is_revoked:
        verdict = "invalid"
    return who | {"verdict": verdict}


def _stamped_at(one: Any, status: Any, trust: Trust, moment: datetime) -> datetime | None:
    """The time that a time stamp says, where its authority is believed, and was then."""
    stamped = status.timestamp_validity
    if stamped is None or not (stamped.valid and stamped.intact and stamped.trusted):
        return None
    at: datetime = stamped.timestamp
    status, is_revoked = _not_revoked(one, status, trust, moment, revoked_at=at)
    return None if is_revoked else at


def _not_revoked(
    one: Any, status: Any, trust: Trust, moment: datetime, *, revoked_at: datetime | None = None
) -> tuple[Any, bool]:
    """The status of a signature, or of its time stamp where `revoked_at` is the time that it says, by a
    way to a root on which nobody is revoked; and whether there is none. An authority between may have
    its key certified by several: that one of these certificates is revoked leaves the others
    (RFC 5280 6; EN 319 102-1 5.2.6.4 goes on to the next chain). Who signed has one certificate.
    """
    gone: set[bytes] = set()
    first = status
    while True:
        judged = status if revoked_at is None else status.timestamp_validity
        found = _revoked(one, judged, trust, revoked_at or moment)
        if not found:
            # Where the only ways left are none, the first says why.
            return (status, False) if judged.trusted or not gone else (first, True)
        if judged.signing_cert.sha256 in found:
            return first, True
        gone |= found
        status = _status(one, trust, moment, gone)


def _status(one: Any, trust: Trust, moment: datetime, gone: Collection[bytes] = frozenset()) -> Any:
    """`gone`: digests of certificates that no way may go through."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.registry import CertificateRegistry

    class Registry(CertificateRegistry):
        # Also of those that come with the signature.
        def register(self, cert: Any) -> bool:
            return cert.sha256 not in gone and super().register(cert)

    def context() -> Any:
        return ValidationContext(
            trust_roots=trust.roots,
            certificate_registry=Registry.build(trust.others),
            moment=moment,
            allow_fetching=False,
        )

    usage = KeyUsageConstraints(
        key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
    )
    return validate_pdf_signature(
        one,
        signer_validation_context=context(),
        ts_validation_context=context(),
        key_usage_settings=usage,
    )


def _verdict(status: Any) -> str:
    """What came behind the signature and is no signature or filled field is an alteration."""
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    whole = status.coverage in (
        SignatureCoverageLevel.ENTIRE_FILE,
        SignatureCoverageLevel.ENTIRE_REVISION,
    )
    if not status.intact or not whole or not status.docmdp_ok:
        return "altered"
    if status.modification_level == ModificationLevel.OTHER:
        return "altered"
    if not status.valid or status.revoked:
        return "invalid"
    if status.trusted:
        return "valid"
    # No way to an authority that this installation knows, or a way that is broken.
    return "unknown" if status.validation_path is None else "invalid"


def _revoked(one: Any, status: Any, trust: Trust, moment: datetime) -> set[bytes]:
    """Digests of whom a list of the folder, however old, names: the signer of a signature or of a time
    stamp, or one of those between it and the root; since when counts. A root is the office's own to take
    away.
    """
    from cryptography.x509 import load_der_x509_certificate

    if not trust.revoked:
        return set()
    path = status.validation_path
    way = [status.signing_cert] if path is None else [*path.iter_certs(include_root=False)]
    known = [*trust.roots, *trust.others, *one.other_embedded_certs, *way]
    issuers = [load_der_x509_certificate(each.dump()) for each in known]
    found = set()
    for each in way:
        certificate = load_der_x509_certificate(each.dump())
        if any(_names(told, certificate, issuers, moment) for told in trust.revoked):
            found.add(each.sha256)
    return found


def _names(told: Any, revoked: Any, issuers: list[Any], moment: datetime) -> bool:
    """Whether this list is of who issued the certificate, signed by it, and names the certificate."""
    row = told.get_revoked_certificate_by_serial_number(revoked.serial_number)
    if told.issuer != revoked.issuer or row is None or row.revocation_date_utc > moment:
        return False
    return any(
        issuer.subject == told.issuer and told.is_signature_valid(issuer.public_key())
        for issuer in issuers
    )


def _who(one: Any) -> dict[str, str]:
    subject = one.signer_cert.subject.native
    at = one.self_reported_timestamp
    return {
        "name": _plain(subject.get("common_name")),
        "agency": _plain(subject.get("organization_name")),
        "at": at.isoformat() if at is not None and at.tzinfo is not None else "",
    }


def _plain(told: object) -> str:
    text = told[0] if isinstance(told, list) and told else told
    return "".join(sign for sign in str(text or "") if sign.isprintable()).strip()[:MOST_NAME]


@dataclass
class Trust:
    """Those that vouch (they signed themselves), those between, and lists of what was revoked."""

    roots: list[Any] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)
    revoked: list[Any] = field(default_factory=list)
    # Names of files that are called lists and cannot be read as one.
    unread: list[str] = field(default_factory=list)


def _trust(folder: str) -> Trust:
    """From a folder of PEM or DER files."""
    from asn1crypto.x509 import Certificate
    from cryptography.x509 import load_der_x509_crl

    trust = Trust()
    files = sorted(Path(folder).glob("*")) if folder else []
    for file in files:
        kind = file.suffix.lower()
        if kind == ".crl":
            try:
                trust.revoked += [load_der_x509_crl(der) for der in _ders(file, "X509 CRL")]
            except ValueError:
                # Half of a download, or a page that says why there is none: no file waits for it.
                trust.unread.append(file.name)
        elif kind in (".pem", ".crt", ".cer", ".der"):
            for one in map(Certificate.load, _ders(file, "CERTIFICATE")):
                vouches = one.self_signed in ("yes", "maybe")
                (trust.roots if vouches else trust.others).append(one)
    return trust


def _ders(file: Path, wanted: str) -> list[bytes]:
    from asn1crypto import pem

    content = file.read_bytes()
    if not pem.detect(content):
        return [content]
    # A key may lie in the same file: it vouches for nobody.
    return [der for what, _, der in pem.unarmor(content, multiple=True) if what == wanted]


def sign(said: dict[str, Any], content: bytes) -> bytes:
    """The PDF with one more signature: PAdES B-T where a time-stamping authority is named, else B-B."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko.stamp import StaticStampStyle

    key = signers.SimpleSigner.load_pkcs12_data(
        Path(said["key"]).read_bytes(), other_certs=[], passphrase=said["password"].encode()
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    before = len(writer.prev.embedded_signatures)
    name = f"ChuKySo{before + 1}"
    metadata = signers.PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=said["name"],
        location=said["agency"],
    )
    with TemporaryDirectory() as folder:
        drawn = Path(folder) / "stamp.pdf"
        drawn.write_bytes(b64decode(said["stamp"]))
        look = StaticStampStyle.from_pdf_file(
            str(drawn), border_width=0, background_layout=_whole()
        )
        signer = signers.PdfSigner(
            metadata,
            signer=key,
            timestamper=HTTPTimeStamper(said["tsa"], timeout=10) if said["tsa"] else None,
            stamp_style=look,
            new_field_spec=fields.SigFieldSpec(name, on_page=0, box=_box(writer, before)),
        )
        _at(signer, datetime.fromisoformat(said["at"]))
        out = io.BytesIO()
        signer.sign_pdf(writer, output=out)
    return out.getvalue()


def _at(signer: Any, moment: datetime) -> None:
    """The time that the signature says is the time of the act."""
    begin = signer.init_signing_session

    def at_that_moment(*args: Any, **kwargs: Any) -> Any:
        session = begin(*args, **kwargs)
        session.system_time = moment
        return session

    signer.init_signing_session = at_that_moment


def _whole() -> Any:
    """What was drawn fills the signature's place, as large as it was drawn."""
    from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule

    middle = AxisAlignment.ALIGN_MID
    return SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=Margins(0, 0, 0, 0))


def _box(writer: Any, before: int) -> tuple[int, int, int, int]:
    """Where the stamp stands: in the upper margin of the first page, from the right; two beside each
    other, further ones below.
    """
    page: Any = writer.find_page_for_modification(0)[0].get_object()
    frame: Any = None
    while page is not None and frame is None:
        frame = page.get("/CropBox") or page.get("/MediaBox")
        page = page.get("/Parent")
    left, low, right, top = (float(side) for side in frame or A4)
    edge, width, height = (mm * TO_POINTS for mm in (STAMP_EDGE, STAMP_WIDTH, STAMP_HEIGHT))
    width = min(width, abs(right - left) - 2 * edge)
    beside = max(1, int((abs(right - left) - 2 * edge) // width))
    x = max(left, right) - edge - before % beside * width
    y = max(low, top) - edge - before // beside * height
    return round(x - width), round(y - height), round(x), round(y)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    said = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    answer: dict[str, Any] = {}
    made = b""
    try:
        if said["do"] == "sign":
            made = sign(said, content)
        else:
            answer = check(said, content)
    except Exception as error:
        # Whatever a stranger's bytes made a parser raise: told by its kind to the process that asked.
        answer = {"error": type(error).__name__}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
