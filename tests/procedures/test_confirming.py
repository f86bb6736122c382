"""A controller's acts: terms, dates, abolition. Recorded for good; the second of two controllers is
told.
"""

from datetime import date, timedelta

import pytest

from onestop.errors import DomainError, sentence
from procedures.domain.confirming import (
    Readings,
    abolish,
    confirm_many,
    confirm_terms,
    verify_dates,
)
from procedures.domain.questions import Question, questions_of
from procedures.forms import ConfirmForm
from procedures.models import ActKind, Case, CatalogueAct, Method, Paper, ProcedureVersion, Status
from procedures.queries import whole
from tests.procedures.conftest import method, record, run, version_of
from tests.world import MONDAY

TWO_CASES = {
    "methods": [
        method("direct", "30 Ngày"),
        method("direct", "40 Ngày", note="nếu phải kiểm tra thực tế"),
    ]
}


def waiting(**parts) -> ProcedureVersion:
    run(record(**({"methods": [method("direct", "1"), method("online", "1")]} | parts)))
    return version_of()


def all_rows(version: ProcedureVersion, term: str) -> dict[int, str]:
    return dict.fromkeys(
        Method.objects.filter(case__version=version).values_list("id", flat=True), term
    )


def test_confirming_makes_it_ready_and_remembers_the_words(controller) -> None:
    version = waiting()
    confirm_terms(
        version.pk,
        readings=Readings(all_rows(version, "Trong ngày")),
        by=controller,
        at=MONDAY,
        note="Luật Hộ tịch",
    )
    assert version_of().status == Status.READY
    assert set(Method.objects.values_list("term", "term_text")) == {("trong ngày", "1")}
    act = CatalogueAct.objects.get()
    assert (act.kind, act.by, act.at, act.note) == (
        ActKind.TERMS,
        controller,
        MONDAY,
        "Luật Hộ tịch",
    )
    assert [(row["term_text"], row["term"]) for row in act.content["rows"]] == [
        ("1", "trong ngày")
    ] * 2


def test_the_second_controller_is_told_who_was_first(controller) -> None:
    version = waiting()
    confirm_terms(
        version.pk, readings=Readings(all_rows(version, "trong ngày")), by=controller, at=MONDAY
    )
    with pytest.raises(DomainError) as refused:
        confirm_terms(
            version.pk,
            readings=Readings(all_rows(version, "5 ngày")),
            by=controller,
            at=MONDAY + timedelta(hours=1),
        )
    assert refused.value.code == "procedures.term_confirmed"
    assert "Đỗ Thị Hạnh xác nhận lúc 09:00 23/11/2026" in sentence(refused.value)
    assert set(Method.objects.values_list("term", flat=True)) == {"trong ngày"}


@pytest.mark.parametrize(
    ("term", "code"), [("", "procedures.term_missing"), ("1", "procedures.term_unreadable")]
)
def test_every_row_needs_a_readable_term(controller, term: str, code: str) -> None:
    version = waiting()
    with pytest.raises(DomainError) as refused:
        confirm_terms(
            version.pk, readings=Readings(all_rows(version, term)), by=controller, at=MONDAY
        )
    assert refused.value.code == code
    assert sentence(refused.value)
    assert version_of().status == Status.NEEDS_TERM
    assert not CatalogueAct.objects.exists()


def test_a_fee_is_taken_only_where_the_record_has_none(controller) -> None:
    version = waiting(
        methods=[
            method("direct", "1", fee_text="20 VNĐ"),
            method("online", "1", fee_text="50,000 VNĐ"),
        ]
    )
    ids = dict(Method.objects.values_list("channel", "id"))
    readings = Readings(all_rows(version, "trong ngày"), fees={ids[1]: 20_000, ids[2]: 1})
    confirm_terms(version.pk, readings=readings, by=controller, at=MONDAY)
    assert dict(Method.objects.values_list("channel", "fee_amount")) == {1: 20_000, 2: 50_000}


def test_cases_get_names_and_terms_of_their_own(controller) -> None:
    version = waiting(**TWO_CASES)
    rows = dict(Method.objects.values_list("case__order", "id"))
    cases = dict(Case.objects.values_list("order", "id"))
    readings = Readings(
        terms={rows[1]: "30 ngày", rows[2]: "40 ngày"},
        case_names={cases[1]: "Không kiểm tra thực tế", cases[2]: "Kiểm tra thực tế"},
    )
    confirm_terms(version.pk, readings=readings, by=controller, at=MONDAY)
    assert list(Method.objects.order_by("case__order").values_list("case__name", "term")) == [
        ("Không kiểm tra thực tế", "30 ngày"),
        ("Kiểm tra thực tế", "40 ngày"),
    ]


def test_a_case_that_is_not_ours_is_left_out_and_remembered(controller) -> None:
    version = waiting(**TWO_CASES)
    rows = dict(Method.objects.values_list("case__order", "id"))
    second = Case.objects.get(order=2)
    confirm_terms(
        version.pk,
        readings=Readings({rows[1]: "30 ngày"}, left_out=frozenset({second.pk})),
        by=controller,
        at=MONDAY,
    )
    assert [case.name for case in Case.objects.all()] == [""]
    assert Paper.objects.exclude(case__order=1).count() == 0
    assert CatalogueAct.objects.get().content["left_out"][0]["rows"][0]["term_text"] == "40 Ngày"


