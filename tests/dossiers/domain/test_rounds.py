"""A later round tells the earlier ones in full, on form 02 and on the page, and what it names for
the first time is told to the head (R-44, R-50).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import guiding, supplements
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.desk import rounds
from dossiers.desk.rounds import Round, fresh
from dossiers.intake.wanted import Wanted, What, declared
from dossiers.ledger.verifying import verify
from dossiers.models import CounterVisit, Dossier, Slip, Supplement
from onestop.outbox.models import Message
from procedures.models import Case
from tests.clock import Clock
from tests.dossiers.domain.test_matters import guide
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def case() -> Case:
    return make_case()


def ask(
    office: Office, dossier: Dossier, hours: int, items: list[Wanted], **more: Any
) -> Supplement:
    at = MONDAY + timedelta(hours=hours)
    said = {"reason": "Thiếu"} | more
    return supplements.ask(
        Seen(dossier.pk), items=items, by=office.desk(office.clerk, at), at=at, **said
    )


def complete(office: Office, dossier: Dossier, hours: int) -> None:
    at = MONDAY + timedelta(hours=hours)
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, at), at=at)


def again(office: Office) -> dict[str, Any]:
    return {"approver": office.head, "approval_reason": "Luật mới"}


def papers(case: Case, *places: int) -> list[Wanted]:
    listed = list(case.papers.filter(is_note=False).order_by("order"))
    return [Wanted(What.PAPER, "thiếu", listed[place].pk) for place in places]


def told(office: Office) -> int:
    return Message.objects.filter(kind="new_wants", to_officer=office.head).count()


def test_what_is_new_is_told_by_papers_and_words() -> None:
    line = {"what": "paper", "name": "Tờ khai", "note": "thiếu 01 bản", "paper": 1}
    other = line | {"name": "Sổ hộ khẩu"}
    words = {"what": "declared", "name": "Nội dung kê khai", "note": "ngày sinh", "paper": None}
    first = Round(MONDAY, (line, words), "Chưa đủ")
    assert not fresh([line | {"note": "mờ"}, words], "CHƯA ĐỦ", [first])
    assert fresh([line, other], "Chưa đủ", [first]).places == (1,)
    assert fresh([words | {"note": "nơi sinh"}], "Chưa đủ", [first]).places == (0,)
    assert fresh([line], "Lý do khác", [first]).reason
    # Against the first, whatever a later one has added since.
    later = Round(MONDAY, (other,), "Chưa đủ")
    assert fresh([other], "Chưa đủ", [first, later]).places == (0,)
    assert not fresh([other], "", [])


def test_form_02_of_a_later_round_holds_the_earlier_ones_in_full(
    office: Office, case: Case, signed_in: Callable[..., Client], clock: Clock
) -> None:
    guide(office, case)
    dossier = receive(office, case, at=MONDAY + timedelta(hours=1))
    ask(office, dossier, 2, declared("Nơi sinh"), **again(office))
    complete(office, dossier, 3)
    ask(office, dossier, 4, declared("Ngày sinh"), **again(office))
    snapshots = list(
        Slip.objects.filter(slug="bo-sung", dossier=dossier)
        .order_by("pk")
        .values_list("snapshot", flat=True)
    )
    assert [len(one["earlier"]) for one in snapshots] == [1, 2]
    first, second = snapshots[1]["earlier"]
    assert (first["items"][0]["note"], first["reason"]) == ("Ngày sinh", "Chưa đủ")
    assert (second["items"][0]["note"], second["reason"]) == ("Nơi sinh", "Thiếu")
    assert second["completed_at"]
    clock.now = MONDAY + timedelta(hours=4)
    page = signed_in(office.clerk).get(f"{dossier.get_absolute_url()}phieu/bo-sung/")
    shown = " ".join(page.content.decode().split())
    assert "Những lần đã yêu cầu trước:" in shown
    assert shown.index("Ngày sinh") < shown.index("Lần 1, ")
    assert "Nơi sinh" in shown[shown.index("Lần 2, ") :]
    assert verify(now=vn("31/12/2026 09:00")).misfit is None


def test_a_first_form_02_is_as_it_was(office: Office, case: Case) -> None:
    guide(office, case)
    dossier = receive(office, make_case(), at=MONDAY + timedelta(hours=1))
    ask(office, dossier, 2, declared("Ngày sinh"))
    for slip in Slip.objects.filter(slug="bo-sung"):
        assert "earlier" not in slip.snapshot


def test_one_more_guidance_at_the_counter_tells_the_first(office: Office, case: Case) -> None:
    guide(office, case)
    more = guide(office, case, hours=1, **again(office))
    at = MONDAY + timedelta(hours=2)
    approval = more.approval
    guiding.answer(approval.pk, agreed=True, words="", by=office.desk(office.head, at), at=at)
    slip = guiding.issue(more.pk, by=office.desk(office.clerk, at), at=at)
    (earlier,) = slip.snapshot["earlier"]
    assert datetime.fromisoformat(earlier["asked_at"]) == MONDAY
    assert CounterVisit.objects.count() == 2


def test_the_head_is_told_of_what_the_first_did_not_name(office: Office) -> None:
    case = make_case()
    dossier = receive(office, case)
    ask(office, dossier, 1, papers(case, 0))
    complete(office, dossier, 2)
    ask(office, dossier, 3, papers(case, 0), **again(office))
    assert told(office) == 0
    complete(office, dossier, 4)
    ask(office, dossier, 5, papers(case, 0, 1), **again(office))
    assert told(office) == 1
    # Taking it back says so in the notice; asked anew it is told anew.
    at = MONDAY + timedelta(hours=5)
    take_back(Seen(dossier.pk), by=office.desk(office.clerk, at), at=at)
    assert Message.objects.get(kind="new_wants").subject.startswith("Đã hoàn tác")
    ask(office, dossier, 6, papers(case, 0), reason="Lý do khác", **again(office))
    assert told(office) == 2
    assert verify(now=vn("31/12/2026 09:00")).misfit is None


def test_the_page_shows_them_before_it_is_asked_and_the_timeline_what_was_new(
    office: Office, signed_in: Callable[..., Client], clock: Clock
) -> None:
    case = make_case()
    dossier = receive(office, case)
    ask(office, dossier, 1, declared("Ngày sinh"))
    complete(office, dossier, 2)
    clock.now = MONDAY + timedelta(hours=3)
    client, here = signed_in(office.clerk), dossier.get_absolute_url()
    page = " ".join(client.get(f"{here}yeu-cau-bo-sung/").content.decode().split())
    assert "Đã yêu cầu 1 lần" in page
    assert "Ngày sinh</li>" in page
    ask(office, dossier, 3, declared("Nơi sinh"), **again(office))
    shown = " ".join(client.get(here).content.decode().split())
    assert "Lần đầu chưa nêu: " in shown
    assert len(rounds.before(Dossier.objects.get())) == 2
