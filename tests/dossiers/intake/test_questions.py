"""The counter asks which situation the applicant's is; other situations' papers are not asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from dossiers.forms.intake_papers import default_rows
from dossiers.models import Dossier
from procedures.models import Case, Paper
from tests.dossiers.intake.pages import address, errors, typed
from tests.world import make_case

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

# Group and name of each line: everybody's, two situations, and authorisation.
RESIDENCE = (
    ("", "Tờ khai thay đổi thông tin cư trú"),
    ("Đối với cá nhân:", "Giấy tờ chứng minh chỗ ở"),
    ("Đối với tổ chức:", "Danh sách người tạm trú"),
    ("Trường hợp ủy quyền thực hiện thủ tục:", "Văn bản ủy quyền"),
)
HEADED = (
    ("", "Đơn đề nghị"),
    ("", "1. Đối với Ban quản trị được bầu lần đầu thì hồ sơ bao gồm:"),
    ("", "Biên bản họp lần đầu"),
    ("", "2. Trường hợp bầu lại Ban quản trị thì hồ sơ bao gồm:"),
    ("", "Biên bản họp bầu lại"),
)


def a_case(*lines: tuple[str, str]) -> Case:
    case = make_case(papers=0)
    Paper.objects.bulk_create(
        Paper(case=case, order=n, group=group, name=name, originals=1)
        for n, (group, name) in enumerate(lines, start=1)
    )
    return case


def pk_of(case: Case, name: str) -> int:
    return case.papers.get(name=name).pk


def untouched(case: Case, **changes: Any) -> dict[str, Any]:
    """The page sent as it stood, with these answers: what the script hid is not sent."""
    data = {key: value for key, value in typed(case).items() if not key.startswith("g")}
    return data | {"token": str(uuid4())} | changes


def received(case: Case) -> list[str]:
    return [paper.name for paper in Dossier.objects.get(case=case).papers.order_by("order")]


def test_papers_of_an_unanswered_situation_are_neither_shown_nor_counted(clerk: Client) -> None:
    case = a_case(*RESIDENCE)
    page = clerk.get(address(case)).content.decode()
    for name, is_shown in zip([name for _, name in RESIDENCE], (1, 0, 0, 0), strict=True):
        row = page.split(f'id="g{pk_of(case, name)}"')[0].rsplit("<tr", 1)[1]
        assert (" hidden" not in row) is bool(is_shown), name
    assert [row.typed[0] for row in default_rows(case)] == ["1", "", "", ""]


def test_an_answer_brings_its_own_papers_and_the_others_stay_away(clerk: Client) -> None:
    case = a_case(*RESIDENCE)
    clerk.post(address(case), untouched(case, h0="2", h1="0"))
    assert received(case) == ["Tờ khai thay đổi thông tin cư trú", "Danh sách người tạm trú"]


def test_counts_of_another_situation_than_the_answered_one_are_not_taken(clerk: Client) -> None:
    """A browser without script sends what it had on the page."""
    case = a_case(*RESIDENCE)
    clerk.post(address(case), typed(case, h0="1"))
    assert received(case) == [
        "Tờ khai thay đổi thông tin cư trú",
        "Giấy tờ chứng minh chỗ ở",
        "Văn bản ủy quyền",  # counted, and its question left open
    ]


def test_the_situation_must_be_answered_before_receiving(clerk: Client) -> None:
    case = a_case(*RESIDENCE)
    page = clerk.post(address(case), untouched(case))
    assert "Hãy chọn trường hợp của hồ sơ" in errors(page)
    clerk.post(address(case), untouched(case, h0="0"))
    assert received(case) == ["Tờ khai thay đổi thông tin cư trú"]


def test_situations_that_exclude_each_other_never_stand_together(clerk: Client) -> None:
    case = a_case(*RESIDENCE)
    clerk.post(address(case), untouched(case, h0=["1", "2"]))
    assert received(case) == ["Tờ khai thay đổi thông tin cư trú", "Giấy tờ chứng minh chỗ ở"]


def test_everything_can_be_seen_and_what_is_counted_there_is_received(clerk: Client) -> None:
    case = a_case(*RESIDENCE)
    other = pk_of(case, "Danh sách người tạm trú")
    page = clerk.post(address(case), untouched(case, **{"h-tat-ca": "on", "viec": "xem"}))
    row = page.content.decode().split(f'id="g{other}"')[0].rsplit("<tr", 1)[1]
    assert " hidden" not in row


def test_headings_are_no_papers_whoever_counts_them(clerk: Client) -> None:
    case = a_case(*HEADED)
    headings = [name for _, name in HEADED if name[0].isdigit()]
    page = clerk.get(address(case)).content.decode()
    assert all(f"g{pk_of(case, name)}-o" not in page for name in headings)
    clerk.post(address(case), typed(case, h0="2"))
    assert received(case) == ["Đơn đề nghị", "Biên bản họp bầu lại"]


def test_the_slip_certifies_what_was_received_and_numbers_it_plainly(clerk: Client) -> None:
    case = a_case(("", "(3) Danh sách thành viên"), *HEADED)
    clerk.post(address(case), untouched(case, h0="1"))
    code = Dossier.objects.get(case=case).code
    slip = clerk.get(f"/ho-so/{code}/phieu/tiep-nhan/").content.decode()
    assert "Biên bản họp lần đầu" in slip
    assert "Danh sách thành viên" in slip
    assert "(3)" not in slip
    assert "bao gồm" not in slip
    assert "Biên bản họp bầu lại" not in slip


def test_who_is_named_as_bringing_it_answers_the_question_of_authorisation(clerk: Client) -> None:
    case = a_case(*RESIDENCE)
    submitter = {"submitter_name": "Lê Thị Hoa", "authorisation": "Giấy ủy quyền 12/2026"}
    clerk.post(address(case), untouched(case, h0="0", **submitter))
    assert received(case) == ["Tờ khai thay đổi thông tin cư trú", "Văn bản ủy quyền"]


def test_what_is_not_brought_is_said_when_the_page_comes_back(clerk: Client) -> None:
    case = a_case(("", "Đơn đề nghị"), ("", "Bản vẽ"))
    left_out = pk_of(case, "Bản vẽ")
    data = typed(case, owner_name="", **{f"g{left_out}-o": "0"})
    page = clerk.post(address(case), data).content.decode()
    assert page.count('class="left-out"') == page.count('placeholder="không nộp"') == 1


def test_answers_stay_with_the_draft(clerk: Client) -> None:
    case = a_case(*RESIDENCE)
    data = untouched(case, h0="2", viec="luu")
    clerk.post(address(case), data)
    page = clerk.get(f"{address(case)}?nhap={data['token']}").content.decode()
    row = page.split(f'id="g{pk_of(case, "Danh sách người tạm trú")}"')[0].rsplit("<tr", 1)[1]
    assert " hidden" not in row


def test_guidance_proposes_no_paper_of_another_situation(clerk: Client) -> None:
    case = a_case(*RESIDENCE)
    mine = pk_of(case, "Giấy tờ chứng minh chỗ ở")
    data = untouched(case, h0="1", viec="bo-sung", guide_reason="Chưa mang theo")
    data |= {f"g{mine}-o": "0", f"g{mine}-c": "", f"g{mine}-s": ""}
    clerk.post(address(case), data)
    from dossiers.models import CounterVisit

    assert [line["name"] for line in CounterVisit.objects.get().items] == [
        "Giấy tờ chứng minh chỗ ở"
    ]
