"""The demo province: something in every queue, a password of its own, never over anything else."""

import stat
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dossiers import demo
from dossiers.acts.outgoing import waiting_results
from dossiers.demo import ACCOUNTS, demo_password, make_demo, password_file
from dossiers.desk.counting import count_desk
from dossiers.desk.post import waiting
from dossiers.generating import lives
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, OnlineFiling, Slip, Supplement
from dossiers.models.apology import Apology
from dossiers.models.appointments import StepAppointment
from dossiers.models.collecting import ResultNotice
from dossiers.models.correcting import ReceptionCorrection
from dossiers.models.decision import ClockDecision
from dossiers.models.elsewhere import Elsewhere
from dossiers.models.envelopes import Envelope
from dossiers.models.outgoing import OutgoingDocument
from dossiers.models.post import PostalItem, PostalNote
from dossiers.models.repairs import Correction, Loss
from dossiers.models.tax_transfer import TaxTransfer
from dossiers.models.voiding import VoidRequest
from dossiers.states import State
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Agency, Officer
from onestop.changes.verifying import faults
from onestop.errors import DomainError
from reports.duties.owing import owed
from reports.models import LateCause
from reports.periods import parse
from tests.world import make_office, vn

pytestmark = pytest.mark.django_db
# A Thursday in the morning, in the middle of an ordinary week.
NOW = vn("19/11/2026 10:30")
# Pages that show something, and to whom.
SHOWN = {
    "tiepnhan": (
        "/thu-tien/", "/thu-tien/chua-thu/", "/thu-tien/khoan-den/", "/thu-tien/sao-ke/", "/viec/phoi-hop/",
        "/tra-ket-qua/chua-nhan/",
    ),
    "lanhdao": ("/thu-tien/quyet-toan/", "/thu-tien/quyen/", "/dieu-hanh/hai-long/"),
    "buudien": ("/gui-ho/",),
    "chuyenvien": ("/lay-y-kien/",),
    "vhxh.chuyenvien": ("/lay-y-kien/",),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "COUNT", 900)


def test_every_queue_of_the_first_commune_has_something(
    signed_in: Callable[[Officer], Any],
) -> None:
    done = make_demo(now=NOW)
    assert done.made
    counts = {}
    for username in ("tiepnhan", "chuyenvien", "lanhdao"):
        desk = desk_of(Officer.objects.get(username=username), NOW)
        counts[username] = count_desk(desk, NOW)
    assert counts["tiepnhan"]["accept"] > 0
    assert counts["tiepnhan"]["hand"] > 0
    assert counts["tiepnhan"]["forward"] > 0
    assert counts["chuyenvien"]["accept"] > 0
    assert counts["chuyenvien"]["soon"] > 0
    assert counts["chuyenvien"]["late"] > 0
    assert counts["chuyenvien"]["waiting"] > 0
    assert counts["lanhdao"]["accept"] > 0
    commune = Agency.objects.get(code="H37.05986")
    assert Dossier.objects.filter(agency=commune, state=State.FINISHED).count() > 0
    assert Slip.objects.filter(agency=commune).count() > 10
    assert Dossier.objects.filter(agency=commune, state=State.AWAITING_PAYMENT).exists()
    waiting = OnlineFiling.objects.filter(agency=commune, state=OnlineFiling.State.WAITING)
    assert waiting.filter(accept_by__lte=NOW).exists()
    assert waiting.filter(accept_by__gt=NOW).count() > 1
    assert verify(now=NOW).misfit is None
    for username, addresses in SHOWN.items():
        client = signed_in(Officer.objects.get(username=username))
        for address in addresses:
            page = client.get(address)
            there = 'class="empty"' not in page.content.decode()
            assert (address, page.status_code, there) == (address, 200, True)
    assert LateCause.objects.filter(dossier__agency=commune).exists()
    causes = LateCause.objects.filter(dossier__agency__code__in=("H37.08", "H37.12"))
    assert causes.count() > 5
    assert causes.values("cause").distinct().count() > 3
    assert all(one.recorded_at <= NOW for one in causes)
    assert list(faults()) == []
    months = {(at.year, at.month) for at in Dossier.objects.values_list("received_at", flat=True)}
    assert len(months) == 17  # as many as there have been since the offices opened
    month = owed(list(Agency.objects.all()), [parse("2026M11")], NOW.date())
    states = {one.state.value for one in month if one.state != "khong-phai-nop"}
    assert states == {"da-gui", "tra-lai", "tre"}
    _every_turn_is_shown(commune)
    for agency in ("H37.06184", "H37.06529", "H37.01"):
        assert Dossier.objects.filter(received_by_agency__code=agency, ended_at=None).exists()


