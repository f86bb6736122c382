"""A page of the counter is sent once: a second click finds the first one's dossier, other content
is never said to be received.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.acts import reception
from dossiers.intake import drafts
from dossiers.intake.sent_once import is_sent
from dossiers.models import CounterVisit, Dossier, Draft, Slip
from dossiers.views import intake_drafts
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.files.models import Attachment
from tests.dossiers.intake.pages import address, errors, typed
from tests.samples import PDF
from tests.world import MONDAY, Office, an_intake, make_case, make_officer, receive

pytestmark = pytest.mark.django_db
B = {"owner_name": "Lê Thị Bé", "identity_number": "001187000456"}


def a_scan(mark: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("to-khai.pdf", PDF + mark)


def nothing_is_left() -> bool:
    return not Draft.objects.exists() and not Attachment.objects.filter(kind="draft").exists()


def new_token(page: Any, old: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert found is not None
    assert found[1] != old
    return found[1]


# --- the same page again --------------------------------------------------------------------------


def test_a_double_submit_with_a_scan_is_one_dossier_one_scan_and_no_draft(clerk: Client) -> None:
    case = make_case()
    data = typed(case, no_scan_reason="")
    answers = [clerk.post(address(case), data | {"tep": a_scan()}) for _ in range(6)]
    dossier = Dossier.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {
        f"/tiep-nhan/xong/{dossier.code}/"
    }
    assert Attachment.objects.of("dossier", dossier.pk).count() == 1
    assert nothing_is_left()


def test_two_clicks_that_met_leave_one_scan_and_no_draft(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second click has looked before the first one committed: it may keep a draft, which then
    goes.
    """
    case = make_case()
    data = typed(case, no_scan_reason="")
    clerk.post(address(case), data | {"tep": a_scan()})
    monkeypatch.setattr(intake_drafts, "is_sent", lambda token: False)
    assert clerk.post(address(case), data | {"tep": a_scan()}).status_code == 302
    assert Attachment.objects.of("dossier", Dossier.objects.get().pk).count() == 1
    assert nothing_is_left()


@pytest.mark.parametrize("act", ["nhan", "bo-sung"])
def test_a_draft_that_came_and_went_between_looking_and_writing_is_no_fault(
    clerk: Client, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """Another click's draft stood in the way of this one's and is gone again with its act."""
    data = typed(make_case(), viec=act, guide_reason="Thiếu", declared="Sai họ tên mẹ")
    written = Draft.objects.update_or_create
    met = iter([True])

    def meets_another(**row: Any) -> Any:
        if next(met, False):
            raise IntegrityError("dossiers_draft_token_key")
        return written(**row)

    monkeypatch.setattr(Draft.objects, "update_or_create", meets_another)
    save = f"/tiep-nhan/nhap/{data['token']}/"
    # Thrown away by its owner meanwhile: what is typed on is kept.
    assert clerk.post(save, data).status_code == 204
    assert Draft.objects.exists()
    assert clerk.post(f"/tiep-nhan/lap/{data['thu-tuc']}/", data).status_code == 302
    met = iter([True])
    # Received meanwhile: nothing is left behind for it.
    assert clerk.post(save, data).status_code == 204
    assert nothing_is_left()


def test_a_double_submit_of_guidance_is_one_visit_one_slip_one_scan(clerk: Client) -> None:
    case = make_case(papers=2)
    paper = case.papers.all()[0]
    data = typed(case, viec="bo-sung", guide_reason="Thiếu", **{f"b{paper.pk}": "on"})
    answers = [clerk.post(address(case), data | {"tep": a_scan()}) for _ in range(3)]
    visit = CounterVisit.objects.get()
    assert {answer.headers["Location"] for answer in answers} == {f"/tiep-nhan/luot/{visit.pk}/"}
    assert Slip.objects.count() == 1
    assert Attachment.objects.of("visit", visit.pk).count() == 1
    assert nothing_is_left()


def test_the_same_scan_sent_twice_lies_in_the_draft_once(clerk: Client) -> None:
    case = make_case()
    data = typed(case, viec="tep")
    for _ in range(2):
        clerk.post(address(case), data | {"tep": a_scan()})
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("act", ["nhan", "bo-sung", "tu-choi"])
def test_an_autosave_that_comes_after_the_act_brings_nothing_back(clerk: Client, act: str) -> None:
    case = make_case()
    data = typed(
        case, viec=act, refuse_reason="Sai nơi", guide_reason="Thiếu", declared="Sai họ tên mẹ"
    )
    assert clerk.post(address(case), data).status_code == 302
    assert is_sent(UUID(data["token"]))
    assert clerk.post(f"/tiep-nhan/nhap/{data['token']}/", data).status_code == 204
    assert nothing_is_left()


def test_a_scan_that_comes_after_the_reception_goes_on_in_a_draft_of_its_own(clerk: Client) -> None:
    case = make_case()
    data = typed(case)
    clerk.post(address(case), data)
    part = clerk.post(
        address(case), data | {"viec": "tep", "tep": a_scan()}, headers={"HX-Request": "true"}
    )
    draft = Draft.objects.get()
    assert str(draft.token) != data["token"]
    assert part.headers["HX-Redirect"] == f"{address(case)}?nhap={draft.token}"
    page = clerk.get(part.headers["HX-Redirect"]).content.decode()
    assert "chưa được tiếp nhận" in page
    assert "to-khai.pdf" in page
    assert not Attachment.objects.of("dossier", Dossier.objects.get().pk).exists()


# --- the same token with something else -----------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        B,
        {"owner_name": "Nguyễn Văn Ấn"},
        {"phone": "0987654321"},
        {"address": "Thôn 3"},
        {"summary": "Để vay vốn"},
        {"sets": "2"},
        {"return_by_post": "on"},
        {"out_of_area": "on"},
        {"submitter_name": "Trần Văn Tư", "authorisation": "Số 1"},
        {"no_scan_reason": "Khổ giấy lớn, không quét được"},
    ],
)  # fmt: skip
def test_other_content_is_not_said_to_be_received_and_one_press_receives_it(
    clerk: Client, change: dict[str, str]
) -> None:
    case = make_case()
    data = typed(case)
    clerk.post(address(case), data)
    first = Dossier.objects.get()
    page = clerk.post(address(case), data | change)
    assert page.status_code == 422
    assert f"đã tiếp nhận thành hồ sơ {first.code}" in errors(page)
    assert "chưa được tiếp nhận" in errors(page)
    for value in change.values():
        assert value in page.content.decode()
    assert Dossier.objects.count() == 1
    again = data | change | {"token": new_token(page, data["token"]), "trung": first.code}
    done = clerk.post(address(case), again)
    second = Dossier.objects.exclude(pk=first.pk).get()
    assert done.headers["Location"] == f"/tiep-nhan/xong/{second.code}/"
    assert nothing_is_left()


