"""The synthetic archive: as if worked, never beside real dossiers."""

import json
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from dossiers import generating
from dossiers.acts import endings
from dossiers.acts.many import Seen
from dossiers.clock import flags
from dossiers.generating import copies, generate, lives, rows, working
from dossiers.generating.offices import channel_of, offices
from dossiers.generating.people import company_share
from dossiers.ledger import digests
from dossiers.ledger.verifying import verify
from dossiers.models import (
    CodeCounter,
    Dossier,
    Result,
)
from dossiers.models.outcome import Outcome
from dossiers.states import State
from onestop.errors import DomainError
from procedures.channels import Channel
from tests.world import IN_PERSON, Office, make_case, make_office, receive, vn

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


@pytest.mark.slow
@pytest.mark.one_engine("desks are drawn in plain Python")
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


@pytest.mark.one_engine("stories are drawn in plain Python")
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
        endings.Taking(name=dossier.owner_name, told=IN_PERSON),
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
