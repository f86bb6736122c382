"""What a request for completion may ask for: the published papers and what was declared, and
nothing else without its basis.
"""

from dataclasses import replace
from typing import Any

import pytest

from dossiers.acts import supplements, visits
from dossiers.acts.many import Seen
from dossiers.intake import wanted
from dossiers.intake.brought import Person
from dossiers.intake.wanted import Wanted, What, declared, outside
from dossiers.models import CounterVisit, Supplement
from onestop.errors import DomainError, sentence
from procedures.models import Case, Paper
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def paper(case: Case, order: int = 1) -> Paper:
    return Paper.objects.get(case=case, order=order)


def ticked(*papers: Paper, note: str = "") -> list[Wanted]:
    return [Wanted(What.PAPER, note, one.pk) for one in papers]


def test_lines_stand_in_the_order_of_the_list_each_with_what_is_wrong() -> None:
    case = make_case(papers=3)
    asked = [
        *declared("Năm sinh của mẹ"),
        *ticked(paper(case, 3), note="thiếu  1 bản "),
        *ticked(paper(case, 1)),
    ]
    found = wanted.lines(asked, case_id=case.pk)
    assert [(line["what"], line["paper"], line["name"], line["note"]) for line in found] == [
        ("paper", paper(case, 1).pk, "Giấy tờ thứ 1 của thủ tục", ""),
        ("paper", paper(case, 3).pk, "Giấy tờ thứ 3 của thủ tục", "thiếu 1 bản"),
        ("declared", None, "Nội dung kê khai", "Năm sinh của mẹ"),
    ]


def test_papers_of_another_case_notes_of_the_catalogue_and_made_up_ids_are_refused() -> None:
    case, other = make_case(), make_case()
    heading = Paper.objects.create(case=case, order=9, name="* Giấy tờ phải nộp", is_note=True)
    for wrong in (paper(other).pk, heading.pk, 10**17, None):
        with pytest.raises(DomainError, match="paper_not_listed"):
            wanted.lines([*ticked(paper(case)), Wanted(What.PAPER, "", wrong)], case_id=case.pk)
    with pytest.raises(DomainError, match="paper_not_listed"):
        wanted.lines(ticked(paper(case)), case_id=None)  # no case is chosen yet


@pytest.mark.parametrize("text", ["", " \n - \n"])
def test_an_empty_request_is_none(text: str) -> None:
    with pytest.raises(DomainError, match="items_missing"):
        wanted.lines([*declared(text), *outside(text)], case_id=None)


@pytest.mark.parametrize(
    "line",
    [
        "Giấy khám sức khỏe",
        "Nộp thêm 2 bản sao căn cước",
        "bản chụp sổ hộ khẩu",
        "Cần bổ sung giấy ủy quyền",
        "Còn thiếu hộ chiếu",
        "GIẤY A",
    ],
)
def test_a_paper_written_as_declared_content_is_told_where_it_belongs(line: str) -> None:
    with pytest.raises(DomainError) as refused:
        wanted.lines(declared(f"Năm sinh\n{line}"), case_id=None)
    assert (refused.value.code, refused.value.field) == ("paper_in_declared", "declared")
    assert line in sentence(refused.value)


@pytest.mark.parametrize(
    "line",
    [
        "Tờ khai chưa ký",
        "Số giấy tờ tùy thân",
        "Giấc",
        "Họ tên mẹ khác giấy khai sinh",
        "Ngày cấp hộ chiếu",
    ],
)
def test_corrections_of_what_was_declared_are_taken(line: str) -> None:
    assert wanted.lines(declared(line), case_id=None)[0]["note"] == line


def test_a_paper_outside_the_list_wants_its_basis_and_says_so() -> None:
    for basis in ("", "  "):
        with pytest.raises(DomainError) as refused:
            wanted.lines(outside("Bản vẽ mặt bằng"), case_id=None, legal_basis=basis)
        assert (refused.value.code, refused.value.field) == ("paper_outside_list", "legal_basis")
    [line] = wanted.lines(outside("Bản vẽ mặt bằng"), case_id=None, legal_basis="Điều 9 Luật Nhà ở")
    assert (line["name"], line["note"]) == (
        "Bản vẽ mặt bằng",
        "ngoài danh mục công bố, căn cứ Điều 9 Luật Nhà ở",
    )


def test_a_line_has_its_length() -> None:
    with pytest.raises(DomainError, match="line_too_long"):
        wanted.lines(declared("x" * 501), case_id=None)


def test_every_door_asks_the_same_rule(office: Office) -> None:
    """Proposal, request and visit: a paper of another procedure gets through none of them."""
    dossier, strange = receive(office, make_case()), ticked(paper(make_case()))
    clerk = office.desk(office.clerk)
    common: dict[str, Any] = {"items": strange, "reason": "Thiếu", "by": clerk, "at": MONDAY}
    for verb in (supplements.propose, supplements.ask):
        with pytest.raises(DomainError, match="paper_not_listed"):
            verb(Seen(dossier.pk), **common, legal_basis="Điều 1")
    said = visits.Said(
        CounterVisit.Kind.COMPLETE,
        agency=office.agency,
        version=dossier.version,
        case=dossier.case,
        owner=Person(name="Ân"),
        items=strange,
        reason="Thiếu",
    )
    refused = [
        (said, "paper_not_listed"),
        # at the counter nothing outside the list, whatever the basis
        (replace(said, items=outside("Bản vẽ")), "paper_outside_list"),
        # a case of another procedure opens no list
        (replace(said, case=strange_case(strange)), "paper_not_listed"),
    ]
    for one, code in refused:
        with pytest.raises(DomainError, match=code):
            visits.record(one, by=clerk, at=MONDAY)
    assert not Supplement.objects.exists()
    assert not CounterVisit.objects.exists()


def strange_case(asked: list[Wanted]) -> Case:
    return Paper.objects.get(pk=asked[0].paper_id).case


def test_the_slip_prints_papers_with_what_is_wrong_and_the_basis(office: Office) -> None:
    dossier = receive(office, make_case())
    supplements.ask(
        Seen(dossier.pk), items=[*ticked(paper(dossier.case), note="bản chụp mờ"), *outside("Bản vẽ mặt bằng")], reason="Chưa đủ",
        legal_basis="Điều 9 Luật Nhà ở", by=office.desk(office.clerk), at=MONDAY,
    )  # fmt: skip
    assert dossier.slips.get(slug="bo-sung").snapshot["items"] == [
        {"name": "Giấy tờ thứ 1 của thủ tục", "note": "bản chụp mờ"},
        {"name": "Bản vẽ mặt bằng", "note": "ngoài danh mục công bố, căn cứ Điều 9 Luật Nhà ở"},
    ]
