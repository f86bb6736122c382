"""What was mistyped is put right with a replacement slip (R-88): the old one void, both kept, the
event knows what stood before, search follows; the promise and what it is made of never move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dossiers.acts import correcting, endings, handovers, taking_back
from dossiers.acts.correcting import Corrected
from dossiers.acts.many import Seen
from dossiers.intake.brought import PaperIn, SubmitterIn
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, NameKey, Slip, Span, Submitter, WordsBefore
from dossiers.models.correcting import ReceptionCorrection
from onestop.errors import Conflict, DomainError
from onestop.outbox.models import Message
from procedures.models import Case
from tests.dossiers.own.correcting import as_it_stands
from tests.dossiers.pictures import picture
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=2)
WHY = "Gõ nhầm so với tờ khai"


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def case() -> Case:
    return make_case()


@pytest.fixture
def dossier(office: Office, case: Case) -> Dossier:
    return receive(office, case, submitter=SubmitterIn("Lò Văn Mang", "Giấy ủy quyền số 5"))


def correct(
    office: Office, dossier: Dossier, *, at: Any = LATER, **owner: Any
) -> ReceptionCorrection:
    dossier.refresh_from_db()
    said = as_it_stands(dossier)
    said = replace(said, owner=replace(said.owner, **owner))
    return put(office, dossier, said, at=at)


def put(
    office: Office, dossier: Dossier, said: Corrected, *, at: Any = LATER
) -> ReceptionCorrection:
    case = Case.objects.prefetch_related("methods", "papers").get(pk=dossier.case_id)
    clerk = office.desk(office.clerk, at)
    return correcting.correct(Seen(dossier.pk), said, case=case, reason=WHY, by=clerk, at=at)


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as error:
        verb()
    return error.value.code


def test_a_name_is_put_right_and_a_new_slip_replaces_the_old_one(
    office: Office, dossier: Dossier
) -> None:
    old = Slip.objects.get(dossier=dossier)
    promised = (dossier.due_at, dossier.received_at, dossier.term, dossier.code)
    row = correct(office, dossier, name="Nguyễn Văn Ấn")
    dossier.refresh_from_db()
    assert dossier.owner_name == "Nguyễn Văn Ấn"
    assert (dossier.due_at, dossier.received_at, dossier.term, dossier.code) == promised
    [new] = Slip.objects.standing().filter(dossier=dossier)
    assert (row.old_slip, row.new_slip) == (old, new)
    assert new.snapshot["owner"]["name"] == "Nguyễn Văn Ấn"
    assert f"số {old.number:02d}" in new.snapshot["replaces"] or str(old.number) in new.snapshot["replaces"]  # fmt: skip
    old.refresh_from_db()
    assert old.undone_at == LATER
    assert old.snapshot["owner"]["name"] == "Nguyễn Văn Ân"
    assert row.changes == "Họ tên chủ hồ sơ: “Nguyễn Văn Ân” → “Nguyễn Văn Ấn”"
    assert verify(now=LATER).misfit is None


def test_the_event_keeps_what_stood_before_and_names_nobody(
    office: Office, dossier: Dossier
) -> None:
    correct(office, dossier, name="Nguyễn Văn Ấn", address="Số 9, xã Hữu Lũng")
    event = Event.objects.get(kind="correct_reception")
    assert "Nguyễn" not in event.text
    assert "Nguyễn Văn Ân" in WordsBefore.objects.get(event=event).text


def test_search_follows_the_name(office: Office, dossier: Dossier) -> None:
    correct(office, dossier, name="Trần Thị Bích")
    texts = set(NameKey.objects.filter(dossier=dossier).values_list("text", flat=True))
    assert "tran thi bich" in texts
    assert "lo van mang" in texts
    assert "nguyen van an" not in texts


def test_who_brought_it_and_what_was_brought_are_put_right(
    office: Office, dossier: Dossier
) -> None:
    said = as_it_stands(dossier)
    assert said.submitter is not None
    paper = replace(said.papers[0], copies=said.papers[0].copies + 2)
    others = [one.pk for one in dossier.case.papers.all() if one.pk != paper.paper_id]
    papers = (paper, *(PaperIn(pk, originals=1) for pk in others[:1]))
    by = replace(said.submitter, name="Lò Văn Máng")
    row = put(office, dossier, replace(said, submitter=by, papers=papers, summary="Cấp 2 bản"))
    assert Submitter.objects.get(dossier=dossier).name == "Lò Văn Máng"
    counted = {one.paper_id: one.copies for one in dossier.papers.all()}
    assert counted[paper.paper_id] == paper.copies
    assert "Họ tên người nộp: “Lò Văn Mang” → “Lò Văn Máng”" in row.changes
    assert "Nội dung yêu cầu: (không có) → “Cấp 2 bản”" in row.changes
    assert row.new_slip is not None
    assert len(row.new_slip.snapshot["papers"]) == len(papers)
    assert verify(now=LATER).misfit is None


def test_taking_it_back_restores_everything(office: Office, dossier: Dossier) -> None:
    before = picture(Dossier.objects.get(pk=dossier.pk))
    keys = set(NameKey.objects.filter(dossier=dossier).values_list("text", flat=True))
    correct(office, dossier, name="Trần Thị Bích", phone="0987654321")
    clerk = office.desk(office.clerk)
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=LATER + timedelta(minutes=1))
    assert picture(Dossier.objects.get(pk=dossier.pk)) == before
    assert set(NameKey.objects.filter(dossier=dossier).values_list("text", flat=True)) == keys
    assert not ReceptionCorrection.objects.standing().exists()
    assert Slip.objects.standing().get(dossier=dossier).number == 1
    assert verify(now=LATER + timedelta(minutes=1)).misfit is None
    # And put right again: a further slip, the first one void again.
    correct(office, dossier, name="Trần Thị Bích", at=LATER + timedelta(minutes=2))
    assert Slip.objects.standing().get(dossier=dossier).number == 3
    assert verify(now=LATER + timedelta(minutes=2)).misfit is None


def test_nothing_of_it_touches_the_clock_or_the_tables(office: Office, dossier: Dossier) -> None:
    spans = list(Span.objects.filter(dossier=dossier).order_by("pk").values())
    correct(office, dossier, name="Nguyễn Văn Ấn")
    assert list(Span.objects.filter(dossier=dossier).order_by("pk").values()) == spans


def test_the_holder_reads_of_it(office: Office, dossier: Dossier) -> None:
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
    correct(office, dossier, name="Nguyễn Văn Ấn")
    notice = Message.objects.get(kind="corrected")
    assert notice.to_officer == office.specialist
    assert "Nguyễn" not in notice.body.replace(office.clerk.full_name, "")
    clerk = office.desk(office.clerk)
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=LATER)
    notice.refresh_from_db()
    assert notice.subject.startswith("Đã hoàn tác")


def test_another_name_and_another_number_is_another_person(
    office: Office, dossier: Dossier
) -> None:
    other = {"name": "Trần Thị Bích", "identity_number": "001087000124"}
    assert refused(lambda: correct(office, dossier, **other)) == "correct_person"
    assert correct(office, dossier, identity_number="001087000124")


def test_refusals(office: Office, dossier: Dossier) -> None:
    assert refused(lambda: correct(office, dossier)) == "correct_nothing"
    assert refused(lambda: correct(office, dossier, name=" ")) == "owner_missing"
    said = as_it_stands(dossier)
    strange = replace(said, papers=(*said.papers, PaperIn(10**6, originals=1)))
    assert refused(lambda: put(office, dossier, strange)) == "paper_unknown"
    other = make_case()
    clerk = office.desk(office.clerk)
    as_other = {"case": other, "reason": WHY, "by": clerk, "at": LATER}
    assert (
        refused(lambda: correcting.correct(Seen(dossier.pk), said, **as_other)) == "changed_since"
    )
    with pytest.raises(Conflict):
        correcting.correct(Seen(dossier.pk, 99), said, **as_other)
    by_specialist = as_other | {"by": office.desk(office.specialist)}
    assert refused(lambda: correcting.correct(Seen(dossier.pk), said, **by_specialist)) == "role_missing"  # fmt: skip
    assert not ReceptionCorrection.objects.exists()


def test_what_has_ended_is_not_corrected(office: Office, dossier: Dossier) -> None:
    ending = endings.EndingIn("", "Thôi")
    endings.withdraw(Seen(dossier.pk), ending, by=office.desk(office.clerk), at=MONDAY)
    assert refused(lambda: correct(office, dossier, name="A")) == "wrong_state"


def test_a_line_without_a_slip_gets_none(office: Office) -> None:
    line = receive(office, make_case("trả ngay"), with_slip=False)
    row = correct(office, line, name="Nguyễn Văn Ấn")
    assert (row.old_slip, row.new_slip) == (None, None)
    assert not Slip.objects.filter(dossier=line).exists()