def test_other_papers_and_another_procedure_are_other_content(clerk: Client) -> None:
    case, other = make_case(papers=2), make_case()
    data = typed(case)
    clerk.post(address(case), data)
    paper = case.papers.all()[0]
    assert "đã tiếp nhận thành hồ sơ" in errors(
        clerk.post(address(case), data | {f"g{paper.pk}-o": "7"})
    )
    assert "đã tiếp nhận thành hồ sơ" in errors(
        clerk.post(address(other), typed(other, token=data["token"]))
    )
    assert Dossier.objects.count() == 1


def test_another_scan_is_other_content_and_is_kept_for_the_next_press(clerk: Client) -> None:
    case = make_case()
    data = typed(case, no_scan_reason="")
    clerk.post(address(case), data | {"tep": a_scan()})
    first = Dossier.objects.get()
    page = clerk.post(address(case), data | B | {"tep": a_scan(b" B")})
    assert f"đã tiếp nhận thành hồ sơ {first.code}" in errors(page)
    clerk.post(address(case), data | B | {"token": new_token(page, data["token"])})
    second = Dossier.objects.exclude(pk=first.pk).get()
    assert [Attachment.objects.of("dossier", d.pk).count() for d in (first, second)] == [1, 1]
    assert nothing_is_left()


def test_a_corrected_dossier_is_still_the_one_its_page_made(clerk: Client) -> None:
    """What was typed is compared with what was typed then, not with what the dossier says today."""
    case = make_case()
    data = typed(case)
    clerk.post(address(case), data)
    Dossier.objects.update(phone="0911111111")
    assert clerk.post(address(case), data).status_code == 302


@pytest.mark.parametrize(
    "change", [{"guide_reason": "Sai"}, {"declared": "Sai ngày sinh"}, {"viec": "tu-choi"}, B]
)
def test_another_guidance_from_the_same_page_is_not_said_to_be_done(
    clerk: Client, office: Office, change: dict[str, str]
) -> None:
    case = make_case()
    data = typed(
        case,
        viec="bo-sung",
        guide_reason="Thiếu",
        declared="Sai họ tên mẹ",
        refuse_reason="Sai nơi",
    )
    clerk.post(address(case), data)
    page = clerk.post(address(case), data | change)
    assert "chưa được lập phiếu" in errors(page)
    assert CounterVisit.objects.count() == 1
    # One more in the same matter needs an approver.
    approved = {
        "guide_approver": str(office.head.pk),
        "guide_approval_reason": "Phiếu trước ghi sai",
    }
    clerk.post(address(case), data | change | approved | {"token": new_token(page, data["token"])})
    assert CounterVisit.objects.count() == 2
    assert nothing_is_left()


def test_guidance_from_a_page_that_was_received_is_an_act_of_its_own(clerk: Client) -> None:
    case = make_case()
    data = typed(case, guide_reason="Thiếu", declared="Sai họ tên mẹ")
    clerk.post(address(case), data)
    assert clerk.post(address(case), data | B | {"viec": "bo-sung"}).status_code == 302
    assert CounterVisit.objects.get().owner_name == B["owner_name"]
    assert nothing_is_left()


