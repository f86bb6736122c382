"""Records become immutable versions; bad ones are listed; twice changes nothing."""

from datetime import date, timedelta

import pytest

from onestop.errors import DomainError
from procedures.domain.importing import Publication, import_procedures
from procedures.domain.sources import read_source
from procedures.models import ImportRun, Kind, Method, Paper, Procedure, ProcedureVersion, Status
from tests.procedures.conftest import CATALOGUE, method, record, run, source, version_of
from tests.world import MONDAY

DECISION = Publication("163/QĐ-UBND", date(2026, 1, 20), date(2026, 2, 1))


def test_a_clean_record_is_ready_at_once(db: None) -> None:
    report = run(record())
    assert report.counts() == {
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "needs_decision": 0,
        "rejected": 0,
        "verified": 0,
    }
    version = version_of()
    assert version.status == Status.READY
    assert [
        (m.channel, m.term, m.fee_amount) for m in Method.objects.filter(case__version=version)
    ] == [
        (1, "5 ngày làm việc", 0),
        (2, "5 ngày làm việc", 0),
    ]
    assert [
        (p.group, p.name, p.originals, p.copies)
        for p in Paper.objects.filter(case__version=version)
    ] == [
        ("", "Đơn đề nghị", 1, 0),
        ("Trường hợp ủy quyền:", "Giấy ủy quyền", 1, 1),
    ]
    assert version.results == [{"name": "Giấy phép", "code": "KQ.G15.000001"}]
    assert version.legal == ["08/2015/NĐ-CP"]
    assert not version.post_allowed


def test_without_a_decision_it_takes_effect_today_unverified(db: None) -> None:
    run(record())
    version = version_of()
    assert (version.effective_from, version.unverified) == (date(2026, 11, 23), True)


def test_with_a_decision_it_takes_its_dates(db: None) -> None:
    run(record(), publication=DECISION)
    version = version_of()
    assert (version.decision_number, version.decision_signed) == ("163/QĐ-UBND", date(2026, 1, 20))
    assert (version.effective_from, version.unverified) == (date(2026, 2, 1), False)


def test_an_unreadable_term_waits_and_no_row_gets_a_term(db: None) -> None:
    report = run(record(methods=[method("direct", "1"), method("online", "5 Ngày")]))
    assert report.needs_decision == 1
    assert version_of().status == Status.NEEDS_TERM
    assert set(Method.objects.values_list("term", flat=True)) == {""}
    assert [p.kind for p in report.problems] == ["term"]
    assert "không có đơn vị" in report.problems[0].reason


def test_an_unreadable_fee_alone_does_not_wait(db: None) -> None:
    report = run(record(methods=[method(fee_text="20 VNĐ")]))
    assert (report.needs_decision, version_of().status) == (1, Status.READY)
    assert Method.objects.get().fee_amount is None


def test_a_bad_record_never_stops_the_good_ones(db: None) -> None:
    report = run(
        record("1.000001"), record("sai"), 5, record("1.000002"), record("1.000001", name="Trùng")
    )
    assert (report.new, report.rejected) == (2, 3)
    assert [(p.place, p.code) for p in report.problems] == [(2, "sai"), (3, ""), (5, "1.000001")]
    assert Procedure.objects.count() == 2


def test_a_changed_record_makes_a_new_version_and_keeps_the_old(db: None) -> None:
    run(record())
    later = MONDAY + timedelta(days=3)
    report = run(record(name="Thủ tục cấp giấy phép thử nghiệm (sửa)"), at=later)
    assert (report.changed, report.changes) == (1, [("1.000001", ["tên"])])
    old, new = version_of(number=1), version_of(number=2)
    assert old.name == "Thủ tục cấp giấy phép thử nghiệm"
    assert (old.effective_to, old.last_day) == (date(2026, 11, 26), date(2026, 11, 25))
    assert (new.effective_from, new.effective_to, new.kind) == (
        date(2026, 11, 26),
        None,
        Kind.AMENDED,
    )
    assert list(ProcedureVersion.objects.in_force(date(2026, 11, 25))) == [old]
    assert list(ProcedureVersion.objects.in_force(date(2026, 11, 26))) == [new]


def test_changed_twice_on_one_day_leaves_one_in_force(db: None) -> None:
    run(record())
    run(record(name="Tên hai"))
    run(record(name="Tên ba"))
    assert [v.name for v in ProcedureVersion.objects.in_force(date(2026, 11, 23))] == ["Tên ba"]


def test_a_future_version_waits_for_its_day(db: None) -> None:
    run(record())
    run(
        record(name="Tên mới"), publication=Publication("9/QĐ", date(2026, 12, 1), date(2027, 1, 1))
    )
    for day, number in ((date(2026, 12, 31), 1), (date(2027, 1, 1), 2)):
        assert list(ProcedureVersion.objects.in_force(day)) == [version_of(number=number)]


