"""Certified copies of one line a person: papers × pages × copies, the number in the book given when it is
signed, from 01 each year, none twice and none missing (NĐ 23/2015 Đ13).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from dossiers.acts import certifying, immediate
from dossiers.acts.many import Seen
from dossiers.desk import intake, outgoing
from dossiers.intake.certified import BOOKS, book_of
from dossiers.intake.copy_fees import Copied
from dossiers.ledger.numbers import of_outgoing
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, DossierPaper, Result
from dossiers.models.outgoing import OutgoingCounter, OutgoingDocument
from procedures.models import ProcedureVersion, Status
from tests.clock import Clock
from tests.dossiers.intake.pages import errors
from tests.dossiers.intake.test_immediate import PAGE, a_line, copies
from tests.world import MONDAY, Office, make_case, vn

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
SIGNER = "Phan Văn Lộc, Chủ tịch UBND"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Thủ tục chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan cấp", "SCT/BS"),
        ("Chứng thực chữ ký trong các giấy tờ, văn bản (áp dụng cho điểm chỉ)", "SCT/CK,ĐC"),
        ("Chứng thực chữ ký người dịch mà người dịch là cộng tác viên", "SCT/CKND"),
        ("Chứng thực hợp đồng, giao dịch liên quan đến tài sản", "SCT/HĐ,GD"),
        ("Thủ tục chứng thực di chúc", "SCT/HĐ,GD"),
        ("Chứng thực việc sửa đổi, bổ sung, hủy bỏ hợp đồng, giao dịch", "SCT/HĐ,GD"),
        ("Cấp bản sao có chứng thực từ bản chính hợp đồng đã được chứng thực", ""),
        ("Cấp bản sao từ sổ gốc", ""),
        ("Đăng ký khai sinh", ""),
    ],
)
def test_each_certification_has_its_book(name: str, code: str) -> None:
    found = book_of(name)
    assert (found.code if found else "") == code


@pytest.mark.parametrize(
    "told", [Copied(), Copied(3, 2), Copied(12, 1, 4), Copied(2, 5, 1, "Bằng tốt nghiệp: THPT")]
)
def test_what_a_line_is_about_is_read_again_from_its_text(told: Copied) -> None:
    assert Copied.read(str(told)) == told


def test_other_words_are_one_paper() -> None:
    assert Copied.read("Xin chứng thực") == Copied(what="Xin chứng thực")
    assert Copied.read("") == Copied()


def test_a_signed_line_has_its_number_and_each_paper_one(clerk: Client, office: Office) -> None:
    case = copies()
    told = clerk.post(PAGE, a_line(case, pages="3", copies="2"), follow=True).content.decode()
    assert "số chứng thực 01" in told
    many = a_line(case, "Vi Văn Hải", pages="2", papers="3", what="Bằng tốt nghiệp")
    told = clerk.post(PAGE, many, follow=True).content.decode()
    assert "số chứng thực 02–04" in told
    rows = list(OutgoingDocument.objects.order_by("number"))
    assert [row.symbol for row in rows] == [
        f"0{number} quyển số 01/2026-SCT/BS" for number in (1, 2, 3, 4)
    ]
    assert {row.signer for row in rows} == {SIGNER}
    assert [row.subject for row in rows] == [certifying.SHOWN, *["Bằng tốt nghiệp"] * 3]
    # Each paper costs by its own pages: 3 × (2 × 2.000).
    assert Dossier.objects.get(owner_name="Vi Văn Hải").fee_amount == 12_000
    assert verify(now=MONDAY).misfit is None
    assert list(of_outgoing(None)) == []


def test_the_next_line_knows_who_signs(clerk: Client) -> None:
    case = copies()
    unsigned = clerk.post(PAGE, a_line(case, signer=""))
    assert "người ký chứng thực" in errors(unsigned)
    assert not Dossier.objects.exists()
    clerk.post(PAGE, a_line(case))
    assert f'value="{SIGNER}"' in clerk.get(PAGE).content.decode()
    assert "Số giấy phải" in errors(clerk.post(PAGE, a_line(case, papers="21")))


def test_a_promised_line_has_its_number_when_it_is_signed(clerk: Client, office: Office) -> None:
    """Nothing is numbered before; what was taken back keeps its line, void."""
    case = copies()
    clerk.post(PAGE, a_line(case))
    clerk.post(PAGE, a_line(case, "Vi Văn Hải", viec="hen", signer="", papers="2"))
    assert OutgoingDocument.objects.count() == 1
    dossier = Dossier.objects.get(owner_name="Vi Văn Hải")
    told = clerk.post(
        f"/tiep-nhan/tra-ngay/{dossier.code}/tra/", {"seen": dossier.row_version}, follow=True
    ).content.decode()
    assert "số chứng thực 02–03" in told
    assert OutgoingDocument.objects.get(number=3).signer == SIGNER
    first = Dossier.objects.exclude(pk=dossier.pk).get()
    desk = office.desk(office.clerk)
    immediate.promise_instead(Seen(first.pk), by=desk, at=vn("23/11/2026 09:05"))
    assert [row.undone_at is None for row in OutgoingDocument.objects.order_by("number")] == [
        False, True, True,
    ]  # fmt: skip
    immediate.give_back_now(Seen(first.pk), by=desk, at=vn("23/11/2026 09:10"))
    assert OutgoingDocument.objects.standing().get(dossier=first).number == 4
    assert list(of_outgoing(None)) == []
    assert verify(now=MONDAY).misfit is None


def test_what_was_promised_on_an_earlier_day_is_given_its_number_on_the_page(
    clerk: Client,
    office: Office,
    clock: Clock,
    signed_in: Callable[..., Client],
    queries: Callable[..., Any],
) -> None:
    """Before today's lines, oldest first. Nobody signed in this book yet: who does is asked; a result that
    was recorded already gets its number as well."""
    case = copies()
    for who in ("Vi Văn Hải", "Hoàng Thị Sen", "Ma Văn Páo"):
        clerk.post(PAGE, a_line(case, who, viec="hen", signer=""))
    long, other, many = Dossier.objects.order_by("pk")
    Dossier.objects.filter(pk=long.pk).update(summary="Giấy " * 80)
    Dossier.objects.filter(pk=many.pk).update(summary="500 giấy × 1 bản")
    clock.now = vn("04/01/2027 09:00")
    client = signed_in(office.clerk)
    with queries() as three:
        page = client.get(PAGE)
    assert [(row.pk, is_earlier) for row, _, is_earlier, _ in page.context["rows"]] == [
        (long.pk, True), (other.pk, True), (many.pk, True),
    ]  # fmt: skip
    assert 'name="signer"' in page.content.decode().partition("<table")[2]

    def give(dossier: Dossier, **more: str) -> str:
        answer = client.post(
            f"/tiep-nhan/tra-ngay/{dossier.code}/tra/",
            {"seen": dossier.row_version} | more,
            follow=True,
        )
        return answer.content.decode()

    assert "người ký chứng thực" in give(long)
    assert not OutgoingDocument.objects.exists()
    assert "số chứng thực 01" in give(long, signer=SIGNER)
    row = OutgoingDocument.objects.get()
    assert (row.signer, len(row.subject)) == (SIGNER, 300)
    with queries() as two:
        page = client.get(PAGE)
    assert 'name="signer"' not in page.content.decode().partition("<table")[2]
    assert len(two) == len(three)
    Result(
        dossier=other,
        title="Bản sao",
        recorded_by=office.clerk,
        recorded_at=clock.now,
        issued_on=clock.now.date(),
    ).save()
    assert "số chứng thực 02" in give(other)
    assert "Số giấy phải" in give(many)
    assert OutgoingDocument.objects.count() == 2
    with queries() as asked:
        assert list(of_outgoing(None)) == []
    assert len(asked) == 3
    OutgoingCounter.objects.update(last=3)
    [gone] = of_outgoing(None)
    assert "sổ chứng thực SCT/BS năm 2027 thiếu số 3" in gone.what
    clock.now = vn("03/01/2028 09:00")
    desk = office.desk(office.clerk, clock.now)
    assert certifying.last_signer(office.agency.pk, BOOKS[0], 2028) == SIGNER
    assert intake.promised_before(desk, clock.now) == [many]


def test_numbers_begin_anew_each_year_and_stand_in_no_other_register(
    clerk: Client, office: Office, clock: Clock, signed_in: Callable[..., Client]
) -> None:
    case = copies()
    clerk.post(PAGE, a_line(case))
    clock.now = vn("05/01/2027 09:00")
    signed_in(office.clerk).post(PAGE, a_line(case, "Vi Văn Hải"))
    counters = OutgoingCounter.objects.values_list("kind", "year", "last")
    assert sorted(counters) == [("SCT/BS", 2026, 1), ("SCT/BS", 2027, 1)]
    assert outgoing.books([office.agency.pk]) == []


def test_what_is_no_certification_has_no_book(clerk: Client) -> None:
    case = make_case("trả ngay", name="Cấp bản sao từ sổ gốc", fee=2000)
    page = clerk.get(f"{PAGE}?truong-hop={case.pk}").content.decode()
    assert "Người ký" not in page
    clerk.post(PAGE, a_line(case))
    assert Dossier.objects.count() == 1
    assert not OutgoingDocument.objects.exists()


def test_codes_fit_their_column() -> None:
    most = OutgoingDocument._meta.get_field("kind").max_length or 0
    assert all(len(book.code) <= most for book in BOOKS)


def test_the_original_that_was_shown_goes_home_with_the_copy(clerk: Client, office: Office) -> None:
    """Both ways of the short path write it down (R-80); taken back it is held again."""
    case = copies()
    ProcedureVersion.objects.filter(pk=case.version_id).update(status=Status.NEEDS_TERM)
    name = "Bản chính giấy tờ, văn bản làm cơ sở để chứng thực bản sao"
    case.papers.update(name=name, originals=1)
    ProcedureVersion.objects.filter(pk=case.version_id).update(status=Status.READY)
    clerk.post(PAGE, a_line(case))
    dossier, desk = Dossier.objects.get(), office.desk(office.clerk)
    paper = dossier.papers.get
    assert paper().originals_returned
    assert dossier.returns.get().papers_back == name
    page = clerk.get(dossier.get_absolute_url()).content.decode()
    assert "còn giữ bản chính" not in page.lower()
    assert "Trả lại bản chính" not in page
    immediate.promise_instead(Seen(dossier.pk), by=desk, at=vn("23/11/2026 09:05"))
    assert not paper().originals_returned
    immediate.give_back_now(Seen(dossier.pk), by=desk, at=vn("23/11/2026 09:10"))
    assert paper().originals_returned
    # Of a line from before this was written down nobody is asked either.
    DossierPaper.objects.update(originals_returned=False)
    listed = clerk.get("/tra-ket-qua/ban-chinh/?loai=da-tra").content.decode()
    assert dossier.code not in listed
