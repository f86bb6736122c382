"""The synthetic archive: as if worked, never beside real dossiers."""

import json
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from dossiers import generating
from dossiers.acts import endings, handovers, reception, supplements
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.clock import flags
from dossiers.generating import copies, generate, lives, rows, working
from dossiers.generating.offices import channel_of, offices
from dossiers.generating.people import company_share
from dossiers.identity import check_identity, check_phone
from dossiers.intake import secrets
from dossiers.intake.names import keys_of
from dossiers.intake.wanted import declared
from dossiers.ledger import digests
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
from dossiers.states import ENDED, State
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError
from onestop.rows import canonical
from procedures.channels import Channel
from tests.world import VN, Office, an_intake, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
NOW = vn("18/11/2026 15:00")


@pytest.fixture
def office() -> Office:
    return make_the_office()


def make_the_office() -> Office:
    office = make_office()
    for term, name in (
        ("trả ngay", "Chứng thực bản sao"),
        ("trong ngày", "Khai sinh"),
        ("7 ngày làm việc", "Xác nhận"),
        ("10 ngày", "Đất"),
    ):
        make_case(term, name=name, field="Chứng thực" if term == "trả ngay" else "Hộ tịch")
    make_case("20 ngày làm việc", name="Giấy phép", supplement_mode=2)
    make_case("8 giờ làm việc", name="Xác nhận nhanh")
    return office


def made(count: int = 400, **more: Any) -> generating.Generated:
    return generate(count=count, now=NOW, seed=3, **more)


@pytest.mark.parametrize(
    ("applicants", "field", "share"),
    [
        ("Công dân Việt Nam, Người nước ngoài, Doanh nghiệp", "Hộ tịch", 0),
        ("Doanh nghiệp, Công dân Việt Nam", "Nuôi con nuôi", 0),
        ("Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX)", "Đất đai", 0),
        ("", "Đất đai", 0),
        (
            "Tổ chức (không bao gồm doanh nghiệp, HTX), Công dân Việt Nam, Doanh nghiệp",
            "Đất đai",
            0.15,
        ),
        ("Doanh nghiệp", "Hải quan", 1),
    ],
)
def test_companies_ask_only_for_what_companies_may_ask_for(
    applicants: str, field: str, share: float
) -> None:
    assert company_share(applicants, field) == share


def test_nobody_but_people_has_a_birth_registered(office: Office) -> None:
    made(100)
    assert set(
        Dossier.objects.filter(field__name="Hộ tịch").values_list("owner_kind", flat=True)
    ) == {OwnerKind.CITIZEN}


def test_it_verifies_like_worked_dossiers_and_the_next_one_goes_on(office: Office) -> None:
    done = made()
    assert done.count == Dossier.objects.count() == 400
    found = verify(now=NOW + timedelta(days=1))
    assert found.misfit is None
    assert found.events == Event.objects.count()
    last = RegisterCounter.objects.get(agency=office.agency, year=2026).last
    worked = receive(office, make_case(), at=NOW)
    assert worked.register_number == last + 1
    assert verify(now=NOW + timedelta(days=1)).misfit is None


def test_every_text_is_the_canonical_one(office: Office) -> None:
    made(150)
    for text in Event.objects.values_list("text", flat=True):
        assert canonical(json.loads(text)) == text


# Not every dossier is brought by somebody else, has papers or scans, or was handed over before its
# end.
OPTIONAL = {"row:submitter", "row:papers", "row:files", "row:hand_overs", "row:slips"}


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
    endings.give_back(Seen(dossier.pk), endings.Taking(name="Ân"), by=clerk, at=NOW)
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


def test_its_events_are_shaped_as_the_verbs_shape_them(office: Office) -> None:
    """The same acts, each with the same keys: whatever reads an event finds in an invented one what
    it finds in a worked one.
    """
    made(600)  # every turn stands in it once at least
    invented = list(Dossier.objects.values_list("pk", flat=True))
    worked = work_them_all(office)
    assert keys_by_kind(invented) == keys_by_kind(worked)


@pytest.mark.slow
@pytest.mark.one_engine("shares are drawn in plain Python")
def test_about_one_in_twenty_is_open_and_few_are_late(office: Office) -> None:
    """In five archives together: one of them repeats too few lives to say it for any seed."""
    of_all: Counter[str] = Counter()
    for seed in range(3, 8):
        point = transaction.savepoint()
        done = generate(count=300, now=NOW, seed=seed)
        late = Dossier.objects.filter(verdict=Outcome.LATE).count()
        of_all.update(made=done.count, open=done.open, late=late)
        transaction.savepoint_rollback(point)
    assert 0.01 < of_all["open"] / of_all["made"] < 0.12
    assert 0 < of_all["late"] / of_all["made"] < 0.12


def test_most_come_online_some_to_the_counter_and_few_by_post(office: Office) -> None:
    [place] = offices(NOW)
    dice, kind = Random(3), next(kind for kind in place.kinds if kind.is_long)
    often = Counter(channel_of(kind, dice) for _ in range(3000))
    assert often[Channel.ONLINE_FULL] > often[Channel.DIRECT] > often[Channel.POST] > 0
    assert set(often) == {Channel.ONLINE_FULL, Channel.DIRECT, Channel.POST}