def test_a_change_dated_before_the_verified_version_is_refused(db: None) -> None:
    run(record(), publication=DECISION)
    report = run(
        record(name="Tên khác"), publication=Publication("1/QĐ", date(2025, 1, 1), date(2025, 2, 1))
    )
    assert report.rejected == 1
    assert "01/02/2026" in report.problems[0].reason


def test_an_unchanged_record_with_a_decision_verifies_the_date(db: None) -> None:
    run(record())
    report = run(record(), publication=DECISION)
    assert (report.unchanged, report.verified) == (1, 1)
    assert (version_of().effective_from, version_of().unverified) == (date(2026, 2, 1), False)


def test_a_dry_run_counts_and_writes_nothing(db: None) -> None:
    report = run(record(), record("x"), dry_run=True)
    assert (report.new, report.rejected) == (1, 1)
    assert not Procedure.objects.exists()
    assert not ImportRun.objects.exists()


def test_better_reading_rules_do_not_change_a_hash() -> None:
    """The hash covers the record's words, not what we read in them."""
    from procedures.reading import read_record

    canonical = read_record(record(), 1).canonical()
    assert "5 Ngày làm việc" in canonical
    assert "5 ngày làm việc" not in canonical


def test_every_record_of_the_catalogue_is_imported_or_listed(catalogue) -> None:
    total = len(read_source(CATALOGUE).records)
    assert total == 330
    assert catalogue.new + catalogue.rejected == total
    assert (catalogue.new, catalogue.rejected) == (330, 0)
    ready, waiting = ProcedureVersion.objects.ready(), ProcedureVersion.objects.waiting()
    assert (ready.count(), waiting.count()) == (160, 170)
    assert {p.code for p in catalogue.problems if p.kind == "term"} == set(
        waiting.values_list("procedure__code", flat=True)
    )
    # Ready means a term everywhere; waiting means nowhere.
    assert not Method.objects.filter(case__version__in=ready, term="").exists()
    assert not Method.objects.filter(case__version__in=waiting).exclude(term="").exists()
    run_row = ImportRun.objects.get()
    assert run_row.counts["needs_decision"] == catalogue.needs_decision == 221


def test_every_kind_of_mess_of_the_catalogue_is_met(catalogue) -> None:
    reasons = " ".join(p.reason for p in catalogue.problems)
    for words in (
        "“1”: có số, không có đơn vị",
        "“8 Giờ”",
        "“Không có thông tin”: không có thời hạn",
        "“Không quy định”",
        "thời hạn khác nhau giữa các hình thức nộp",
        "một hình thức nộp có nhiều thời hạn hoặc mức phí",
        "ghi chú ghi “7 ngày làm việc”",
        "“20 VNĐ”: số tiền quá nhỏ",
        "cùng hình thức nộp có nhiều mức phí",
        "“Miễn phí” nhưng ghi chú dẫn mức thu",
    ):
        assert words in reasons, words
    assert Paper.objects.exclude(count_text="").values("name").distinct().count() == 9
    assert not Paper.objects.filter(originals__gt=99).exists()


def test_twice_changes_nothing_and_asks_little(catalogue, queries) -> None:
    before = set(ProcedureVersion.objects.values_list("id", "content_hash"))
    with queries() as seen:
        report = import_procedures(read_source(CATALOGUE), at=MONDAY + timedelta(days=1))
    assert report.counts() == {
        "new": 0,
        "changed": 0,
        "unchanged": 330,
        "needs_decision": 0,
        "rejected": 0,
        "verified": 0,
    }
    assert set(ProcedureVersion.objects.values_list("id", "content_hash")) == before
    assert len(seen) <= 5  # one to compare, the transaction, the run and the line that notes it


def test_an_import_costs_the_same_number_of_queries_for_1_and_3_records(db: None, queries) -> None:
    run(record("1.000000"))  # the field is new once
    with queries() as one:
        run(record("1.000001"))
    with queries() as three:
        run(record("1.000002"), record("1.000003"), record("1.000004"))
    assert len(one) == len(three)


def test_two_imports_at_once_leave_one_whole(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second saw an empty catalogue, then finds the first one's rows: refused, nothing
    half-written.
    """
    from procedures.domain import importing

    run(record())
    monkeypatch.setattr(importing, "_known", dict)
    with pytest.raises(DomainError) as refused:
        import_procedures(source(record("1.000009"), record()), at=MONDAY)
    assert refused.value.code == "procedures.import_conflict"
    assert not Procedure.objects.filter(code="1.000009").exists()