def test_not_every_case_can_be_left_out_and_names_differ(controller) -> None:
    version = waiting(**TWO_CASES)
    ids = frozenset(Case.objects.values_list("id", flat=True))
    with pytest.raises(DomainError, match="no_case_left"):
        confirm_terms(version.pk, readings=Readings({}, left_out=ids), by=controller, at=MONDAY)
    with pytest.raises(DomainError, match="same_case_names"):
        names = dict.fromkeys(ids, "Một tên")
        confirm_terms(
            version.pk,
            readings=Readings(all_rows(version, "30 ngày"), case_names=names),
            by=controller,
            at=MONDAY,
        )


def test_one_reading_for_many_skips_what_needs_a_look(controller) -> None:
    run(
        record("1.000001", methods=[method(time_text="1")]),
        record("1.000002", methods=[method(time_text="1")]),
        record("1.000003", **TWO_CASES),
        record("1.000004"),
    )
    ids = {v.procedure.code: v.pk for v in ProcedureVersion.objects.select_related("procedure")}
    result = confirm_many(ids.values(), term="trong ngày", by=controller, at=MONDAY)
    assert set(result.confirmed) == {ids["1.000001"], ids["1.000002"]}
    assert dict(result.skipped) == {
        ids["1.000003"]: "procedures.several_cases",
        ids["1.000004"]: "procedures.term_confirmed",
    }
    with pytest.raises(DomainError, match="term_unreadable"):
        confirm_many(ids.values(), term="mau lên", by=controller, at=MONDAY)


def test_verified_dates_move_the_version_and_the_one_before(controller) -> None:
    run(record())
    run(record(name="Tên mới"), at=MONDAY + timedelta(days=2))
    new = version_of(number=2)
    number = verify_dates(
        [new.pk],
        decision="9/QĐ-UBND",
        signed=date(2026, 11, 20),
        effective=date(2026, 12, 1),
        by=controller,
        at=MONDAY,
    )
    old, new = version_of(number=1), version_of(number=2)
    assert (number, new.unverified, new.effective_from, old.effective_to) == (
        1,
        False,
        date(2026, 12, 1),
        date(2026, 12, 1),
    )
    assert CatalogueAct.objects.get().content["before"]["effective"] == "2026-11-25"
    again = verify_dates(
        [new.pk],
        decision="8/QĐ",
        signed=date(2026, 1, 1),
        effective=date(2026, 1, 2),
        by=controller,
        at=MONDAY,
    )
    assert (again, version_of(number=2).decision_number) == (0, "9/QĐ-UBND")


def test_dates_must_make_sense(controller) -> None:
    run(record())
    with pytest.raises(DomainError, match="effective_before_signed"):
        verify_dates(
            [version_of().pk],
            decision="1",
            signed=date(2026, 2, 1),
            effective=date(2026, 1, 1),
            by=controller,
            at=MONDAY,
        )
    with pytest.raises(DomainError, match="no_decision"):
        verify_dates(
            [version_of().pk],
            decision=" ",
            signed=date(2026, 1, 1),
            effective=date(2026, 1, 1),
            by=controller,
            at=MONDAY,
        )


def test_an_abolished_procedure_leaves_on_its_day(controller) -> None:
    run(record())
    gone = abolish(
        version_of().pk,
        decision="5/QĐ",
        signed=date(2026, 12, 1),
        effective=date(2027, 1, 1),
        by=controller,
        at=MONDAY,
    )
    assert gone.status == Status.ABOLISHED
    assert ProcedureVersion.objects.in_force(date(2026, 12, 31)).get().number == 1
    assert not ProcedureVersion.objects.in_force(date(2027, 1, 1)).exists()
    assert run(record()).unchanged == 1
    with pytest.raises(DomainError, match="not_newest"):
        abolish(
            version_of(number=1).pk,
            decision="6/QĐ",
            signed=date(2026, 12, 1),
            effective=date(2027, 1, 1),
            by=controller,
            at=MONDAY,
        )


def changed_after_confirming(controller, **parts) -> list[Question]:
    """The first version said "1" and was read as the same day for 8,000 đồng; the second differs in
    name and in `parts`.
    """
    rows = {
        "methods": [
            method("direct", "1", fee_text="8 VNĐ"),
            method("online", "1", fee_text="8 VNĐ"),
        ]
    }
    version = waiting(**rows)
    fees = dict.fromkeys(all_rows(version, ""), 8_000)
    confirm_terms(
        version.pk,
        readings=Readings(all_rows(version, "trong ngày"), fees),
        by=controller,
        at=MONDAY,
    )
    run(record(name="Tên mới", **(rows | parts)), at=MONDAY + timedelta(days=1))
    assert version_of().number == 2
    return questions_of(whole(ProcedureVersion.objects.all()).get(pk=version_of().pk))


def test_the_reading_of_the_version_before_comes_first_where_the_record_says_the_same(
    controller,
) -> None:
    (question,) = changed_after_confirming(controller)
    assert (question.proposals[0].term, question.proposals[0].why) == (
        "trong ngày",
        "như phiên bản trước, chữ ghi trong CSDL quốc gia không đổi",
    )
    assert question.fee_before == 8_000
    form = ConfirmForm(version=version_of(), questions=[question])
    assert form[f"fee_{question.key}"].value() == 8_000


def test_it_comes_last_where_the_record_says_something_else(controller) -> None:
    now = [method("direct", "4", fee_text="9 VNĐ", note="04 ngày làm việc")]
    (question,) = changed_after_confirming(controller, methods=now)
    assert len(question.proposals) > 1
    assert question.proposals[0].term == "4 ngày làm việc"
    assert (question.proposals[-1].term, question.proposals[-1].why) == (
        "trong ngày",
        "như phiên bản trước, chữ ghi trong CSDL quốc gia nay đã khác",
    )
    assert question.fee_before is None