def test_reception_from_a_page_that_ended_as_guidance_waits_for_one_more_press(
    clerk: Client,
) -> None:
    case = make_case()
    data = typed(case, viec="tu-choi", refuse_reason="Sai nơi")
    clerk.post(address(case), data | {"tep": a_scan()})
    page = clerk.post(address(case), data | {"viec": "nhan", "tep": a_scan()}, follow=True)
    assert "chưa được tiếp nhận" in page.content.decode()
    assert not Dossier.objects.exists()
    assert Draft.objects.count() == 1


def test_the_line_of_what_is_given_back_at_once_is_no_different(clerk: Client) -> None:
    case = make_case(term="trả ngay", fee=2000)
    line = {
        "token": str(uuid4()),
        "case": str(case.pk),
        "who": "Nguyễn Văn Ân",
        "pages": "1",
        "copies": "1",
        "fee": "2000",
        "viec": "tra",
    }
    clerk.post("/tiep-nhan/tra-ngay/", line)
    first = Dossier.objects.get()
    for change in ({"who": "Lê Thị Bé"}, {"copies": "3"}, {"viec": "hen"}):
        page = clerk.post("/tiep-nhan/tra-ngay/", line | change)
        assert f"đã tiếp nhận thành hồ sơ {first.code}" in errors(page)
        token = new_token(page, line["token"])
    assert Dossier.objects.count() == 1
    clerk.post("/tiep-nhan/tra-ngay/", line | {"who": "Lê Thị Bé", "token": token})
    assert Dossier.objects.exclude(pk=first.pk).get().owner_name == "Lê Thị Bé"


# --- whose page it is -----------------------------------------------------------------------------


def test_nobody_receives_under_the_token_of_another_clerks_draft(
    clerk: Client, office: Office, signed_in: Any
) -> None:
    case = make_case()
    data = typed(case)
    clerk.post(address(case), data | {"viec": "tep", "tep": a_scan()})
    colleague = make_officer("Lý Thị Nga", office.agency, (Role.CLERK, office.counter))
    for act in ("nhan", "bo-sung", "tu-choi", "luu", "tep"):
        assert (
            signed_in(colleague)
            .post(address(case), data | {"viec": act, "refuse_reason": "x"})
            .status_code
            == 404
        ), act
    reception.receive(
        an_intake(office, case, token=UUID(data["token"])), by=office.desk(colleague), at=MONDAY
    )
    assert Draft.objects.get().officer == office.clerk
    assert Attachment.objects.filter(kind="draft").count() == 1


def test_the_token_of_a_colleagues_dossier_is_no_dossier_of_mine(office: Office) -> None:
    case = make_case()
    given = an_intake(office, case)
    reception.receive(given, by=office.desk(office.clerk), at=MONDAY)
    colleague = make_officer("Lý Thị Nga", office.agency, (Role.CLERK, office.counter))
    with pytest.raises(DomainError) as refused:
        reception.receive(given, by=office.desk(colleague), at=MONDAY)
    assert refused.value.code == "token_foreign"


# --- what no crash may leave for ever -------------------------------------------------------------


def a_row(kind: str, pk: int, hours: float) -> Attachment:
    """A file of an object, uploaded so many hours ago."""
    at = MONDAY - timedelta(hours=hours)
    return Attachment.objects.create(
        kind=kind,
        object_id=pk,
        name="a.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0",
        uploaded_at=at,
    )


def test_rows_of_files_that_belong_to_nothing_go_after_a_day(office: Office) -> None:
    dossier = receive(office, make_case())
    kept = [
        a_row("draft", 999, 23),
        a_row("dossier", dossier.pk, 900),
        a_row("result", dossier.pk, 900),
        a_row("elsewhere", 999, 900),
    ]
    gone = [a_row(kind, 999, 25) for kind in drafts.OWNERS]
    assert drafts.sweep_scans(MONDAY) == len(gone)
    assert set(Attachment.objects.filter(sha256="0")) == set(kept)
    assert drafts.sweep_scans(MONDAY) == 0


def test_files_of_the_archive_are_not_looked_through_each_night(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what stays for ever those of the last nights are; drafts, and what a wrong clock dated."""
    monkeypatch.setattr(drafts, "CHUNK", 3)
    dossier = receive(office, make_case())
    for _ in range(4):
        a_row("dossier", dossier.pk, 24 * 40)
    gone = [a_row("draft", 999, 24 * 40), a_row("dossier", 999, 25)]
    # Dated by a clock that was set back: what was uploaded before it is still looked at.
    a_row("dossier", dossier.pk, 24 * 400)
    with CaptureQueriesContext(connection) as few:
        assert drafts.sweep_scans(MONDAY) == len(gone)
    for _ in range(20):
        a_row("dossier", dossier.pk, 24 * 40)
    newest = a_row("dossier", 999, 25)
    with CaptureQueriesContext(connection) as many:
        assert drafts.sweep_scans(MONDAY) == 1
    assert not Attachment.objects.filter(pk=newest.pk).exists()
    assert len(many) <= len(few)