def test_open_ones_lie_on_every_kind_of_desk(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a few archives together: which desks one of them shows is left to chance."""
    monkeypatch.setitem(lives.TURNS, "waits", 0.5)
    monkeypatch.setattr(working, "LATELY", 0.9)
    missing = {"clerk", "specialist", "leader", "on its way", "waiting", "finished"}
    for seed in range(3, 40):
        point = transaction.savepoint()
        generate(count=60, now=NOW, seed=seed)
        open_rows = Dossier.objects.filter(ended_at=None)
        found = {
            "clerk": open_rows.filter(holder=office.clerk),
            "specialist": open_rows.filter(holder=office.specialist),
            "leader": open_rows.filter(holder=office.leader),
            "on its way": open_rows.exclude(pending_department=None),
            "waiting": open_rows.filter(state=State.AWAITING_PAPERS),
            "finished": Dossier.objects.filter(state=State.FINISHED),
        }
        missing -= {desk for desk, rows in found.items() if rows.exists()}
        transaction.savepoint_rollback(point)
        if not missing:
            return
    raise AssertionError(missing)


def test_received_in_working_hours_up_to_now_and_nothing_happens_later(office: Office) -> None:
    made(300)
    calendar = calendar_of(office.agency.pk)
    for at in Dossier.objects.values_list("received_at", flat=True):
        here = at.astimezone(VN)
        sessions = calendar.working_sessions_on(here.date())
        assert any(start <= here.time() <= end for start, end in sessions)
    assert Event.objects.filter(at__gt=NOW).count() == 0
    assert Dossier.objects.order_by("-received_at")[0].received_at <= NOW


def test_codes_follow_the_day_and_numbers_have_no_gap(office: Office) -> None:
    made(200)
    for counter in CodeCounter.objects.all():
        start = f"{office.agency.dossier_code}-{counter.day:%y%m%d}-"
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


def test_no_two_results_of_an_agency_share_their_number(office: Office) -> None:
    made(200)
    rows = Result.objects.exclude(number="").values_list("dossier__agency", "number")
    assert len(rows) == len(set(rows)) > 50


def test_people_have_real_looking_numbers_and_are_found_by_name(office: Office) -> None:
    made(120)
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


def test_spans_follow_one_another_and_hand_overs_are_in_order(office: Office) -> None:
    made(300)
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


def test_the_same_seed_tells_the_same_stories(office: Office) -> None:
    told = []
    for _ in range(2):
        point = transaction.savepoint()
        made(50)
        told.append(
            list(
                Dossier.objects.order_by("code").values_list(
                    "code", "owner_name", "received_at", "state", "ended_at"
                )
            )
        )
        transaction.savepoint_rollback(point)
    assert told[0] == told[1]
    assert len(told[0]) == 50


def test_what_is_open_is_worked_on_by_the_verbs(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "NEVER_FETCHED", 1)  # some result waits for its owner
    made(200)
    at = NOW + timedelta(minutes=30)
    dossier = Dossier.objects.filter(state=State.FINISHED)[0]
    endings.give_back(
        Seen(dossier.pk, dossier.row_version),
        endings.Taking(name=dossier.owner_name),
        by=office.desk(office.clerk),
        at=at,
    )
    assert flags.flag_overdue(at + timedelta(days=30)).late > 0
    assert verify(now=at + timedelta(days=31)).misfit is None


def test_it_refuses_beside_a_real_dossier(office: Office) -> None:
    made(20)
    made(20)  # beside its own kind it may
    receive(office, make_case(), at=NOW)
    with pytest.raises(DomainError) as refused:
        made(20)
    assert refused.value.code == "generate_real"
    assert Dossier.objects.count() == 41


def test_it_refuses_days_whose_digest_is_made(office: Office) -> None:
    made(20)
    digests.daily_digest(NOW)
    with pytest.raises(DomainError) as refused:
        made(20)
    assert refused.value.code == "generate_closed"


def test_signs_that_a_copy_could_take_for_something_else_stay_as_they_are(office: Office) -> None:
    """Percent signs and gaps of templates, tabs, line ends and backslashes of COPY."""
    odd = 'Nông\\tThị "Én"\t100%s \\N\r\n%'
    office.leader.full_name = odd
    office.leader.save()
    made(60)
    assert odd in set(Result.objects.values_list("signer", flat=True))
    assert verify(now=NOW).misfit is None


def test_years_can_be_chosen(office: Office) -> None:
    made(60, years=(2024, 2025))
    assert set(Dossier.objects.values_list("register_year", flat=True)) == {2024, 2025}
    assert not Dossier.objects.filter(ended_at=None).exists()


def test_without_officers_there_is_nothing_to_tell(db: None) -> None:
    with pytest.raises(DomainError) as refused:
        made(5)
    assert refused.value.code == "generate_nothing"


def test_the_command_answers_in_words_and_json(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("generate_dossiers", "--count", "10", "--years", "2025", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["count"], answer["open"]) == (10, 0)
    for wrong in (
        ["--count", "0"],
        ["--count", "5", "--years", "hôm qua"],
        ["--count", "5", "--years", "1999"],
    ):
        with pytest.raises(CommandError) as refused:
            call_command("generate_dossiers", *wrong)
        assert refused.value.returncode == 2


def test_an_error_while_telling_leaves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []

    copy = copies.Pattern.copy

    def dies(*given: Any) -> None:
        told.append(given)
        if len(told) == 30:
            raise ZeroDivisionError
        copy(*given)

    monkeypatch.setattr(copies.Pattern, "copy", dies)
    monkeypatch.setattr(generating, "CHUNK", 10)
    with pytest.raises(ZeroDivisionError):
        made(50)
    assert not Dossier.objects.exists()
    assert not CodeCounter.objects.exists()


@pytest.mark.postgres
def test_foreign_keys_set_aside_are_put_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keys() -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1"
            )
            return list(cursor.fetchall())

    before = keys()
    monkeypatch.setattr(rows, "MANY", 10)
    made(40)
    assert keys() == before
    assert verify(now=NOW).misfit is None
