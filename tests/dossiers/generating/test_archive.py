"""One synthetic archive, looked at from all sides: as if worked."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from dossiers.acts import endings, handovers, reception, supplements
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.identity import check_identity, check_phone
from dossiers.intake import secrets
from dossiers.intake.names import keys_of
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import (
    CodeCounter,
    Dossier,
    Event,
    HandOver,
    NameKey,
    RegisterCounter,
    Result,
    Span,
)
from dossiers.models.dossier import OwnerKind
from dossiers.models.handover import Purpose
from dossiers.models.outcome import Outcome
from dossiers.states import ENDED
from onestop.accounts.calendars import calendar_of
from onestop.rows import canonical
from procedures.channels import Channel
from tests.dossiers.generating.conftest import MADE
from tests.dossiers.generating.test_generating import NOW
from tests.world import IN_PERSON, VN, Office, an_intake, make_case, receive

pytestmark = pytest.mark.django_db


def test_nobody_but_people_has_a_birth_registered(archive: Office) -> None:
    assert set(
        Dossier.objects.filter(field__name="Hộ tịch").values_list("owner_kind", flat=True)
    ) == {OwnerKind.CITIZEN}


def test_it_verifies_like_worked_dossiers_and_the_next_one_goes_on(archive: Office) -> None:
    assert Dossier.objects.count() == MADE
    found = verify(now=NOW + timedelta(days=1))
    assert found.misfit is None
    assert found.events == Event.objects.count()
    last = RegisterCounter.objects.get(agency=archive.agency, year=2026).last
    worked = receive(archive, make_case(), at=NOW)
    assert worked.register_number == last + 1
    assert verify(now=NOW + timedelta(days=1)).misfit is None


def test_every_text_is_the_canonical_one(archive: Office) -> None:
    for text in Event.objects.values_list("text", flat=True):
        assert canonical(json.loads(text)) == text


# Not every dossier is brought by somebody else, has papers or scans, was handed over before its end,
# or is given back before its promise.
OPTIONAL = {
    "row:submitter", "row:papers", "row:files", "row:hand_overs", "row:slips", "row:notices", "told_early",
}  # fmt: skip


def keys_by_kind(pks: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind, text in Event.objects.filter(dossier__in=pks).values_list("kind", "text"):
        payload = json.loads(text)
        names = [*payload, *payload["data"], *(f"row:{name}" for name in payload.get("rows", {}))]
        found.setdefault(kind, set()).add(
            ",".join(sorted(name for name in names if name not in OPTIONAL))
        )
    return found


def work_them_all(office: Office) -> list[int]:
    """One dossier of each way, through the verbs: waited and returned, withdrawn, at once."""
    clerk, specialist, leader = (
        office.desk(o, NOW) for o in (office.clerk, office.specialist, office.leader)
    )
    dossier = receive(office, make_case("20 ngày làm việc"), at=NOW)
    handovers.hand_over(
        dossier, to=office.room, step=NextStep(order=2, name="Xử lý", minutes=960), by=clerk, at=NOW
    )
    handovers.confirm(Seen(dossier.pk), by=specialist, at=NOW)
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=NOW)
    supplements.complete(Seen(dossier.pk), by=clerk, at=NOW)
    endings.record_result(
        Seen(dossier.pk),
        endings.ResultIn(number="1", issued_on=NOW.date(), signer="T"),
        by=specialist,
        at=NOW,
    )
    for to, by, who, purpose in (
        (office.leadership, specialist, leader, Purpose.APPROVE),
        (office.counter, leader, clerk, Purpose.RETURN),
    ):
        dossier.refresh_from_db()
        handovers.hand_over(
            dossier, to=to, step=NextStep(name="Bước", purpose=purpose), by=by, at=NOW
        )
        handovers.confirm(Seen(dossier.pk), by=who, at=NOW)
    endings.give_back(Seen(dossier.pk), endings.Taking(name="Ân", told=IN_PERSON), by=clerk, at=NOW)
    gone = receive(office, make_case(), at=NOW, channel=Channel.ONLINE_FULL)
    endings.withdraw(Seen(gone.pk), endings.EndingIn("", "Đổi ý"), by=clerk, at=NOW)
    stopped = receive(office, make_case(), at=NOW)
    why = endings.EndingIn(
        "A", "Thôi", stage="B", decision_number="1/QĐ", signer="T", fee_consequence="Không thu"
    )
    endings.stop(Seen(stopped.pk), why, by=leader, at=NOW)
    at_once = reception.receive_and_return(
        an_intake(office, make_case("trả ngay")), by=clerk, at=NOW
    )
    return [dossier.pk, gone.pk, stopped.pk, at_once.pk]


def test_its_events_are_shaped_as_the_verbs_shape_them(archive: Office) -> None:
    """The same acts, each with the same keys: whatever reads an event finds in an invented one what
    it finds in a worked one.
    """
    invented = list(Dossier.objects.values_list("pk", flat=True))
    worked = work_them_all(archive)
    assert keys_by_kind(invented) == keys_by_kind(worked)


def test_received_in_working_hours_up_to_now_and_nothing_happens_later(archive: Office) -> None:
    calendar = calendar_of(archive.agency.pk)
    for at in Dossier.objects.values_list("received_at", flat=True):
        here = at.astimezone(VN)
        sessions = calendar.working_sessions_on(here.date())
        assert any(start <= here.time() <= end for start, end in sessions)
    assert Event.objects.filter(at__gt=NOW).count() == 0
    assert Dossier.objects.order_by("-received_at")[0].received_at <= NOW


def test_codes_follow_the_day_and_numbers_have_no_gap(archive: Office) -> None:
    for counter in CodeCounter.objects.all():
        start = f"{archive.agency.dossier_code}-{counter.day:%y%m%d}-"
        codes = (
            Dossier.objects.filter(code__startswith=start)
            .order_by("received_at", "id")
            .values_list("code", flat=True)
        )
        assert list(codes) == [f"{start}{n:04d}" for n in range(1, counter.last + 1)]
    numbers = (
        Dossier.objects.filter(register_year=2026)
        .order_by("register_number")
        .values_list("register_number", flat=True)
    )
    assert list(numbers) == list(range(1, len(numbers) + 1))


def test_no_two_results_of_an_agency_share_their_number(archive: Office) -> None:
    rows = Result.objects.exclude(number="").values_list("dossier__agency", "number")
    assert len(rows) == len(set(rows)) > 50


def test_people_have_real_looking_numbers_and_are_found_by_name(archive: Office) -> None:
    for dossier in Dossier.objects.all():
        assert (
            check_identity(
                dossier.identity_kind, dossier.identity_number, date(2026, 11, 18)
            ).findings
            == ()
        )
        assert check_phone(dossier.phone).findings == ()
        keys = set(NameKey.objects.filter(dossier=dossier).values_list("text", flat=True))
        assert set(keys_of(dossier.owner_name)) <= keys
    assert secrets.matches(dossier, secrets.secret_of(dossier))


def test_spans_follow_one_another_and_hand_overs_are_in_order(archive: Office) -> None:
    for dossier in Dossier.objects.prefetch_related("spans", "hand_overs"):
        spans = sorted(dossier.spans.all(), key=lambda s: s.pk)
        assert [s.to_at for s in spans[:-1]] == [s.from_at for s in spans[1:]]
        assert spans[-1].to_at is None
        assert (spans[-1].group == Span.Group.ENDED) == (dossier.state in ENDED)
        times = [
            t
            for h in dossier.hand_overs.all()
            for t in (h.given_at, h.confirmed_at)
            if t is not None
        ]
        assert times == sorted(times)
    assert HandOver.objects.filter(outcome=Outcome.LATE).exists()