def _every_turn_is_shown(commune: Agency) -> None:
    """A stranger finds some of each turn a dossier can take, where people look for it."""
    assert Dossier.objects.filter(agency=commune, state=State.VOIDED).count() == 1
    assert VoidRequest.objects.filter(closed_at=None).count() == 1
    assert ReceptionCorrection.objects.exists()
    taken = ClockDecision.objects.filter(dossier__agency=commune)
    assert taken.filter(mode="extend", late=False).count() == 1
    assert taken.filter(mode="exclude").count() == 2
    assert taken.filter(mode="exclude", closed_at__isnull=False).count() == 1
    assert {one.law != "" for one in taken.filter(late=True)} == {True, False}
    sorry = Apology.objects.filter(dossier__agency=commune)
    assert {one.late for one in sorry} == {True, False}
    assert OutgoingDocument.objects.filter(agency=commune, slip__isnull=False).exists()
    sent = TaxTransfer.objects.filter(dossier__agency=commune)
    assert sent.filter(answered_at=None).count() == 1
    assert sent.filter(nothing_due=True).count() == 1
    assert Supplement.objects.filter(dossier__agency=commune, round=2).count() == 1
    assert ResultNotice.objects.exists()
    assert Correction.objects.to_deliver().count() == 1
    assert Loss.objects.count() == 1
    assert StepAppointment.objects.count() == 1
    kinds = Elsewhere.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == [Elsewhere.Kind.PAPER, Elsewhere.Kind.PAPER, Elsewhere.Kind.MOBILE]
    letters = PostalItem.objects.filter(agency=commune)
    states = sorted(one.state_words for one in letters)
    assert states == ["Phát không thành", "Đang chuyển", "Đã chuyển hoàn", "Đã phát"]
    assert waiting(commune.pk).count() >= 1
    brought = PostalNote.objects.filter(agency=commune, way=PostalNote.Way.IN)
    assert sorted(one.is_open for one in brought) == [False, True]
    assert Envelope.objects.get().parts.count() == 3
    desk = desk_of(Officer.objects.get(username="vanthu"), NOW)
    assert waiting_results(desk).count() == 2


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("28/11/2026 10:00", "2025-07-01"),
        ("30/12/2026 10:00", "2025-07-01"),
        ("15/03/2027 10:00", "2025-09-13"),
    ],
)
def test_it_has_eighteen_months_but_none_before_its_offices_were_there(
    now: str, first: str
) -> None:
    assert demo.first_day(vn(now)).isoformat() == first


def test_it_is_made_once_and_a_second_run_keeps_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "COUNT", 60)
    call_command("demo")
    first = capsys.readouterr().out
    assert demo_password() in first
    assert all(name in first for name, _ in ACCOUNTS)
    count = Dossier.objects.count()
    call_command("demo", "--if-empty")
    assert "để nguyên" in capsys.readouterr().out
    assert Dossier.objects.count() == count
    with pytest.raises(CommandError, match="đã có cơ quan hoặc hồ sơ") as refused:
        call_command("demo")
    assert refused.value.returncode == 1


def test_never_into_somebody_elses_database() -> None:
    make_office()
    assert not make_demo(now=NOW, if_empty=True).made
    with pytest.raises(DomainError):
        make_demo(now=NOW)
    assert not Dossier.objects.exists()


def test_data_of_ones_own_are_no_demo() -> None:
    """No portal of ours speaks to them (tools/prepare.py)."""
    assert not demo.is_here()
    call_command("demo", "--organisation-only")
    assert demo.is_here()
    Officer.objects.filter(username="kiemsoat").update(username="cua.minh")
    assert not demo.is_here()


def test_the_accounts_sign_in_with_the_installations_own_password(client: Any) -> None:
    call_command("demo", "--organisation-only")
    assert not Dossier.objects.exists()
    assert stat.S_IMODE(password_file().stat().st_mode) == 0o600
    for username, _ in ACCOUNTS:
        officer = Officer.objects.get(username=username)
        assert officer.check_password(demo_password())
        assert not officer.must_change_password


def test_the_accounts_are_in_use_though_nobody_says_that_it_is_a_demo(
    client: Any, settings: Any
) -> None:
    """They exist since the offices opened; an account unused for so long is closed (R-141)."""
    settings.DEMO = False
    call_command("demo", "--organisation-only")
    signed = {"username": "tiepnhan", "password": demo_password()}
    assert client.post("/dang-nhap/", signed).status_code == 302
    assert client.post("/dang-nhap/", signed | {"username": "quantri"}).status_code == 302
    assert not Officer.objects.filter(is_active=False).exists()
    assert not Officer.objects.filter(must_change_password=True).exists()


def test_the_password_of_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "Demo-cua-toi@1")
    assert demo_password() == "Demo-cua-toi@1"
    monkeypatch.delenv("DEMO_PASSWORD")
    assert demo_password() == "Demo-cua-toi@1"  # kept for the next run


def test_generating_into_an_empty_database_brings_its_own_organisation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(lives.TURNS, "stopped", 2)
    call_command("generate_dossiers", "--count", "120")
    assert Dossier.objects.count() == 120
    heads = [
        (slip.slug, slip.snapshot["office"]["agency"], slip.agency.name)
        for slip in Slip.objects.select_related("agency")
    ]
    assert [head for head in heads if head[1] != head[2]] == []
    # Notices of stopping are made by whoever handles: here by both departments.
    assert len({name for slug, _, name in heads if slug == "dung" and "Sở" in name}) == 2
    assert Agency.objects.filter(code="H37").exists()
    assert verify(now=timezone.now()).misfit is None
