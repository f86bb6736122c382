"""The electronic result is signed where it is written down, and the applicant fetches it by code and
secret (R-81, R-91); what was replaced is fetched by nobody.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from dossiers.acts import endings, handovers, repairs
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.acts.signing import to_sign
from dossiers.desk.signed import signed
from dossiers.intake import secrets
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Result
from dossiers.models.repairs import Correction
from dossiers.states import State
from exchange.outbox.beside import Beside
from exchange.outbox.peers import peers
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.errors import Conflict, DomainError, sentence
from onestop.files.domain import open_attachment
from onestop.files.models import Attachment
from onestop.signatures import checking, port
from onestop.signatures.checking import Verdict
from tests import keys
from tests.dossiers.work.conftest import approved_by
from tests.exchange.world import said
from tests.samples import PDF, PNG
from tests.world import MONDAY, Office

SIGNED = endings.ResultIn(
    title="Giấy xác nhận", number="12/GXN", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn",
    electronic=True,
)  # fmt: skip
DRAFT = endings.ResultIn(title="Giấy xác nhận")


@pytest.fixture
def submitted(
    office: Office, at_room: Callable[..., Dossier], tmp_path: Path, settings: Any
) -> Dossier:
    """With a draft and its file, before the leader, where results are signed."""
    keys.prepared(tmp_path, settings)
    dossier = at_room()
    endings.record_result(
        Seen(dossier.pk), DRAFT, by=office.desk(office.specialist), at=MONDAY,
        files=[("du-thao.pdf", PDF)],
    )  # fmt: skip
    approved_by(office, Dossier.objects.get(pk=dossier.pk), MONDAY)
    return Dossier.objects.get(pk=dossier.pk)


def the_draft(dossier: Dossier) -> Attachment:
    return Attachment.objects.get(object_id=dossier.pk, name="du-thao.pdf")


def signed_file_of(dossier_id: int) -> Attachment | None:
    return signed().filter(object_id=dossier_id).last()


def sent(dossier: Dossier, **more: Any) -> dict[str, Any]:
    return {
        "kind": "1", "title": "Giấy xác nhận", "number": "12/GXN", "issued_on": "23/11/2026",
        "signer": "Hoàng Minh Tuấn", "seen": dossier.row_version, **more,
    }  # fmt: skip


def sign(office: Office, dossier: Dossier, **more: Any) -> Result:
    return endings.record_result(
        Seen(dossier.pk), SIGNED, by=office.desk(office.leader), at=MONDAY, **more
    )


def test_the_leader_signs_the_draft_and_the_applicant_fetches_it(
    office: Office, submitted: Dossier, signed_in: Callable[..., Any], client: Client
) -> None:
    leader = signed_in(office.leader)
    address = f"{submitted.get_absolute_url()}ket-qua/"
    assert "Ký số tệp đã có: du-thao.pdf" in leader.get(address).content.decode()
    form = sent(submitted, sign=str(the_draft(submitted).pk))
    assert leader.post(address, form).status_code == 302

    made = signed_file_of(submitted.pk)
    assert made is not None
    assert (made.name, made.signature) == ("du-thao-da-ky.pdf", Verdict.VALID)
    with open_attachment(made) as content, open_attachment(the_draft(submitted)) as old:
        whole = content.read()
        assert whole.startswith(old.read())
    page = leader.get(submitted.get_absolute_url()).content.decode()
    assert f"Chữ ký số hợp lệ: {keys.AGENCY}, ký lúc 09:00 23/11/2026" in page
    assert "Đã ký số tệp kết quả" in page
    assert Dossier.objects.get(pk=submitted.pk).state == State.FINISHED
    assert verify(now=MONDAY).misfit is None

    secret = secrets.secret_of(submitted)
    full = client.get(f"/tra-cuu/{submitted.code}/", {"k": secret})
    ((_, file),) = full.context["signed"]
    answer: Any = client.get(file)
    assert b"".join(answer.streaming_content) == whole
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    fetched = AccessEvent.objects.get(kind=AccessKind.DOWNLOADED)
    assert (fetched.object_id, fetched.officer) == (submitted.pk, None)
    assert not client.cookies
    assert "Kết quả điện tử" not in client.get(f"/tra-cuu/{submitted.code}/").content.decode()
    bare = f"/tra-cuu/{submitted.code}/ket-qua/{made.pk}/"
    assert client.get(bare, {"k": "sai"}).status_code == 404
    draft = f"/tra-cuu/{submitted.code}/ket-qua/{the_draft(submitted).pk}/"
    assert client.get(draft, {"k": secret}).status_code == 404
    assert "không có chữ ký số còn nguyên vẹn" not in page
    words = full.content.decode()
    assert "đã có kết quả điện tử" in words
    assert "đề nghị Ông/Bà đến nhận" not in words


def test_what_is_sent_now_is_signed_and_the_one_it_was_made_of_stays(
    office: Office, submitted: Dossier, signed_in: Callable[..., Any], settings: Any
) -> None:
    leader, address = signed_in(office.leader), f"{submitted.get_absolute_url()}ket-qua/"
    nothing = leader.post(address, sent(submitted, sign="sent"))
    assert nothing.status_code == 422
    assert "chưa chọn tệp nào" in nothing.content.decode()
    word = leader.post(address, sent(submitted, sign="sent", file=SimpleUploadedFile("a.png", PNG)))
    assert "không phải PDF" in word.content.decode()
    file = SimpleUploadedFile("kq.pdf", PDF)
    assert leader.post(address, sent(submitted, sign="sent", file=file)).status_code == 302
    names = list(Attachment.objects.of("result", submitted.pk).values_list("name", flat=True))
    assert names == ["du-thao.pdf", "kq.pdf", "kq-da-ky.pdf"]
    settings.EXCHANGE_PEERS = [said("B")]
    (peer,) = peers()
    told = Beside.of([submitted]).fields(peer, submitted)["DanhSachGiayToKetQua"]
    assert [line["TenTepDinhKem"] for line in told] == ["kq-da-ky.pdf"]


class Never:
    def has_key(self, agency_code: str, officer: str) -> bool:
        return True

    def sign(self, order: port.Order) -> bytes:
        raise AssertionError("asked to sign")


def test_nothing_is_signed_for_an_act_that_is_refused(
    office: Office, submitted: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old page, and what the rule forbids: no signature is made at all."""
    monkeypatch.setattr(port, "signer", Never)
    draft = the_draft(submitted)
    with pytest.raises(Conflict):
        endings.record_result(
            Seen(submitted.pk, submitted.row_version - 1), SIGNED, by=office.desk(office.leader),
            at=MONDAY, sign=draft,
        )  # fmt: skip
    with pytest.raises(DomainError, match="not_"):
        endings.record_result(
            Seen(submitted.pk), SIGNED, by=office.desk(office.clerk), at=MONDAY, sign=draft
        )
    assert Dossier.objects.get(pk=submitted.pk).row_version == submitted.row_version


