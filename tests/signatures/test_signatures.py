"""A signed PDF is judged when it comes: valid, by somebody unknown, not valid, or altered, which is
refused; a file made to harm costs its own check only (R-81, R-149).
"""

import io
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import call_command
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader, PdfWriter

from onestop.commands import Refused
from onestop.errors import DomainError, sentence
from onestop.files.models import Attachment
from onestop.pdf import render
from onestop.signatures import apart, checking, port, token, trial
from onestop.signatures.checking import Verdict
from tests import keys
from tests.clock import MONDAY
from tests.samples import PDF
from tests.stored import store

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_engine("what is in a file is read before a row of it is written"),
]
PAPER = "<html lang='vi'><title>Giấy</title><h1>GIẤY XÁC NHẬN</h1><p>Nội dung</p></html>"
SIGNER = f"{keys.AGENCY}, ký lúc 09:00 23/11/2026"


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render(PAPER)


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> token.Token:
    return keys.prepared(tmp_path, settings)


@pytest.fixture(scope="module")
def ours(paper: bytes, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Made once: a signature takes a second."""
    key = keys.write_key(tmp_path_factory.mktemp("khoa") / "khoa.p12")
    return token.Token(str(key), keys.PASSWORD, "").sign(keys.order(paper))


@pytest.fixture
def signed(signer: token.Token, ours: bytes) -> bytes:
    """As it comes to an installation that believes the authority."""
    return ours


def kept(content: bytes) -> Attachment:
    return store(content, name="ket-qua.pdf", kind="dossier", object_id=7, by=None)


def drawn_over(content: bytes, *, keeps: bool) -> bytes:
    """Something drawn on the first page by a later save; `keeps`: behind what was signed."""
    writer = PdfWriter(io.BytesIO(content), incremental=keeps)
    if not keeps:
        writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.pages[0].merge_page(PdfReader(io.BytesIO(render(PAPER))).pages[0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_signature_of_ours_holds_by_other_programs_too(signed: bytes, paper: bytes) -> None:
    """PAdES B-B behind the old bytes, by pyHanko's own validator and pypdf's eyes on the structure."""
    assert signed.startswith(paper)
    (one,) = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    root = keys.authority().certificate
    trusted = Certificate.load(root.public_bytes(Encoding.DER))
    status: Any = validate_pdf_signature(
        one, ValidationContext(trust_roots=[trusted], moment=MONDAY)
    )
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"

    reader = PdfReader(io.BytesIO(signed))
    (field,) = (f for f in (reader.get_fields() or {}).values() if f["/FT"] == "/Sig")
    value = field["/V"]
    assert value["/SubFilter"] == "/ETSI.CAdES.detached"
    start, first, second, rest = value["/ByteRange"]
    assert (start, second + rest) == (0, len(signed))
    assert bytes(value["/Contents"]).hex() in signed[first:second].decode().lower()
    annotations: Any = reader.pages[0]["/Annots"]
    stamp = annotations[0].get_object()
    _left, low, right, top = stamp["/Rect"]
    assert stamp["/AP"]["/N"] is not None
    width, height = reader.pages[0].mediabox.width, reader.pages[0].mediabox.height
    assert right > width / 2
    assert low > height / 2
    assert right <= width
    assert top <= height


def test_what_came_signed_says_so(
    signed: bytes, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    row = kept(signed)
    assert (row.signature, row.signed_by) == (Verdict.VALID, SIGNER)
    # What lies there instead of a list stops nothing.
    (Path(settings.SIGN_TRUST) / "hong.crl").write_bytes(b"<html>")
    assert kept(signed).signature == Verdict.VALID
    assert any(getattr(one, "files", None) == ["hong.crl"] for one in caplog.records)
    plain = kept(PDF)
    assert (plain.signature, plain.signed_by) == (Verdict.NONE, "")


def test_nobody_here_vouches_for_the_signer(signed: bytes, settings: Any) -> None:
    settings.SIGN_TRUST = ""
    row = kept(signed)
    assert (row.signature, row.signed_by) == (Verdict.UNKNOWN, SIGNER)


def test_a_key_beside_the_roots_is_no_root(signed: bytes, settings: Any) -> None:
    """OpenSSL writes both into one file."""
    one = keys.pair().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    root = keys.authority().certificate.public_bytes(Encoding.PEM)
    (Path(settings.SIGN_TRUST) / trial.ROOT).write_bytes(one + root)
    assert kept(signed).signature == Verdict.VALID


def test_a_certificate_on_a_list_of_revoked_ones_is_not_valid_from_then_on(
    signed: bytes, settings: Any
) -> None:
    """Lists are put beside the roots by hand: nothing is fetched."""
    place = Path(settings.SIGN_TRUST) / "thu-hoi.crl"
    month = timedelta(days=30)  # long after the next list should have come
    for pem, by, since in (
        (True, None, Verdict.INVALID),
        (False, None, Verdict.INVALID),
        (True, keys.pair(), Verdict.VALID),  # not signed by who issued it
    ):
        place.write_bytes(keys.revoked_since(MONDAY, pem=pem, by=by))
        verdicts = [
            checking.found_in(io.BytesIO(signed), at=at).verdict
            for at in (MONDAY - timedelta(hours=1), MONDAY + month)
        ]
        assert verdicts == [Verdict.VALID, since]


def test_who_vouches_between_signer_and_root_may_be_revoked_too(
    tmp_path: Path, settings: Any, paper: bytes
) -> None:
    """R-81: the chain is looked up, not its first link only."""
    keys.prepared(tmp_path, settings)
    middle, last = keys.between(), datetime(2040, 1, 1, tzinfo=UTC)
    one = trial.pair("UBND xã Dưới", keys.BEGINS, last, by=middle)
    trial.write_key(tmp_path / "duoi.p12", one, middle, keys.PASSWORD)
    signed = token.Token(str(tmp_path / "duoi.p12"), keys.PASSWORD, "").sign(keys.order(paper))
    place, day = Path(settings.SIGN_TRUST) / "thu-hoi.crl", timedelta(days=1)

    def verdicts() -> list[Verdict]:
        moments = (MONDAY - timedelta(hours=1), MONDAY + day)
        return [checking.found_in(io.BytesIO(signed), at=at).verdict for at in moments]

    assert verdicts() == [Verdict.VALID, Verdict.VALID]
    for by, since in ((None, Verdict.INVALID), (middle, Verdict.VALID)):
        # Nobody tells of the own end.
        place.write_bytes(keys.revoked_since(MONDAY, pem=True, by=by, whose=middle))
        assert verdicts() == [Verdict.VALID, since]


def test_a_revoked_way_leaves_another_one(tmp_path: Path, settings: Any, paper: bytes) -> None:
    """EN 319 102-1 5.2.6.4: an authority between whose key two roots vouch for; the signer has one
    certificate, and that is what is revoked or not.
    """
    keys.prepared(tmp_path, settings)
    folder, last = Path(settings.SIGN_TRUST), datetime(2040, 1, 1, tzinfo=UTC)
    roots = [keys.authority(), trial.pair("Trung tâm chứng thực khác", keys.BEGINS, last)]
    middle = keys.between()
    ways = [middle, keys.between(roots[1], middle)]
    one = trial.pair("UBND xã Dưới", keys.BEGINS, last, by=middle)
    trial.write_key(tmp_path / "duoi.p12", one, middle, keys.PASSWORD)
    signed = token.Token(str(tmp_path / "duoi.p12"), keys.PASSWORD, "").sign(keys.order(paper))
    for number, each in enumerate((roots[1], *ways)):
        place = folder / f"them-{number}.pem"
        place.write_bytes(each.certificate.public_bytes(Encoding.PEM))

    def verdict_with(*revoked: tuple[trial.Pair, trial.Pair]) -> Verdict:
        for old in folder.glob("*.crl"):
            old.unlink()
        for number, (of, whose) in enumerate(revoked):
            told = keys.revoked_since(MONDAY, pem=True, of=of, whose=whose)
            (folder / f"{number}.crl").write_bytes(told)
        return checking.found_in(io.BytesIO(signed), at=MONDAY + timedelta(days=1)).verdict

    first, other = zip(roots, ways, strict=True)
    assert [verdict_with(), verdict_with(first), verdict_with(other)] == [Verdict.VALID] * 3
    assert verdict_with(first, other) == Verdict.INVALID
    assert verdict_with((middle, one)) == Verdict.INVALID
    assert verdict_with(first, (middle, one)) == Verdict.INVALID


def test_a_time_stamp_outlives_the_certificate(tmp_path: Path, settings: Any, paper: bytes) -> None:
    """PAdES B-T: an authority vouches for when it was signed (R-81)."""
    signer = keys.prepared(tmp_path, settings, keys.pair("UBND xã Cũ", until=2027))
    bare = signer.sign(keys.order(paper))
    with keys.time_stamper() as url:
        signer.tsa = url
        stamped = signer.sign(keys.order(paper))
    later = datetime(2030, 1, 1, tzinfo=UTC)
    verdicts = [
        checking.found_in(io.BytesIO(one), at=at).verdict
        for one in (bare, stamped)
        for at in (MONDAY, later)
    ]
    assert verdicts == [Verdict.VALID, Verdict.INVALID, Verdict.VALID, Verdict.VALID]
    # A stamp from after its authority's own end proves nothing.
    for days, verdict in ((0, Verdict.INVALID), (1, Verdict.VALID)):
        since, whose = MONDAY + timedelta(days=days), keys.pair(keys.STAMPER)
        told = keys.revoked_since(since, pem=True, whose=whose)
        (Path(settings.SIGN_TRUST) / "thu-hoi.crl").write_bytes(told)
        assert checking.found_in(io.BytesIO(stamped), at=later).verdict == verdict
    with pytest.raises(port.Away):  # nobody stamps there any more
        signer.sign(keys.order(paper))


def test_a_certificate_that_had_ended_is_not_valid(
    tmp_path: Path, settings: Any, paper: bytes
) -> None:
    old = keys.pair("UBND xã Cũ", until=2022)
    signer = keys.prepared(tmp_path, settings, old)
    with pytest.raises(port.Refused):
        signer.sign(keys.order(paper))
    signed = token.Token(settings.SIGN_KEY, keys.PASSWORD, "")
    signed._certificate = lambda key: keys.pair().certificate  # type: ignore[method-assign]
    assert kept(signed.sign(keys.order(paper))).signature == Verdict.INVALID


@pytest.mark.parametrize("how", ["a byte", "a later save", "a second signature"])
def test_what_was_altered_after_the_signature_is_refused(
    signed: bytes, signer: token.Token, how: str
) -> None:
    """Whatever hides it: an own signature over the altered file heals nothing."""
    content = {
        "a byte": lambda: signed.replace(b"/Lang", b"/Lanf", 1),
        "a later save": lambda: drawn_over(signed, keeps=True),
        "a second signature": lambda: signer.sign(keys.order(drawn_over(signed, keeps=True))),
    }[how]()
    assert content != signed
    with pytest.raises(DomainError) as refused:
        kept(content)
    assert refused.value.code == "file_altered"
    assert keys.AGENCY in sentence(refused.value)
    assert not Attachment.objects.exists()


def test_a_second_signature_is_no_alteration(signed: bytes, signer: token.Token) -> None:
    """Its stamp stands beside the first one."""
    twice = signer.sign(keys.order(signed))
    assert kept(twice).signature == Verdict.VALID
    annotations: Any = PdfReader(io.BytesIO(twice)).pages[0]["/Annots"]
    boxes = [one.get_object()["/Rect"] for one in annotations]
    assert boxes[1][2] <= boxes[0][0] + 1
    assert boxes[1][3] == boxes[0][3]


def bomb() -> bytes:
    """Its table of contents unpacks to three gigabytes."""
    packer = zlib.compressobj(9)
    head = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = head + again * 3000
    words = b"%%PDF-1.5\n%%/ByteRange\n1 0 obj<</Type/XRef/Size 5/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n"
    begin = words % len(data)
    place = begin.index(b"1 0 obj")
    return begin + data + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % place


BROKEN = b"%PDF-1.4\n/ByteRange\nstartxref\n1\n%%EOF"


@pytest.mark.parametrize("made", [bomb, lambda: BROKEN], ids=["a bomb", "broken"])
def test_a_file_made_to_harm_costs_its_own_check_only(made: Callable[[], bytes]) -> None:
    found = checking.found_in(io.BytesIO(made()), at=MONDAY)
    assert found == checking.Found(Verdict.UNCHECKED)


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:00:00+00:00", "0001-01-01T00:00:00+14:00", "0000-01-01T00:00:00+00:00"]
)
def test_a_time_that_no_calendar_here_has_is_left_out(
    monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """The clock of whoever signed says anything; the file comes all the same."""
    one = {"verdict": "unknown", "name": "A", "agency": "", "at": at}
    monkeypatch.setattr(apart, "run", lambda said, content: ({"signatures": [one]}, b""))
    found = checking.found_in(io.BytesIO(BROKEN), at=MONDAY)
    assert found == checking.Found(Verdict.UNKNOWN, "A")


def test_a_check_that_takes_too_long_is_given_up(signed: bytes, settings: Any) -> None:
    settings.SIGN_SECONDS = 0.001
    assert kept(signed).signature == Verdict.UNCHECKED


@pytest.mark.parametrize("wrong", ["password", "gone", "no key"])
def test_a_key_that_does_not_open_signs_nothing(
    signer: token.Token, paper: bytes, tmp_path: Path, wrong: str
) -> None:
    if wrong == "password":
        signer.password = "sai"
    elif wrong == "gone":
        (tmp_path / "khoa.p12").unlink()
        assert not signer.has_key("H26.1", "lanhdao")
    else:
        (tmp_path / "khoa.p12").write_bytes(b"khoa")
    with pytest.raises(port.Refused):
        signer.sign(keys.order(paper))


def test_each_agency_has_its_own_key(tmp_path: Path) -> None:
    keys.write_key(tmp_path / "H26.1.p12")
    signer = token.Token(str(tmp_path), keys.PASSWORD, "")
    assert signer.has_key("H26.1", "a")
    assert not signer.has_key("H26.2", "a")


def test_a_key_to_try_it_with_signs_and_is_not_made_twice(
    tmp_path: Path, settings: Any, paper: bytes
) -> None:
    out = io.StringIO()
    call_command("trial_key", str(tmp_path), "--name", keys.AGENCY, stdout=out)
    for line in out.getvalue().splitlines():
        name, _, value = line.partition("=")
        setattr(settings, name, value)
    assert (tmp_path / "khoa.p12").stat().st_mode & 0o077 == 0
    row = kept(token.by_settings().sign(keys.order(paper)))
    assert (row.signature, row.signed_by) == (Verdict.VALID, SIGNER)
    with pytest.raises(Refused):
        call_command("trial_key", str(tmp_path), stderr=io.StringIO())
