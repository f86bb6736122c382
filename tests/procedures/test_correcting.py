"""What was confirmed by a slip is confirmed anew: a new version, dossiers keep theirs (R-74); until
somebody was received under it, it can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from dossiers.models import Dossier
from onestop.accounts.models import Officer
from onestop.errors import DomainError, sentence
from onestop.outbox.models import Message
from procedures.domain.confirming import (
    Readings,
    abolish,
    confirm_many,
    confirm_terms,
    set_supplement_mode,
    verify_dates,
)
from procedures.domain.correcting import changes_of, correct
from procedures.domain.left_out import left_out_of
from procedures.domain.renewing import METHOD_COLUMNS, PAPER_COLUMNS, VERSION_COLUMNS
from procedures.domain.taking_back import take_back
from procedures.models import (
    ActKind,
    Case,
    CatalogueAct,
    Method,
    Paper,
    ProcedureVersion,
    Status,
    SupplementMode,
    VersionSource,
)
from tests.clock import MONDAY
from tests.procedures.conftest import method, record, run, version_of
from tests.world import make_office, receive

pytestmark = pytest.mark.usefixtures("monday")
CODE = "1.000001"
TODAY = MONDAY.date()
ONES = {"methods": [method("direct", "1"), method("online", "1")]}


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


def rows(version: ProcedureVersion) -> list[int]:
    return list(
        Method.objects.filter(case__version=version)
        .order_by("case__order", "channel")
        .values_list("pk", flat=True)
    )


def terms(version: ProcedureVersion) -> list[str]:
    found = Method.objects.filter(case__version=version).order_by("case__order", "channel")
    return list(found.values_list("term", flat=True))


def confirmed(by: Officer, term: str = "5 ngày làm việc") -> ProcedureVersion:
    run(record(**ONES))
    version = version_of()
    return confirm_terms(
        version.pk, readings=Readings(dict.fromkeys(rows(version), term)), by=by, at=MONDAY
    )


def anew(version: ProcedureVersion, term: str, by: Officer, **more) -> ProcedureVersion:
    readings = Readings(dict.fromkeys(rows(version), term), **more)
    return correct(
        version.pk, readings=readings, reason="gõ nhầm, Luật Hộ tịch Đ5", by=by, at=MONDAY
    )


def html(response, status: int = 200) -> str:
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


# --- the verb -------------------------------------------------------------------------------------


def test_a_correction_is_a_new_version_with_the_same_record(controller) -> None:
    old = confirmed(controller)
    new = anew(old, "trong ngày", controller)
    old.refresh_from_db()
    assert (old.status, old.effective_to, terms(old)) == (
        Status.READY,
        TODAY,
        ["5 ngày làm việc"] * 2,
    )
    assert (new.number, new.status, new.effective_from, new.effective_to) == (
        2,
        Status.READY,
        TODAY,
        None,
    )
    assert (terms(new), new.content_hash, new.corrects) == (
        ["trong ngày"] * 2,
        old.content_hash,
        old,
    )
    assert VersionSource.objects.get(version=new).content == (
        VersionSource.objects.get(version=old).content
    )
    papers = [
        list(Paper.objects.filter(case__version=one).values_list("name", "group", "originals"))
        for one in (old, new)
    ]
    assert papers[0] == papers[1] != []
    act = CatalogueAct.objects.get(version=new)
    assert (act.kind, act.by, act.note) == (
        ActKind.CORRECTION,
        controller,
        "gõ nhầm, Luật Hộ tịch Đ5",
    )
    assert [(row["term_before"], row["term"]) for row in act.content["rows"]] == [
        ("5 ngày làm việc", "trong ngày")
    ] * 2


@pytest.mark.parametrize(
    ("model", "copied", "own"),
    [
        (
            ProcedureVersion,
            VERSION_COLUMNS,
            # The runs follow the initials whoever writes the row (models/words.py).
            {"id", "number", "status", "effective_from", "corrects_id", "initial_runs"},
        ),
        (Method, METHOD_COLUMNS, {"id", "case_id"}),
        (Paper, PAPER_COLUMNS, {"id", "case_id"}),
        (Case, ("order", "name"), {"id", "version_id"}),
    ],
)
def test_nothing_of_a_version_is_forgotten(model, copied, own) -> None:
    """A column that comes later is copied too, or named here."""
    there = {field.attname for field in model._meta.concrete_fields}
    assert there == set(copied) | own


def test_the_public_page_and_the_counter_have_it_at_once(controller, clerk, signed_in) -> None:
    anew(confirmed(controller), "trong ngày", controller)
    page = html(Client().get(f"/thu-tuc/{CODE}/"))
    assert "trong ngày" in page
    assert "5 ngày làm việc" not in page
    assert ProcedureVersion.objects.in_force(TODAY).get().number == 2
    assert ProcedureVersion.objects.in_force(TODAY - timedelta(days=1)).count() == 0


def test_on_the_days_before_the_old_one_still_holds(controller) -> None:
    run(record(**ONES), at=MONDAY - timedelta(days=10))
    old = version_of()
    confirm_terms(
        old.pk, readings=Readings(dict.fromkeys(rows(old), "1 ngày")), by=controller, at=MONDAY
    )
    anew(old, "trong ngày", controller)
    assert ProcedureVersion.objects.in_force(TODAY - timedelta(days=1)).get().number == 1
    assert ProcedureVersion.objects.in_force(TODAY).get().number == 2


def test_dossiers_keep_what_they_were_promised(controller) -> None:
    old = confirmed(controller)
    dossier = receive(make_office(), old.cases.get())
    promised = (dossier.due_at, dossier.term)
    new = anew(old, "trong ngày", controller)
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.version, dossier.due_at, dossier.term) == (old, *promised)
    second = receive(make_office(), new.cases.get())
    assert (second.version, second.term) == (new, "trong ngày")


def test_fees_and_single_ways_too(controller) -> None:
    run(record(methods=[method("direct", "5 Ngày làm việc"), method("online", "5 Ngày làm việc")]))
    old = version_of()
    direct, online = rows(old)
    new = correct(
        old.pk,
        readings=Readings({online: "3 ngày làm việc"}, fees={direct: 8_000}),
        reason="Nghị quyết 12",
        by=controller,
        at=MONDAY,
    )
    found = Method.objects.filter(case__version=new).order_by("channel")
    assert list(found.values_list("term", "fee_amount")) == [
        ("5 ngày làm việc", 8_000),
        ("3 ngày làm việc", 0),
    ]


@pytest.mark.parametrize(
    ("term", "reason", "code"),
    [
        ("5 ngày làm việc", "có lý do", "procedures.nothing_changed"),
        ("trong ngày", " ", "procedures.no_reason"),
        ("mau lên", "có lý do", "procedures.term_unreadable"),
    ],
)
def test_what_is_no_correction_is_refused(controller, term: str, reason: str, code: str) -> None:
    old = confirmed(controller)
    with pytest.raises(DomainError) as refused:
        correct(
            old.pk,
            readings=Readings(dict.fromkeys(rows(old), term)),
            reason=reason,
            by=controller,
            at=MONDAY,
        )
    assert refused.value.code == code
    assert sentence(refused.value)
    assert ProcedureVersion.objects.count() == 1


def test_the_second_controller_is_told_and_overwrites_nothing(controller) -> None:
    old = confirmed(controller)
    anew(old, "trong ngày", controller)
    with pytest.raises(DomainError) as refused:
        anew(old, "7 ngày", controller)
    assert refused.value.code == "procedures.corrected_first"
    assert "Đỗ Thị Hạnh đã xác nhận lại lúc 09:00 23/11/2026" in sentence(refused.value)
    assert version_of(number=2).corrects == old
    assert ProcedureVersion.objects.count() == 2


def test_what_waits_or_is_gone_is_not_corrected(controller) -> None:
    run(record(**ONES))
    with pytest.raises(DomainError, match="not_published"):
        anew(version_of(), "trong ngày", controller)
    run(record("1.000002"))
    old = version_of("1.000002")
    abolish(old.pk, decision="5/QĐ", signed=TODAY, effective=TODAY, by=controller, at=MONDAY)
    with pytest.raises(DomainError, match="ended"):
        anew(old, "trong ngày", controller)


def test_one_that_is_yet_to_come_keeps_its_day(controller) -> None:
    old = confirmed(controller)
    first = date(2027, 1, 1)
    verify_dates([old.pk], decision="9/QĐ", signed=TODAY, effective=first, by=controller, at=MONDAY)
    new = anew(old, "trong ngày", controller)
    assert (new.effective_from, new.unverified, new.decision_number) == (first, False, "9/QĐ")
    assert ProcedureVersion.objects.in_force(first).get() == new
    assert not ProcedureVersion.objects.in_force(first - timedelta(days=1)).exists()


def test_one_that_ends_on_a_day_ends_on_the_same_day(controller) -> None:
    """A wrong term can be put right although its successor is known already."""
    old = confirmed(controller)
    later = date(2026, 12, 1)
    abolish(old.pk, decision="5/QĐ", signed=TODAY, effective=later, by=controller, at=MONDAY)
    new = anew(old, "trong ngày", controller)
    assert (new.number, new.effective_to) == (3, later)
    assert ProcedureVersion.objects.in_force(TODAY).get() == new
    assert not ProcedureVersion.objects.in_force(later).exists()
    assert ProcedureVersion.objects.newest().get().status == Status.ABOLISHED


def test_dates_that_are_verified_later_never_bring_the_slip_back(controller) -> None:
    old = confirmed(controller)
    new = anew(old, "trong ngày", controller)
    for effective in (date(2026, 12, 15), date(2026, 2, 1)):
        ProcedureVersion.objects.filter(pk__in=[old.pk, new.pk]).update(unverified=True)
        verify_dates(
            [new.pk],
            decision="9/QĐ",
            signed=date(2026, 1, 20),
            effective=effective,
            by=controller,
            at=MONDAY,
        )
        new.refresh_from_db()
        assert ProcedureVersion.objects.in_force(max(effective, TODAY)).get() == new
        assert not ProcedureVersion.objects.in_force(effective - timedelta(days=1)).exists()


# --- imports afterwards ---------------------------------------------------------------------------


def test_the_same_file_changes_nothing_and_a_changed_one_goes_on_from_it(controller) -> None:
    anew(confirmed(controller), "trong ngày", controller)
    assert run(record(**ONES)).unchanged == 1
    report = run(record(name="Tên mới", **ONES), at=MONDAY + timedelta(days=1))
    assert (report.changed, version_of().number) == (1, 3)
    assert ProcedureVersion.objects.newest().count() == 1


def test_an_import_does_not_quietly_undo_a_correction(controller) -> None:
    """The record still says five days; the controller said three, by a decision."""
    run(record())
    old = version_of()
    correct(
        old.pk,
        readings=Readings(dict.fromkeys(rows(old), "3 ngày làm việc")),
        reason="QĐ 163",
        by=controller,
        at=MONDAY,
    )
    report = run(record(name="Tên mới"), at=MONDAY + timedelta(days=1))
    assert report.needs_decision == 1
    assert "đã được xác nhận là 3 ngày làm việc" in report.problems[0].reason
    assert version_of().status == Status.NEEDS_TERM


# --- taking back ----------------------------------------------------------------------------------


def test_taken_back_the_version_before_holds_again(controller) -> None:
    old = confirmed(controller)
    new = anew(old, "trong ngày", controller)
    assert take_back(new.pk, by=controller, at=MONDAY) == old
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.effective_to, new.status) == (None, Status.TAKEN_BACK)
    assert ProcedureVersion.objects.in_force(TODAY).get() == old
    again = anew(old, "7 ngày", controller)
    assert (again.number, terms(again)) == (3, ["7 ngày"] * 2)


def test_a_confirmation_is_taken_back_into_an_open_question(controller) -> None:
    old = confirmed(controller)
    waits = take_back(old.pk, by=controller, at=MONDAY)
    old.refresh_from_db()
    assert (waits.status, waits.number, terms(waits)) == (Status.NEEDS_TERM, 2, ["", ""])
    assert (old.status, terms(old)) == (Status.TAKEN_BACK, ["5 ngày làm việc"] * 2)
    assert ProcedureVersion.objects.in_force(TODAY).get() == waits
    ready = confirm_terms(
        waits.pk,
        readings=Readings(dict.fromkeys(rows(waits), "trong ngày")),
        by=controller,
        at=MONDAY,
    )
    assert ready.receivable_on(TODAY)


def test_what_was_taken_back_is_not_proposed(controller, signed_in) -> None:
    waits = take_back(confirmed(controller, "9 ngày").pk, by=controller, at=MONDAY)
    page = html(signed_in(controller).get(f"/thu-tuc/quan-ly/{waits.pk}/"))
    assert "9 ngày" not in page


def test_not_once_somebody_was_received_under_it(controller) -> None:
    new = anew(confirmed(controller), "trong ngày", controller)
    receive(make_office(), new.cases.get())
    with pytest.raises(DomainError) as refused:
        take_back(new.pk, by=controller, at=MONDAY)
    assert refused.value.code == "procedures.received_under"
    assert "1 hồ sơ" in sentence(refused.value)
    assert anew(new, "7 ngày", controller).number == 3  # confirmed anew instead


def test_not_what_others_acted_on_nor_what_nobody_confirmed(controller) -> None:
    new = anew(confirmed(controller), "trong ngày", controller)
    set_supplement_mode(new.pk, mode=SupplementMode.PAUSE, basis="TT 1", by=controller, at=MONDAY)
    with pytest.raises(DomainError, match="acted_since"):
        take_back(new.pk, by=controller, at=MONDAY)
    run(record("1.000002"))
    with pytest.raises(DomainError, match="nothing_to_take_back"):
        take_back(version_of("1.000002").pk, by=controller, at=MONDAY)


def test_twice_is_once(controller) -> None:
    new = anew(confirmed(controller), "trong ngày", controller)
    take_back(new.pk, by=controller, at=MONDAY)
    with pytest.raises(DomainError, match="not_published"):
        take_back(new.pk, by=controller, at=MONDAY)


# --- cases ----------------------------------------------------------------------------------------

SEVERAL = {
    "methods": [
        method("direct", "5 Ngày làm việc", "8000 Đồng", "Hồ sơ thường"),
        method("direct", "10 Ngày làm việc", "9000 Đồng", "Hồ sơ phải xác minh"),
    ]
}


def without_second(by: Officer) -> ProcedureVersion:
    """Confirmed with the first of two cases only."""
    run(record(**SEVERAL))
    version = version_of()
    _, second = version.cases.order_by("order")
    readings = Readings(
        dict.fromkeys(rows(version), "5 ngày làm việc"), left_out=frozenset({second.pk})
    )
    return confirm_terms(version.pk, readings=readings, by=by, at=MONDAY)


def test_a_case_that_was_left_out_is_brought_back_as_the_record_tells_it(controller) -> None:
    old = without_second(controller)
    assert old.cases.count() == 1
    (aside,) = left_out_of(old)
    first, (way,) = old.cases.get(), aside.methods.all()
    new = correct(
        old.pk,
        readings=Readings(
            {way.pk: "10 ngày làm việc"},
            case_names={first.pk: "Không phải xác minh", aside.pk: "Phải xác minh"},
            back=frozenset({aside.pk}),
        ),
        reason="Quyết định 12 có cả hai trường hợp",
        by=controller,
        at=MONDAY,
    )
    assert [str(case) for case in new.cases.order_by("order")] == [
        "Không phải xác minh",
        "Phải xác minh",
    ]
    assert terms(new) == ["5 ngày làm việc", "10 ngày làm việc"]
    back = new.cases.get(order=2)
    told = back.methods.get()
    assert (told.term_text, told.note) == ("10 Ngày làm việc", "Hồ sơ phải xác minh")
    papers = [list(case.papers.values_list("order", "name")) for case in new.cases.all()]
    assert papers[0] == papers[1] != []
    old.refresh_from_db()
    assert (old.cases.count(), old.effective_to) == (1, TODAY)
    changes = changes_of(CatalogueAct.objects.get(version=new).content)
    assert ("Trường hợp 2", "Trường hợp", "không dùng", "có") in [
        (one.where, one.what, one.before, one.after) for one in changes
    ]
    assert left_out_of(new) == []
    # Taken back, the version with one case holds again.
    assert take_back(new.pk, by=controller, at=MONDAY).cases.count() == 1


def test_a_case_that_is_brought_back_needs_its_term(controller) -> None:
    old = without_second(controller)
    (aside,) = left_out_of(old)
    with pytest.raises(DomainError) as refused:
        correct(
            old.pk,
            readings=Readings({}, case_names={aside.pk: "Hai"}, back=frozenset({aside.pk})),
            reason="có lý do",
            by=controller,
            at=MONDAY,
        )
    assert refused.value.code == "procedures.term_missing"


def test_the_page_offers_what_was_left_out_and_brings_it_back(controller, signed_in) -> None:
    old = without_second(controller)
    first = old.cases.get()
    client, address = signed_in(controller), f"/thu-tuc/quan-ly/{old.pk}/xac-nhan-lai/"
    page = html(client.get(address))
    assert "Hồ sơ phải xác minh" in page
    assert re.search(r'name="out_-2"[^>]* checked', page)
    kept = {
        f"term_{first.pk}_1": "5 ngày làm việc",
        f"fee_{first.pk}_1": "",  # two fees of one way: whoever receives writes it
        "note": "thiếu một trường hợp",
    }
    # The only case needs no name, and what stays out no term.
    assert "Chưa có gì khác" in html(client.post(address, kept | {"out_-2": "on"}), 422)
    back = kept | {
        f"name_{first.pk}": "Một",
        "name_-2": "Hai",
        "term_-2_1": "10 ngày làm việc",
        "fee_-2_1": "9000",
    }
    assert "Hãy chọn hoặc ghi thời hạn" in html(client.post(address, back | {"term_-2_1": ""}), 422)
    seen = html(client.post(address, back))
    assert "Sẽ thay đổi" in seen
    mark = re.search(r'name="seen" value="(\w+)"', seen)
    assert mark
    client.post(address, back | {"seen": mark[1]}, follow=True)
    new = version_of(number=2)
    assert [str(case) for case in new.cases.order_by("order")] == ["Một", "Hai"]
    assert terms(new) == ["5 ngày làm việc", "10 ngày làm việc"]


def test_a_version_that_uses_all_offers_nothing_to_bring_back(controller) -> None:
    assert left_out_of(confirmed(controller)) == []


# --- the pages ------------------------------------------------------------------------------------


def sent(version: ProcedureVersion, term: str, **more: str) -> dict[str, str]:
    """What the page sends when a term is typed for the first way and said to hold for all."""
    case = version.cases.get()
    return {
        f"term_{case.pk}_1": "5 ngày làm việc",  # as the page came
        f"other_{case.pk}_1": term,
        f"term_{case.pk}_2": "5 ngày làm việc",
        f"fee_{case.pk}_1": "0",
        f"fee_{case.pk}_2": "0",
        f"every_{case.pk}": "on",
        "note": "gõ nhầm",
    } | more


def test_it_is_looked_at_then_done(controller, signed_in) -> None:
    old = confirmed(controller)
    receive(make_office(), old.cases.get())
    client, address = signed_in(controller), f"/thu-tuc/quan-ly/{old.pk}/xac-nhan-lai/"
    page = html(client.get(address))
    assert "1 hồ sơ đang giải quyết" in page
    assert f"/thu-tuc/quan-ly/{old.pk}/ho-so/" in page
    seen = html(client.post(address, sent(old, "trong ngày")))
    assert "Sẽ thay đổi" in seen
    assert ProcedureVersion.objects.count() == 1
    mark = re.search(r'name="seen" value="(\w+)"', seen)
    assert mark
    done = client.post(address, sent(old, "trong ngày", seen=mark[1]), follow=True)
    page = html(done)
    assert "phiên bản 2 áp dụng từ 23/11/2026" in page
    assert "5 ngày làm việc → trong ngày" in page
    assert "gõ nhầm" in page
    assert terms(version_of(number=2)) == ["trong ngày"] * 2


def test_other_changes_than_those_seen_are_shown_again(controller, signed_in) -> None:
    old = confirmed(controller)
    client, address = signed_in(controller), f"/thu-tuc/quan-ly/{old.pk}/xac-nhan-lai/"
    mark = re.search(
        r'name="seen" value="(\w+)"', html(client.post(address, sent(old, "trong ngày")))
    )
    assert mark
    html(client.post(address, sent(old, "7 ngày", seen=mark[1])))
    assert ProcedureVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("term", "more", "words"),
    [
        ("", {}, "Chưa có gì khác"),
        ("trong ngày", {"note": ""}, "Hãy ghi lý do"),
        ("mau lên", {}, "Không đọc được thời hạn"),
    ],
)
def test_errors_stay_on_the_page(
    controller, signed_in, term: str, more: dict[str, str], words: str
) -> None:
    old = confirmed(controller)
    address = f"/thu-tuc/quan-ly/{old.pk}/xac-nhan-lai/"
    assert words in html(signed_in(controller).post(address, sent(old, term, **more)), 422)


def test_a_stale_page_is_told_who_was_first(controller, signed_in) -> None:
    old = confirmed(controller)
    anew(old, "trong ngày", controller)
    for method_ in ("get", "post"):
        response = getattr(signed_in(controller), method_)(
            f"/thu-tuc/quan-ly/{old.pk}/xac-nhan-lai/", sent(old, "7 ngày"), follow=True
        )
        assert "Đỗ Thị Hạnh đã xác nhận lại lúc 09:00" in html(response)
    assert ProcedureVersion.objects.count() == 2


def test_taking_back_from_the_history(controller, signed_in) -> None:
    new = anew(confirmed(controller), "trong ngày", controller)
    client = signed_in(controller)
    history = html(client.get(f"/thu-tuc/quan-ly/{CODE}/"))
    assert f"/thu-tuc/quan-ly/{new.pk}/rut-lai/" in history
    page = html(client.post(f"/thu-tuc/quan-ly/{new.pk}/rut-lai/", follow=True))
    assert "Phiên bản 1 lại có hiệu lực" in page
    assert "Đã rút lại" in page


def test_the_history_asks_the_same_for_2_and_5_versions(controller, signed_in, queries) -> None:
    version = anew(confirmed(controller), "trong ngày", controller)
    client = signed_in(controller)
    client.get(f"/thu-tuc/quan-ly/{CODE}/")
    counted = []
    for term in ("2 ngày", "3 ngày", "4 ngày"):
        with queries() as seen:
            html(client.get(f"/thu-tuc/quan-ly/{CODE}/"))
        counted.append(len(seen))
        version = anew(version, term, controller)
    assert len(set(counted)) == 1


def test_the_others_are_told(controller, signed_in) -> None:
    from onestop.accounts.models import Role
    from tests.world import make_agency, make_officer

    other = make_officer("Nông Văn Thắng", make_agency("Xã khác"), (Role.CONTROLLER, None))
    new = anew(confirmed(controller), "trong ngày", controller)
    told = Message.objects.filter(to_officer=other).latest("pk")
    assert "phiên bản 2 áp dụng từ 23/11/2026" in told.subject
    assert "5 ngày làm việc → trong ngày" in told.body
    take_back(new.pk, by=controller, at=MONDAY)
    assert "rút lại" in Message.objects.filter(to_officer=other).latest("pk").subject


def test_confirming_offers_to_take_it_back(controller, signed_in: Callable) -> None:
    run(record(**ONES))
    version = version_of()
    key = f"{version.cases.get().pk}_1"
    response = signed_in(controller).post(
        f"/thu-tuc/quan-ly/{version.pk}/",
        {f"term_{key}": "trong ngày", "mode": "1"},
        follow=True,
    )
    assert f"/thu-tuc/quan-ly/{version.pk}/rut-lai/" in html(response)
    assert confirm_many([], term="trong ngày", by=controller, at=MONDAY).confirmed == ()
