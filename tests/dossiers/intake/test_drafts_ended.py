"""Who holds a draft of a procedure that a decision ends is told by the bell, once (R-133)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import time_machine

from dossiers import tasks
from dossiers.desk import ended_drafts
from dossiers.models import Draft
from onestop.accounts.models import Agency, Role
from onestop.jobs.models import TaskRun
from onestop.outbox.models import Message
from procedures.domain.confirming import abolish
from procedures.domain.lists import LineIn
from procedures.models import CounterKind, Kind, VersionSource
from tests.procedures.test_public_names import publish
from tests.world import MONDAY, Office, make_case, make_officer

if TYPE_CHECKING:
    from onestop.accounts.models import Officer
    from procedures.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TODAY = date(2026, 11, 23)


@pytest.fixture
def monday(time_machine):
    time_machine.move_to(MONDAY, tick=False)


def begun(office: Office, case: Case, by: Officer | None = None) -> Draft:
    data = {"thu-tuc": [case.version.code], "owner_name": ["Nguyễn Văn Ân"]}
    title = f"{case.version.name} – Nguyễn Văn Ân"
    return Draft.objects.create(
        officer=by or office.clerk, token=uuid4(), title=title, data=data, updated_at=MONDAY
    )


def rung() -> list[str]:
    rows = Message.objects.filter(kind="draft_ended").order_by("pk")
    return [f"{row.to_officer.username}: {row.subject}" for row in rows if row.to_officer]


def end(case: Case, office: Office, effective: date) -> None:
    """By the version, as the controller's page does."""
    VersionSource.objects.create(version=case.version, content="{}")
    by = make_officer("Kiểm soát", office.agency, (Role.CONTROLLER, None))
    abolish(
        case.version_id, decision="9/QĐ", signed=TODAY, effective=effective, by=by, at=MONDAY
    )  # fmt: skip


def test_told_at_once_and_not_again_in_the_night(office: Office) -> None:
    case, other = make_case(), make_case()
    begun(office, case)
    begun(office, other)
    end(case, office, TODAY)
    said = f"{office.clerk.username}: Không nhận thủ tục {case.version.code} nữa: bạn còn bản nháp"
    assert rung() == [said]
    message = Message.objects.get(kind="draft_ended")
    assert message.body.startswith("Bản nháp lưu lúc 23/11/2026 09:00.")
    assert "Nguyễn Văn Ân" not in message.subject + message.body
    assert (message.link, message.to_email) == ("/tiep-nhan/", "")
    assert ended_drafts.tell(MONDAY) == 0


def test_told_of_the_day_and_in_its_night_those_begun_meanwhile(office: Office) -> None:
    case, day = make_case(), TODAY + timedelta(days=2)
    begun(office, case)
    end(case, office, day)
    code = case.version.code
    assert rung() == [
        f"{office.clerk.username}: Từ ngày 25/11/2026 không nhận thủ tục {code}: bạn còn bản nháp"
    ]
    assert "hãy tiếp nhận trước ngày đó" in Message.objects.get(kind="draft_ended").body
    begun(office, case)
    assert ended_drafts.tell(MONDAY) == 0, "still received"
    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        tasks.sweep_drafts()
    assert len(rung()) == 2
    detail = TaskRun.objects.get(name="dossiers.sweep_drafts").detail
    assert detail == "báo 1 bản nháp của thủ tục hết hiệu lực"


def test_a_list_tells_at_the_counters_that_it_speaks_of(office: Office) -> None:
    first, second = make_case(), make_case()
    begun(office, first)
    begun(office, second)
    top = Agency.objects.get(pk=office.agency.lineage[0])
    mine = CounterKind.COMMUNE
    elsewhere = LineIn(second.version.code, CounterKind.PROVINCE, kind=Kind.ABOLISHED)
    publish(top, LineIn(first.version.code, mine), LineIn(second.version.code, mine), elsewhere)
    assert rung() == []
    publish(top, LineIn(first.version.code, mine, kind=Kind.ABOLISHED), number="8/QĐ-UBND")
    assert [one.split("thủ tục ")[1].split(" ")[0] for one in rung()] == [first.version.code]


def test_a_draft_of_another_procedure_meanwhile_is_told_of_that_one_too(office: Office) -> None:
    first, second = make_case(), make_case()
    draft = begun(office, first)
    end(first, office, TODAY)
    draft.data["thu-tuc"] = [second.version.code]
    draft.save()
    end(second, office, TODAY)
    told = [one.split("thủ tục ")[1].split(" ")[0] for one in rung()]
    assert told == [first.version.code, second.version.code]


def test_drafts_of_many_officers_are_told_in_as_many_queries(office: Office, queries) -> None:
    cases = [make_case() for _ in range(3)]
    colleagues = [
        make_officer(f"Một cửa {number}", office.agency, (Role.CLERK, None)) for number in "12"
    ]
    for case in cases:
        end(case, office, TODAY)
        begun(office, case)
    for by in colleagues:
        begun(office, cases[1], by)
    codes = [case.version.code for case in cases]
    with queries() as one:
        assert ended_drafts.tell(MONDAY, codes=codes[:1]) == 1
    with queries() as all_others:
        assert ended_drafts.tell(MONDAY, codes=codes[1:]) == 4
    assert len(one) == len(all_others)
