"""What another dossier stands on in the store is not taken back under it (R-15); a correction of it is (R-83)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import digitising, endings, handovers, reception, repairs, scanning, voiding
from dossiers.acts.correcting import Corrected, correct
from dossiers.acts.many import Seen
from dossiers.acts.repairs import Wrong
from dossiers.acts.taking_back import take_back
from dossiers.desk import store
from dossiers.desk.dossier import parts_of
from dossiers.desk.signed import WHOLE
from dossiers.intake.brought import PaperIn
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, DossierPaper
from dossiers.models.digitising import DigitisedPaper
from dossiers.models.repairs import Correction
from dossiers.states import State
from onestop.files.domain import open_attachment
from onestop.files.models import Attachment
from procedures.models import Case
from tests import keys
from tests.dossiers.intake.test_store import CARD, OWNER
from tests.dossiers.returning.test_digitising import (
    PAPER,
    YEAR,
    digitised,
    finished,
    refused,
    scan,
)
from tests.dossiers.work.conftest import approved_by
from tests.samples import PDF
from tests.world import MONDAY, Office, an_intake, make_case, receive

LATER = MONDAY + timedelta(minutes=5)
pytestmark = pytest.mark.django_db
WRONG = Wrong("Ân", MONDAY.date(), "Sai tên", Correction.OldCopy.HERE, True, "Phòng")


def took(office: Office, result: int) -> Dossier:
    """Another dossier of the same owner, received with it."""
    case = make_case(papers=1)
    papers = (PaperIn(case.papers.get().pk, from_database=True, stored=result),)
    asked = an_intake(office, case, papers=papers)
    return reception.receive(asked, by=office.desk(office.clerk), at=MONDAY)


def undo(office: Office, dossier: Dossier, who: str = "clerk") -> None:
    take_back(Seen(dossier.pk), by=office.desk(getattr(office, who)), at=MONDAY)


def void(office: Office, dossier: Dossier) -> None:
    """By who stands at the counter and may approve himself."""
    clerk, leader = office.desk(office.clerk), office.desk(office.leader)
    row = voiding.put_before(dossier, reason="Nhầm", approver=office.leader, by=clerk, at=MONDAY)
    voiding.answer(row.pk, agreed=True, words="Đồng ý", by=leader, at=MONDAY)
    voiding.void_as_agreed(Seen(dossier.pk), row, by=clerk, at=MONDAY)


def in_store() -> list[int]:
    return [one.pk for one in store.in_force(CARD, OWNER, MONDAY.date())]


def stays(dossier: Dossier, taken: Dossier) -> None:
    """Nothing was written, and what was taken opens still."""
    paper = taken.papers.get()
    assert Dossier.objects.get(pk=dossier.pk).state == State.FINISHED
    assert paper.stored_id in in_store()
    assert paper.stored_file is not None
    assert paper.stored_file.kind == "result"
    assert not verify(now=MONDAY).misfits


def signed(office: Office, tmp_path: Path, settings: Any) -> Dossier:
    """Finished by the leader, who signed its result."""
    keys.prepared(tmp_path, settings)
    dossier = receive(office, make_case())
    by = office.desk(office.leader)
    clerk = office.desk(office.clerk)
    handovers.hand_over(dossier, to=office.room, by=clerk, at=MONDAY)
    room = office.desk(office.specialist)
    handovers.confirm(Seen(dossier.pk), by=room, at=MONDAY)
    draft = endings.ResultIn(title=PAPER.title)
    endings.record_result(Seen(dossier.pk), draft, by=room, at=MONDAY)
    approved_by(office, Dossier.objects.get(pk=dossier.pk), MONDAY)
    result, file = replace(PAPER, electronic=True), [("giay-phep.pdf", PDF)]
    endings.record_result(Seen(dossier.pk), result, by=by, at=MONDAY, files=file, sign="sent")
    return Dossier.objects.get(pk=dossier.pk)


def test_a_signed_electronic_result_stays_while_a_dossier_stands_on_it(
    office: Office, tmp_path: Path, settings: Any
) -> None:
    dossier = signed(office, tmp_path, settings)
    (result,) = in_store()
    taken = took(office, result)
    assert refused(lambda: undo(office, dossier, "leader")) == "result_used"
    stays(dossier, taken)
    # Whoever voided it stands on nothing, and may not come back once it is gone.
    void(office, taken)
    undo(office, dossier, "leader")
    assert in_store() == []
    paper = taken.papers.select_related("stored_file").get()
    assert paper.stored_file is not None
    assert paper.stored_file.kind == "result-undone"
    assert refused(lambda: undo(office, taken)) == "stored_undone"
    assert Dossier.objects.get(pk=taken.pk).state == State.VOIDED


def test_the_end_of_what_another_stands_on_is_not_taken_back(
    office: Office, tmp_path: Path, settings: Any
) -> None:
    """Of a result on paper its scan came after the end, and comes off first: whoever checked or signed it."""
    keys.prepared(tmp_path, settings)
    dossier, by = finished(office), office.desk(office.clerk)
    assert in_store() == []
    digitising.digitise_result(Seen(dossier.pk), scan(), YEAR, sign=True, by=by, at=MONDAY)
    taken = took(office, *in_store())
    # The clerk ended it and signed the scan: neither comes off.
    assert refused(lambda: undo(office, dossier)) == "digitised_used"
    stays(dossier, taken)
    void(office, taken)
    undo(office, dossier)
    undo(office, dossier)
    assert Dossier.objects.get(pk=dossier.pk).state == State.RECEIVED
    assert refused(lambda: undo(office, taken)) == "stored_undone"


def test_a_corrected_result_that_was_taken_stays_corrected(
    office: Office, tmp_path: Path, settings: Any
) -> None:
    """What was taken before stays linked and its page says that it was corrected; the new one is not undone."""
    dossier = signed(office, tmp_path, settings)
    (old,) = in_store()
    first = took(office, old)
    file = first.papers.get().stored_file
    assert file is not None
    with open_attachment(file) as content:
        whole = content.read()
    new = replace(PAPER, number="16/GXN", electronic=True)
    by, sent = office.desk(office.leader), SimpleUploadedFile("moi.pdf", whole)
    repairs.correct_result(Seen(dossier.pk), WRONG, new, by=by, at=LATER, files=[sent])
    (found,) = in_store()
    assert found != old
    (row,) = parts_of(first).papers
    assert row["stored_file_id"] == file.pk
    assert row["stored_replaced_at"]
    second = took(office, found)
    assert refused(lambda: undo(office, dossier, "leader")) == "result_used"
    stays(dossier, second)
    void(office, second)
    undo(office, dossier, "leader")
    assert in_store() == [old]
    # It holds for the one that took the old one.
    assert refused(lambda: undo(office, dossier, "leader")) == "result_used"
    stays(dossier, first)


def test_what_was_left_is_taken_again_only_while_it_is_there(office: Office) -> None:
    """Of a correction that took the link away, and is taken back."""
    row = digitised(office, finished(office))
    taken = took(office, row.result_id)
    handed = PaperIn(taken.papers.get().paper_id, originals=1)
    asked = an_intake(office, taken.case)
    said = Corrected(owner=asked.owner, submitter=None, papers=(handed,), summary="", sets=1)
    case = Case.objects.select_related("version").get(pk=taken.case_id)
    by = office.desk(office.clerk)
    correct(Seen(taken.pk), said, case=case, reason="Có bản giấy", by=by, at=MONDAY)
    undo(office, taken)
    assert DossierPaper.objects.get(dossier=taken).stored_id == row.result_id
    correct(Seen(taken.pk), said, case=case, reason="Có bản giấy", by=by, at=MONDAY)
    undo(office, row.dossier, "leader")
    assert refused(lambda: undo(office, taken)) == "stored_undone"


def test_a_scan_of_what_was_handed_in_is_no_paper_of_the_store(
    office: Office, tmp_path: Path, settings: Any
) -> None:
    """It has no code and nobody vouches for it, were it signed and its dossier ended (docs/adr/0042)."""
    dossier = signed(office, tmp_path, settings)
    (result,) = store.in_force(CARD, OWNER, MONDAY.date())
    with open_attachment(Attachment.objects.get(pk=result.file_id)) as content:
        paper = SimpleUploadedFile("ban-sao.pdf", content.read() + b"\n")
    row = scanning.add_scans(Seen(dossier.pk), [paper], by=office.desk(office.clerk), at=LATER)
    (pk,) = row.pages
    assert Attachment.objects.get(pk=pk).signature in WHOLE
    assert store.in_force(CARD, OWNER, MONDAY.date()) == [result]
    assert not DigitisedPaper.objects.exists()
