"""What is written past the one writer is found, and named. Tampering goes through the tests' one
door.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from dossiers.acts import endings, handovers, immediate, reception, supplements, taking_back
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.ledger import closed_days, digests, verifying
from dossiers.ledger.promises import Promises, changes_in
from dossiers.ledger.stored import Reach, stored
from dossiers.ledger.tables import tables
from dossiers.ledger.verifying import Misfit, Verified, verify
from dossiers.models import AgencyDigest, Dossier, DossierPaper, Event, NameKey, Slip, Span
from dossiers.tasks import daily_digest as digest_task
from onestop.accounts.calendars import calendar_of
from onestop.changes.domain import kept
from onestop.guards import unguarded
from onestop.outbox.models import Message
from onestop.rows import GENESIS, canonical, chain
from tests.world import IN_PERSON, MONDAY, Office, an_intake, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """Received, waited and completed, handed over and confirmed: nine events of the ordinary kind."""
    dossier = receive(office, make_case())
    clerk, step = office.desk(office.clerk), NextStep(order=2, name="Xử lý")
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=MONDAY)
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
    supplements.complete(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=20))
    dossier.refresh_from_db()
    handovers.hand_over(
        dossier, to=office.room, step=step, by=clerk, at=MONDAY + timedelta(minutes=25)
    )
    handovers.recall(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=26))
    dossier.refresh_from_db()
    handovers.hand_over(
        dossier, to=office.room, step=step, by=clerk, at=MONDAY + timedelta(minutes=27)
    )
    handovers.confirm(
        Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY + timedelta(hours=1)
    )
    dossier.refresh_from_db()
    return dossier


def misfit() -> Misfit | None:
    return verify(now=TUESDAY).misfit


def sql(text: str, *values: object) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(text, values)


def rewrite(event: Event, **columns: Any) -> None:
    with unguarded():
        Event.objects.filter(pk=event.pk).update(**columns)


def event_of(dossier: Dossier, seq: int) -> Event:
    return Event.objects.get(dossier=dossier, seq=seq)


def test_worked_dossiers_fit(office: Office, dossier: Dossier) -> None:
    receive(office, make_case(), owner="Lê Thị Bé")
    done = verify(now=TUESDAY)
    assert done.misfit is None
    assert (done.dossiers, done.events) == (2, Event.objects.count())


def test_a_changed_text_is_found(dossier: Dossier) -> None:
    event = event_of(dossier, 3)
    rewrite(event, text=event.text.replace("take_back", "take_bock"))
    found = misfit()
    assert found is not None
    assert (found.dossier, found.event) == (dossier.code, 3)
    assert "mã băm" in found.what


def test_what_events_say_is_stored_in_less_than_a_third(dossier: Dossier) -> None:
    said = sum(len(event.text.encode()) for event in Event.objects.filter(dossier=dossier))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(length(text)) FROM dossiers_event")
        (stored,) = cursor.fetchone()
    assert int(stored) * 3 < said


@pytest.mark.parametrize("stored", [b"", b"\1\xff\xff", b"\7{}"])
def test_bytes_that_nobody_packed_are_found(dossier: Dossier, stored: bytes) -> None:
    """And verification goes on to the next dossier."""
    sql("UPDATE dossiers_event SET text = %s WHERE id = %s", stored, event_of(dossier, 3).pk)
    found = verify(now=TUESDAY)
    assert (found.misfits[0].dossier, found.misfits[0].event) == (dossier.code, 3)
    assert "mã băm" in found.misfits[0].what


def test_bytes_of_a_slip_that_nobody_packed_are_found(dossier: Dossier) -> None:
    sql("UPDATE dossiers_slip SET snapshot = %s", b"\1\xff")
    found = misfit()
    assert found is not None
    assert found.what.startswith("phiếu đã lập: nội dung in của dòng số")


def test_a_changed_column_beside_the_text_is_found(dossier: Dossier) -> None:
    sql(
        "UPDATE dossiers_event SET at = %s WHERE id = %s",
        vn("20/11/2026 09:00"),
        event_of(dossier, 2).pk,
    )
    found = misfit()
    assert found is not None
    assert (found.dossier, found.event, found.what) == (
        dossier.code,
        2,
        "các cột không khớp với nội dung đã ghi",
    )


def test_a_deleted_last_event_is_found(dossier: Dossier) -> None:
    sql("DELETE FROM dossiers_event WHERE id = %s", event_of(dossier, dossier.event_seq).pk)
    found = misfit()
    assert found is not None
    assert (found.dossier, found.event) == (dossier.code, dossier.event_seq)
    assert "thiếu sự kiện cuối" in found.what


def test_a_deleted_middle_event_is_found(dossier: Dossier) -> None:
    sql("DELETE FROM dossiers_event WHERE id = %s", event_of(dossier, 4).pk)
    found = misfit()
    assert found is not None
    assert (found.dossier, found.event, found.what) == (dossier.code, 4, "thiếu sự kiện số 4")


def test_a_chain_forged_from_the_middle_on_is_found_by_the_head(dossier: Dossier) -> None:
    """Whoever rewrites an event and all hashes after it must also rewrite the dossier."""
    previous = event_of(dossier, dossier.event_seq - 1).hash
    last = event_of(dossier, dossier.event_seq)
    text = last.text.replace('"difference":false', '"difference":true')
    rewrite(last, text=text, hash=chain(previous, text))
    found = misfit()
    assert found is not None
    assert found.dossier == dossier.code


def test_changed_columns_of_the_dossier_are_found(dossier: Dossier) -> None:
    for column, value, word in (
        ("due_at", vn("31/12/2026 17:00"), "ngày hẹn trả"),
        ("holder_id", dossier.received_by_id, "người giữ"),
        ("state", 2, "trạng thái"),
    ):
        before = getattr(Dossier.objects.get(pk=dossier.pk), column)
        Dossier.objects.filter(pk=dossier.pk).update(**{column: value})
        found = misfit()
        assert found is not None
        assert found.dossier == dossier.code
        assert word in found.what
        Dossier.objects.filter(pk=dossier.pk).update(**{column: before})
    assert misfit() is None


def test_a_promise_that_the_ledger_does_not_give_is_found(dossier: Dossier) -> None:
    """Even when columns, events, seals and hashes were all rewritten together."""
    assert promise_fault(dossier) == ""
    dossier.clock_changes.filter(undone_at=None).update(end=MONDAY + timedelta(days=2))
    assert promise_fault(dossier) == "ngày hẹn trả không khớp với sổ thời hạn của hồ sơ"


def promise_fault(dossier: Dossier) -> str:
    reach = Reach(ids=(dossier.pk,))
    [as_stored] = stored(Dossier.objects.filter(pk=dossier.pk))
    moved = changes_in(reach)[dossier.pk]
    return Promises().fault(as_stored, calendar_of(dossier.agency_id), moved)


def test_the_hash_before_stands_on_the_event_before_only(dossier: Dossier) -> None:
    """Another hash there breaks that event and the one that follows it; none of the others."""
    rewrite(event_of(dossier, 4), hash="1" * 64)
    found = verify(now=TUESDAY).misfits
    assert [one.event for one in found if "mã băm" in one.what] == [4, 5]


def test_an_act_the_table_does_not_know_is_found(dossier: Dossier) -> None:
    event = event_of(dossier, 1)
    text = event.text.replace('"kind":"receive"', '"kind":"give_back"')
    rewrite(event, text=text, kind="give_back", hash=chain(GENESIS, text))
    found = misfit()
    assert found is not None
    assert found.event == 1
    assert "không thể xảy ra" in found.what


def remove(dossier: Dossier) -> None:
    """A dossier with everything that hangs on it, past the verbs and the guards."""
    with unguarded():
        for model in (Span, Slip, DossierPaper, NameKey):
            model.objects.filter(dossier=dossier).delete()
        Event.objects.filter(dossier=dossier)._raw_delete("default")
        Dossier.objects.filter(pk=dossier.pk)._raw_delete("default")


def test_a_removed_dossier_leaves_a_hole_in_the_register(office: Office) -> None:
    case = make_case()
    removed, _ = receive(office, case), receive(office, case)
    remove(removed)
    found = misfit()
    assert found is not None
    assert found.agency == office.agency.code
    assert "thiếu hồ sơ số 1" in found.what


def test_a_removed_dossier_is_found_by_the_days_digest_though_the_register_was_rewritten(
    office: Office,
) -> None:
    from dossiers.models import RegisterCounter

    receive(office, make_case())
    removed = receive(office, make_case())
    digests.daily_digest(TUESDAY)
    assert misfit() is None
    remove(removed)
    RegisterCounter.objects.update(last=1)
    found = misfit()
    assert found is not None
    assert (found.agency, found.day) == (office.agency.code, "23/11/2026")
    assert "có 2 sự kiện, nay có 1" in found.what


def test_a_day_emptied_and_an_event_added_behind_are_found(office: Office) -> None:
    from dossiers.models import RegisterCounter

    only = receive(office, make_case())
    other = receive(office, make_case(), at=MONDAY + timedelta(days=2))
    digests.daily_digest(MONDAY + timedelta(days=4))
    remove(only)
    RegisterCounter.objects.update(last=1)
    Dossier.objects.filter(pk=other.pk).update(register_number=1)
    found = next(closed_days.misfits(Verified(), None, MONDAY + timedelta(days=4)))
    assert found.day == "23/11/2026"
    assert "mất toàn bộ 1 sự kiện" in found.what


def test_a_removed_digest_breaks_the_chain_of_days(office: Office) -> None:
    receive(office, make_case())
    receive(office, make_case(), at=MONDAY + timedelta(days=2))
    digests.daily_digest(MONDAY + timedelta(days=4))
    with unguarded():
        AgencyDigest.objects.filter(agency=office.agency).order_by("day")[:1].get().delete()
    missing, broken = verify(now=MONDAY + timedelta(days=4)).misfits
    assert (missing.day, missing.what) == (
        "23/11/2026",
        "có sự kiện nhưng không có mã băm của ngày",
    )
    assert (broken.day, broken.what) == (
        "25/11/2026",
        "mã băm không nối với mã băm được chốt trước nó",
    )


def test_digests_are_made_for_every_missed_day_once_and_leave_the_machine(office: Office) -> None:
    elsewhere, later_case = make_office("Ủy ban nhân dân xã Tân Lập"), make_case()
    receive(office, make_case())
    receive(office, make_case(), at=MONDAY + timedelta(days=2))
    receive(elsewhere, make_case())
    assert digests.daily_digest(MONDAY) == 0  # the day is not over
    assert digests.daily_digest(MONDAY + timedelta(days=4)) == 4  # one of what is no dossier's
    assert digests.daily_digest(MONDAY + timedelta(days=4)) == 0
    first, second = AgencyDigest.objects.filter(agency=office.agency).order_by("day")
    assert second.previous == first.hash
    letters = Message.objects.filter(kind="digest", object_kind="agency")
    letter = letters.get(to_officer=office.controller)
    assert letter.to_email == office.controller.email
    assert first.hash in letter.body
    assert second.hash in letter.body
    assert letters.count() == 2
    receive(office, later_case, at=MONDAY + timedelta(days=5))
    assert digests.daily_digest(MONDAY + timedelta(days=7)) == 1
    assert verify(now=MONDAY + timedelta(days=7)).days == 5


def test_the_task_runs(office: Office) -> None:
    receive(office, make_case(), at=vn("20/11/2026 09:00"))
    digest_task()
    assert AgencyDigest.objects.count() <= 1


def test_the_command_names_the_place_and_exits_with_one(
    office: Office, dossier: Dossier, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_events", "--json")
    assert '"ok": true' in capsys.readouterr().out
    Dossier.objects.filter(pk=dossier.pk).update(due_at=vn("31/12/2026 17:00"))
    with pytest.raises(CommandError, match=dossier.code) as refused:
        call_command("verify_events", "--agency", office.agency.code)
    assert refused.value.returncode == 1
    with pytest.raises(CommandError) as refused:
        call_command("verify_events", "--agency", "KHONG.CO")
    assert refused.value.returncode == 2


def test_memory_is_flat_and_queries_follow_chunks(
    office: Office, queries: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()
    for _ in range(5):
        receive(office, case)
    monkeypatch.setattr(verifying, "CHUNK", 2)
    with queries() as seen:  # type: ignore[attr-defined]
        done = verify(now=TUESDAY)
    assert (done.dossiers, done.misfit) == (5, None)
    assert len(seen) <= 3 * (len(tables()) + 9) + 2 * len(kept()) + 20


def test_the_canonical_text_is_one_text_for_one_content() -> None:
    assert canonical({"b": 1, "a": "Đ"}) == canonical({"a": "Đ", "b": 1}) == '{"a":"Đ","b":1}'


def test_every_kind_of_taking_back_fits(office: Office) -> None:
    """A wait, a withdrawal while waiting, an end, a return, a line of the short path that is
    promised after all.
    """
    clerk = office.desk(office.clerk)
    dossier = receive(office, make_case())
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
    endings.withdraw(
        Seen(dossier.pk), endings.EndingIn("", "Đổi ý"), by=clerk, at=MONDAY + timedelta(days=2)
    )
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(days=2))
    supplements.complete(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(days=3))
    data = endings.ResultIn(number="1", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn")
    endings.record_result(Seen(dossier.pk), data, by=clerk, at=MONDAY + timedelta(days=3))
    for _ in range(2):
        endings.finish(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(days=3), note="Sở ký")
        taking_back.take_back(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(days=3))
    endings.finish(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(days=3), note="Sở ký")
    endings.give_back(
        Seen(dossier.pk),
        endings.Taking(name="Ân", told=IN_PERSON),
        by=clerk,
        at=MONDAY + timedelta(days=3),
    )
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(days=3))
    line = reception.receive_and_return(
        an_intake(office, make_case("trả ngay")), by=clerk, at=MONDAY
    )
    immediate.promise_instead(Seen(line.pk), by=clerk, at=MONDAY)
    immediate.give_back_now(Seen(line.pk), by=clerk, at=MONDAY + timedelta(hours=1))
    assert verify(now=MONDAY + timedelta(days=4)).misfit is None