def test_before_its_approval_a_draft_is_not_signed_and_equal_names_are_told_apart(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(port, "signer", Never)
    dossier, specialist = at_room(), office.desk(office.specialist)
    seen, before = Seen(dossier.pk), MONDAY - timedelta(minutes=5)
    for at in (before, MONDAY):
        file = ("du-thao.pdf", PDF)
        endings.record_result(seen, DRAFT, by=specialist, at=at, files=[file])
    newest, _ = files = to_sign(dossier, "result")
    assert [file.uploaded_at for file in files] == [MONDAY, before]
    address = f"{dossier.get_absolute_url()}ket-qua/"
    page = signed_in(office.specialist).get(address).content.decode()
    labels = (
        "du-thao.pdf (tải lên 23/11/2026 09:00)",
        "du-thao.pdf (tải lên 23/11/2026 08:55, đã có bản tải lên sau)",
    )
    first, second = map(page.index, labels)
    assert first < second
    with pytest.raises(DomainError) as refused:
        endings.record_result(seen, SIGNED, by=specialist, at=MONDAY, sign=newest)
    assert refused.value.code == "not_approved"


def test_a_room_signs_what_was_approved_and_nothing_later(
    office: Office, submitted: Dossier
) -> None:
    """The leader sends it on to a room that issues it."""
    at = MONDAY + timedelta(hours=1)
    issue = NextStep(name="Phát hành bản điện tử")
    handovers.hand_over(
        submitted, to=office.room, receiver=office.specialist, step=issue, note="Đã duyệt",
        by=office.desk(office.leader, at), at=at,
    )  # fmt: skip
    specialist, seen = office.desk(office.specialist, at), Seen(submitted.pk)
    handovers.confirm(seen, by=specialist, at=at)
    at += timedelta(hours=1)
    with pytest.raises(DomainError) as refused:
        endings.record_result(
            seen, SIGNED, by=specialist, at=at, files=[("khac.pdf", PDF)], sign="sent"
        )
    assert refused.value.code == "sign_not_approved"
    assert sentence(refused.value)
    endings.record_result(seen, SIGNED, by=specialist, at=at, sign=the_draft(submitted))
    assert Dossier.objects.get(pk=submitted.pk).state == State.FINISHED


def test_a_signature_that_does_not_hold_makes_no_electronic_result_and_none_is_said(
    office: Office,
    submitted: Dossier,
    signed_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(
            checking, "found_in", lambda content, at: checking.Found(Verdict.INVALID, "A")
        )
        with pytest.raises(DomainError) as refused:
            sign(office, submitted, files=[("kq.pdf", PDF)])
    assert refused.value.code == "electronic_invalid"
    assert sentence(refused.value)
    assert Dossier.objects.get(pk=submitted.pk).row_version == submitted.row_version
    sign(office, submitted, files=[("kq.pdf", PDF)])
    page = signed_in(office.leader).get(submitted.get_absolute_url()).content.decode()
    assert "không có chữ ký số còn nguyên vẹn" in page


class Away:
    """A signing service that does not answer, or one that sends back something else."""

    def __init__(self, made: bytes | None = None) -> None:
        self.made = made

    def has_key(self, agency_code: str, officer: str) -> bool:
        return True

    def sign(self, order: port.Order) -> bytes:
        if self.made is None:
            raise port.Away("TimeoutExpired")
        return self.made


@pytest.mark.parametrize(
    ("signer", "words"),
    [(Away(), "không trả lời"), (Away(PDF), "không kiểm tra được")],
    ids=["away", "unsigned"],
)
def test_a_service_that_fails_leaves_the_dossier_as_it_was(
    office: Office,
    submitted: Dossier,
    signed_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    signer: Away,
    words: str,
) -> None:
    """A remote signing service stands in by the port."""
    monkeypatch.setattr(port, "signer", lambda: signer)
    page = signed_in(office.leader).post(
        f"{submitted.get_absolute_url()}ket-qua/",
        sent(submitted, sign=str(the_draft(submitted).pk)),
    )
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Dossier.objects.get(pk=submitted.pk).row_version == submitted.row_version


def test_without_a_key_nothing_is_offered(
    office: Office, submitted: Dossier, signed_in: Callable[..., Any], settings: Any
) -> None:
    settings.SIGN_WITH = ""
    page = signed_in(office.leader).get(f"{submitted.get_absolute_url()}ket-qua/").content.decode()
    assert "Ký số tại đây" not in page


def test_a_key_that_went_away_meanwhile_is_said(
    office: Office, submitted: Dossier, signed_in: Callable[..., Any], settings: Any
) -> None:
    """The page was opened while it was there: the choice to sign is not dropped in silence."""
    settings.SIGN_WITH = ""
    page = signed_in(office.leader).post(
        f"{submitted.get_absolute_url()}ket-qua/",
        sent(submitted, sign=str(the_draft(submitted).pk)),
    )
    assert page.status_code == 422
    assert "Chưa có khóa ký số" in page.content.decode()
    assert Dossier.objects.get(pk=submitted.pk).row_version == submitted.row_version


def test_a_result_replaced_after_its_end_is_offered_no_more(
    office: Office, submitted: Dossier, client: Client
) -> None:
    sign(office, submitted, sign=the_draft(submitted))
    old = signed_file_of(submitted.pk)
    assert old is not None
    wrong = repairs.Wrong(
        "Nguyễn Văn Ân",
        MONDAY.date(),
        "Sai năm sinh",
        Correction.OldCopy.HERE,
        responsible="Lê Văn Dũng",
    )
    repairs.correct_result(
        Seen(submitted.pk), wrong, replace(SIGNED, number="13/GXN", electronic=False),
        by=office.desk(office.leader), at=MONDAY.replace(hour=15),
    )  # fmt: skip
    assert signed_file_of(submitted.pk) is None
    secret = secrets.secret_of(submitted)
    address = f"/tra-cuu/{submitted.code}/ket-qua/{old.pk}/"
    assert client.get(address, {"k": secret}).status_code == 404


def test_a_corrected_result_is_electronic_too(
    office: Office, submitted: Dossier, signed_in: Callable[..., Any]
) -> None:
    sign(office, submitted, sign=the_draft(submitted))
    old = signed_file_of(submitted.pk)
    assert old is not None
    with open_attachment(old) as content:
        file = SimpleUploadedFile("moi.pdf", content.read())
    leader, address = signed_in(office.leader), f"{submitted.get_absolute_url()}dinh-chinh/"
    form = sent(Dossier.objects.get(pk=submitted.pk), number="13/GXN", electronic="on") | {
        "wrong": "Sai năm sinh", "requested_by": "Nguyễn Văn Ân", "requested_on": "23/11/2026",
        "by_office": "on", "responsible": "Lê Văn Dũng", "old_copy": Correction.OldCopy.HERE,
    }  # fmt: skip
    nothing = leader.post(address, form)
    assert nothing.status_code == 422
    assert "hãy đính kèm tệp kết quả" in nothing.content.decode()
    assert leader.post(address, form | {"file": file}).status_code == 302
    new = signed_file_of(submitted.pk)
    assert new is not None
    assert new.name == "moi.pdf"


def test_a_verdict_that_was_changed_past_the_verbs_is_found(
    office: Office, submitted: Dossier
) -> None:
    """R-149: an unsigned draft made a valid one, a signed one made unsigned, and who signed it."""
    sign(office, submitted, sign=the_draft(submitted))
    made = signed_file_of(submitted.pk)
    assert made is not None
    ours = Attachment.objects.filter(pk=made.pk)
    for rows, told, words in (
        (Attachment.objects.filter(pk=the_draft(submitted).pk), {"signature": Verdict.VALID}, "chữ ký số"),
        (ours, {"signature": Verdict.NONE}, "chữ ký số"),
        (ours, {"signed_by": "UBND xã Khác"}, "nội dung bằng chữ"),
    ):  # fmt: skip
        stood = rows.values(*told).get()
        rows.update(**told)
        misfit = verify(now=MONDAY).misfit
        assert misfit is not None
        assert "tệp đính kèm" in str(misfit)
        assert words in str(misfit)
        rows.update(**stood)
    assert verify(now=MONDAY).misfit is None


def test_what_would_be_judged_otherwise_today_is_named_and_nothing_is_changed(
    office: Office, submitted: Dossier, settings: Any
) -> None:
    """ADR 37: whom to believe changes; what held when the file came stands in the ledger."""

    def judged(*more: str) -> Any:
        out = StringIO()
        call_command("judge_signatures", "--json", *more, stdout=out)
        return json.loads(out.getvalue())

    sign(office, submitted, sign=the_draft(submitted))
    assert judged() == []
    settings.SIGN_TRUST = ""
    (told,) = judged()
    assert (told["dossier"], told["file"]) == (submitted.code, "du-thao-da-ky.pdf")
    assert told["kept"] == "Chữ ký số hợp lệ"
    assert "chưa xác định được ai cấp" in told["now"]
    assert judged("--since", "2026-11-24") == []
    assert verify(now=MONDAY).misfit is None
