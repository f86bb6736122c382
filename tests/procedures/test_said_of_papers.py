"""Of whom a paper is asked, said by a controller where the published words are read wrongly: in the
reading, as a correction (R-74), on the page, at the counter, after the next import.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from onestop.accounts.models import Officer
from onestop.errors import DomainError
from procedures.asked_of import AskedOf
from procedures.conditions import conditions_of, is_asked_for, read, words_of
from procedures.domain.correcting import changes_of
from procedures.domain.correcting_papers import Said, correct_papers
from procedures.models import CatalogueAct, Paper, ProcedureVersion
from procedures.reading.conditions import Asks, Line, Published, Reading, Way, read_conditions
from procedures.reading.said import as_said
from tests.clock import MONDAY
from tests.procedures.conftest import record, run, version_of
from tests.procedures.test_correcting import html

TITLES = ("Đối với cá nhân:", "Đối với tổ chức:")
LINES = [
    Published("Tờ khai"),
    Published("Bản sao hộ chiếu", TITLES[0]),
    Published("Quyết định thành lập", TITLES[1]),
]
PAPERS = {
    "components": [
        {"case": one.group, "name": one.name, "originals": 1, "copies": 0} for one in LINES
    ]
}


def said(place: int, asked_of: AskedOf, situation: str = "") -> Reading:
    """The three lines, one of them as it is said."""
    lines = list(LINES)
    lines[place] = replace(lines[place], said=asked_of, situation=situation)
    return as_said(read_conditions(lines), lines)


# --- reading --------------------------------------------------------------------------------------


def test_nothing_said_changes_nothing() -> None:
    read_only = read_conditions(LINES)
    assert as_said(read_only, LINES) is read_only


@pytest.mark.parametrize(
    ("asked_of", "line"),
    [
        (AskedOf.EVERYBODY, Line()),
        (AskedOf.IF_ANY, Line(is_optional=True)),
        (AskedOf.ONLINE, Line(way=Way.ONLINE)),
        (AskedOf.ON_PAPER, Line(way=Way.ON_PAPER)),
        (AskedOf.HEADING, Line(is_heading=True)),
    ],
)
def test_what_is_said_stands_instead_of_what_was_read(asked_of: AskedOf, line: Line) -> None:
    found = said(2, asked_of)
    assert found.lines[2] == line
    assert found.lines[:2] == read_conditions(LINES).lines[:2]
    assert found.questions == read_conditions(LINES).questions


def test_a_situation_that_is_asked_for_already_is_that_answer() -> None:
    found = said(0, AskedOf.SITUATION, "đối với TỔ CHỨC")
    assert found.lines[0].when == ((0, 1),)
    assert found.questions == read_conditions(LINES).questions


def test_another_situation_is_one_question_more() -> None:
    found = said(0, AskedOf.SITUATION, "Có yếu tố nước ngoài")
    assert found.lines[0].when == ((1, 0),)
    assert (found.questions[1].asks, found.questions[1].answers) == (
        Asks.WHETHER,
        ("Có yếu tố nước ngoài",),
    )


def test_several_new_situations_are_answers_of_one_question() -> None:
    lines = [
        replace(LINES[0], said=AskedOf.SITUATION, situation="Đối với người Việt Nam"),
        replace(LINES[1], said=AskedOf.SITUATION, situation="Đối với người nước ngoài"),
        replace(LINES[2], said=AskedOf.SITUATION, situation="đối với người việt nam"),
    ]
    found = as_said(read_conditions(lines), lines)
    # The question that was read has no paper left: it is not asked, the other one is the first.
    (question,) = found.questions
    assert question.asks == Asks.WHICH
    assert len(question.answers) == 2
    assert [line.when for line in found.lines] == [((0, 0),), ((0, 1),), ((0, 0),)]


def test_a_question_without_papers_is_not_asked() -> None:
    lines = [replace(one, said=AskedOf.EVERYBODY) for one in LINES]
    found = as_said(read_conditions(lines), lines)
    assert found.questions == ()
    assert set(found.lines) == {Line()}


# --- the verb -------------------------------------------------------------------------------------


@pytest.fixture
def published(monday: None, db: None) -> ProcedureVersion:
    run(record(**PAPERS))
    return version_of()


@pytest.fixture
def monday(time_machine: Any) -> None:
    time_machine.move_to(MONDAY, tick=False)


def corrected(version: ProcedureVersion, by: Officer, **said_of: Said) -> ProcedureVersion:
    """`said_of`: by the place of the line, from 1, as p1, p2, …"""
    told = {int(name[1:]): one for name, one in said_of.items()}
    return correct_papers(version.pk, said=told, reason="đọc nhầm", by=by, at=MONDAY)


def test_a_correction_is_a_new_version_and_the_counter_asks_so(
    published: ProcedureVersion, controller: Officer
) -> None:
    new = corrected(published, controller, p3=Said(AskedOf.EVERYBODY))
    papers = list(new.cases.get().papers.all())
    assert words_of(read(papers)) == [
        "mọi hồ sơ",
        "trường hợp “Đối với cá nhân”",
        "mọi hồ sơ",
    ]
    found = conditions_of(new.cases.get())
    assert [found.lines[paper.pk].when for paper in papers] == [(), ((0, 0),), ()]
    old = conditions_of(published.cases.get())
    assert [line.when for line in old.lines.values()] == [(), ((0, 0),), ((0, 1),)]
    (change,) = changes_of(CatalogueAct.objects.get(version=new).content)
    assert (change.where, change.what, change.before, change.after) == (
        "Quyết định thành lập", "Ai phải nộp", "trường hợp “Đối với tổ chức”", "mọi hồ sơ",
    )  # fmt: skip


def test_a_heading_is_no_paper_on_the_public_page(
    published: ProcedureVersion, controller: Officer
) -> None:
    new = corrected(published, controller, p1=Said(AskedOf.HEADING))
    assert [is_asked_for(paper) for paper in new.cases.get().papers.all()] == [False, True, True]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Said(AskedOf.AS_READ), "procedures.nothing_changed"),
        (Said(AskedOf.SITUATION, "  "), "procedures.situation_missing"),
    ],
)
def test_what_says_nothing_is_refused(
    published: ProcedureVersion, controller: Officer, told: Said, code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        corrected(published, controller, p1=told)
    assert refused.value.code == code
    assert ProcedureVersion.objects.count() == 1


def test_it_goes_on_with_the_next_version_of_the_record(
    published: ProcedureVersion, controller: Officer
) -> None:
    corrected(published, controller, p3=Said(AskedOf.SITUATION, "Có vốn nhà nước"))
    changed = PAPERS["components"][1] | {"name": "Bản sao hộ chiếu còn hạn"}
    run(record(components=[PAPERS["components"][0], changed, PAPERS["components"][2]]))
    rows = Paper.objects.filter(case__version=version_of()).order_by("order")
    assert list(rows.values_list("asked_of", "situation")) == [
        ("", ""), ("", ""), ("truong-hop", "Có vốn nhà nước"),
    ]  # fmt: skip


def test_of_two_lines_of_the_same_words_only_the_one_it_was_said_of_keeps_it(
    controller: Officer, monday: None, db: None
) -> None:
    form = PAPERS["components"][0]
    run(record(components=[form, *PAPERS["components"][1:], form]))
    corrected(version_of(), controller, p4=Said(AskedOf.IF_ANY))
    run(record(name="Tên mới", components=[form, form, *PAPERS["components"][1:]]))
    rows = Paper.objects.filter(case__version=version_of()).order_by("order")
    assert list(rows.values_list("name", "asked_of")) == [
        ("Tờ khai", ""), ("Tờ khai", "neu-co"), ("Bản sao hộ chiếu", ""), ("Quyết định thành lập", ""),
    ]  # fmt: skip


# --- the page -------------------------------------------------------------------------------------


def test_it_is_looked_at_then_done(
    published: ProcedureVersion, controller: Officer, signed_in: Callable[..., Any]
) -> None:
    client, address = signed_in(controller), f"/thu-tuc/quan-ly/{published.pk}/giay-to/"
    page = html(client.get(address))
    assert "Đang hiểu: trường hợp “Đối với tổ chức”" in page
    kept = {f"asked_{place}": "nhu-doc" for place in (1, 2, 3)} | {"note": "Nghị định 12 Điều 3"}
    sent = kept | {"asked_3": "truong-hop"}
    assert "Hãy ghi tên trường hợp" in html(client.post(address, sent), 422)
    alone = kept | {"situation_1": "Có vốn nhà nước"}
    assert "hãy chọn “theo trường hợp”" in html(client.post(address, alone), 422)
    sent["situation_3"] = "Có vốn nhà nước"
    seen = html(client.post(address, sent))
    assert "trường hợp “Có vốn nhà nước”" in seen
    assert ProcedureVersion.objects.count() == 1
    mark = re.search(r'name="seen" value="(\w+)"', seen)
    assert mark
    page = html(client.post(address, sent | {"seen": mark[1]}, follow=True))
    assert "phiên bản 2 áp dụng từ 23/11/2026" in page
    assert "ai phải nộp: trường hợp “Đối với tổ chức” → trường hợp “Có vốn nhà nước”" in page
    assert f"/thu-tuc/quan-ly/{version_of().pk}/giay-to/" in page
