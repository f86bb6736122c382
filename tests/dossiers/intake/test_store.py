"""What an owner has in the store of results is taken for a component, and not asked for (R-15)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dossiers.acts import reception, repairs
from dossiers.acts.correcting import Corrected, correct
from dossiers.acts.digitising import Digitised
from dossiers.acts.many import Seen
from dossiers.acts.repairs import Wrong
from dossiers.acts.taking_back import take_back
from dossiers.desk import store
from dossiers.intake.brought import PaperIn
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, DossierPaper, Result
from dossiers.models.digitising import DigitisedPaper
from dossiers.models.dossier import IdentityKind
from dossiers.models.repairs import Correction
from dossiers.states import State
from onestop.accounts.models import AccessEvent, AccessKind
from onestop.errors import DomainError, sentence
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict
from procedures.models import Case, ProcedureVersion, Status
from reports.figures.finished import REUSED, REUSING, scanned
from reports.figures.scope import Scope
from reports.periods import Period
from tests.dossiers.intake.pages import address, errors, typed
from tests.dossiers.returning.test_collecting import text
from tests.dossiers.returning.test_digitising import PAPER, YEAR, digitised, ended, finished, opened
from tests.world import MONDAY, Office, an_intake, make_case, make_office, receive

pytestmark = pytest.mark.django_db
OWNER = "001087000123"
CARD = IdentityKind.CITIZEN_CARD
LAST = date(2027, 11, 23)


@pytest.fixture
def case() -> Case:
    """Its second component is what an earlier dossier gave."""
    found = make_case(papers=0, status=Status.NEEDS_TERM)
    for order, name in enumerate(("Tờ khai", "Bản sao Giấy phép xây dựng đã được cấp"), start=1):
        found.papers.create(order=order, name=name, originals=1)
    ProcedureVersion.objects.filter(pk=found.version_id).update(status=Status.READY)
    return Case.objects.select_related("version__procedure").get(pk=found.pk)


def test_what_is_in_force_on_a_day(office: Office, django_assert_num_queries: Any) -> None:
    """Its last day belongs to it; nothing of another owner, of a scan nobody checked, of a corrected
    result.
    """
    waiting = digitised(office, finished(office), checked=False)
    row = digitised(office, finished(office))
    endless = Digitised(YEAR.issuer, "Giấy", "Toàn quốc", permanent=True)
    for_ever = digitised(office, finished(office), endless)
    electronic = finished(office)
    Result.objects.filter(dossier=electronic).update(electronic=True)
    digital = Result.objects.get(dossier=electronic)
    file = Attachment.objects.create(
        kind="result", object_id=electronic.pk, name="gp.pdf", sha256="0" * 64, size=1, content_type="application/pdf",
        uploaded_at=MONDAY, uploaded_by=office.clerk, signature=Verdict.VALID,
    )  # fmt: skip
    every = [digital.pk, for_ever.result_id, row.result_id]
    with django_assert_num_queries(1):
        found = store.in_force(CARD, OWNER, LAST)
    assert [one.pk for one in found] == every
    assert [one.file_id for one in found] == [file.pk, for_ever.file_id, row.file_id]
    assert (found[2].code, found[2].valid_to) == (row.code, LAST)
    assert waiting.result_id not in every
    next_day = LAST + timedelta(days=1)
    assert [one.pk for one in store.in_force(CARD, OWNER, next_day)] == every[:2]
    assert is_there(row)
    for kind, number, on in (
        (CARD, OWNER, next_day), (CARD, "001087000124", LAST), (IdentityKind.TAX_CODE, OWNER, LAST), (IdentityKind.OTHER, OWNER, LAST), (CARD, "", LAST),
    ):  # fmt: skip
        assert not is_there(row, kind, number, on)
    wrong = Wrong("Ân", MONDAY.date(), "Sai tên", Correction.OldCopy.HERE, True, "Phòng")
    leader = office.desk(office.leader)
    repairs.correct_result(Seen(row.dossier_id), wrong, PAPER, by=leader, at=MONDAY)
    assert not is_there(row)


def test_reception_offers_it_and_takes_it_in_one_key(
    office: Office, clerk: Client, case: Case, signed_in: Callable[..., Client]
) -> None:
    """Another agency gave it: what the clerk sees of it is told, and its file opens from the new
    dossier only.
    """
    other = make_office("Ủy ban nhân dân xã Khác")
    row = digitised(other, finished(other))
    form, licence = case.papers.order_by("order")
    part = {"HX-Request": "true"}
    shown = text(clerk.post(address(case), typed(case, viec="tim"), headers=part))
    assert "15/GPXD" in shown
    assert "có hiệu lực đến hết ngày 23/11/2027" in shown
    assert "chủ hồ sơ: Nguyễn Văn Ân" in shown
    assert viewed(row, AccessKind.VIEWED) == 1
    stranger = text(
        clerk.post(
            address(case), typed(case, viec="tim", identity_number="001087000124"), headers=part
        )
    )
    assert "15/GPXD" not in stranger
    name = f"kho-{row.result_id}"
    drawn = clerk.post(
        address(case), typed(case, viec="xem", **{name: str(licence.pk)}), headers=part | {"HX-Target": "giay-to"},
    )  # fmt: skip
    assert "Lấy từ kho, không phải nộp" in text(drawn)
    # It is asked for again where it is no longer taken.
    again = typed(
        case,
        viec="xem",
        **{f"g{licence.pk}-o": "", f"g{licence.pk}-d": "on", f"g{licence.pk}-kho": "1"},
    )
    sheet = clerk.post(address(case), again, headers=part | {"HX-Target": "giay-to"}).context["s"]
    assert [(one.from_database, one.typed[0]) for one in sheet.rows] == [(False, "1"), (False, "1")]
    # What the page shows as taken, and takes no more, is not received as handed in.
    stale = clerk.post(address(case), again | {"viec": "nhan"})
    assert stale.status_code == 422
    assert "Giấy tờ lấy từ kho không dùng được" in errors(stale)
    another = again | {"viec": "tim", "identity_number": "001087000124"}
    redrawn = clerk.post(address(case), another, headers=part).content.decode()
    assert 'id="giay-to" hx-swap-oob="true"' in redrawn
    assert "Lấy từ kho, không phải nộp" not in redrawn
    done = clerk.post(address(case), typed(case, **{name: str(licence.pk)}), follow=True)
    assert done.status_code == 200, errors(done)
    dossier = Dossier.objects.latest("pk")
    taken = DossierPaper.objects.get(dossier=dossier, paper=licence)
    assert (taken.stored_id, taken.stored_file_id) == (row.result_id, row.file_id)
    assert (taken.originals, taken.from_database) == (0, True)
    assert DossierPaper.objects.get(dossier=dossier, paper=form).stored is None
    assert "Lấy từ kho: Giấy phép xây dựng số 15/GPXD" in text(
        clerk.get(dossier.get_absolute_url())
    )
    assert opened(clerk, f"{dossier.get_absolute_url()}tep/{row.file_id}/") == 200
    assert viewed(row, AccessKind.DOWNLOADED) == 1
    assert (
        signed_in(other.clerk).get(f"{dossier.get_absolute_url()}tep/{row.file_id}/").status_code
        == 404
    )
    mine = finished(office)
    assert opened(clerk, f"{mine.get_absolute_url()}tep/{row.file_id}/") == 404
    assert {one.what for one in verify(now=MONDAY).misfits if one.dossier == dossier.code} == set()
    # Reports say what was used again (QĐ 766, số hóa).
    ended(office, dossier)
    november = Period("11/2026", date(2026, 11, 1), date(2026, 11, 30))
    told = scanned(Scope.of(office.agency), november, MONDAY + timedelta(days=1))
    assert told.beside == {REUSING: 1, REUSED: 1}
    # What another dossier stands on is not taken back.
    with pytest.raises(DomainError) as error:
        take_back(Seen(row.dossier_id), by=other.desk(other.leader), at=MONDAY)
    assert error.value.code == "digitised_used"
    assert dossier.code not in sentence(error.value)
    Dossier.objects.filter(pk=dossier.pk).update(state=State.VOIDED)
    take_back(Seen(row.dossier_id), by=other.desk(other.leader), at=MONDAY)
    assert not is_there(row)


def is_there(row: DigitisedPaper, kind: int = CARD, number: str = OWNER, on: date = LAST) -> bool:
    return row.result_id in {one.pk for one in store.in_force(kind, number, on)}


def viewed(row: DigitisedPaper, kind: AccessKind) -> int:
    return AccessEvent.objects.filter(
        object_kind="dossier", object_id=row.dossier_id, kind=kind
    ).count()


def test_what_it_offers_follows_the_case_and_leaves_its_own_lines(
    office: Office, clerk: Client, case: Case
) -> None:
    """The owner was here before and has a paper elsewhere: both are told. A draft that is opened again
    tells it too.
    """
    other = make_office("Ủy ban nhân dân xã Khác")
    row = digitised(other, finished(other))
    receive(office, case)
    part = {"HX-Request": "true"}
    clerk.post(address(case), typed(case, viec="tim"), headers=part)
    assert viewed(row, AccessKind.VIEWED) == 1
    assert (
        AccessEvent.objects.filter(kind=AccessKind.SEARCHED, object_kind="procedure").count() == 1
    )
    of_old_case = typed(case, viec="xem", **{f"kho-{row.result_id}": "1"})
    headers = part | {"HX-Trigger-Name": "case"}
    shelf = clerk.post(address(case), of_old_case, headers=headers).content.decode()
    assert '<div id="kho" hx-swap-oob="true">' in shelf
    assert f'name="kho-{row.result_id}"' in shelf
    assert viewed(row, AccessKind.VIEWED) == 2
    nobody = clerk.post(address(case), of_old_case | {"identity_number": ""}, headers=headers)
    assert 'id="kho"' not in nobody.content.decode()
    kept = typed(case, viec="luu")
    clerk.post(address(case), kept)
    clerk.get(f"{address(case)}?nhap={kept['token']}")
    assert viewed(row, AccessKind.VIEWED) == 3


@pytest.mark.postgres
def test_what_is_taken_is_held_until_the_dossier_is_received(office: Office) -> None:
    """Before any number is: who takes the scan back meanwhile waits for it."""
    row = digitised(office, finished(office))
    case = make_case(papers=1)
    taken = PaperIn(case.papers.get().pk, from_database=True, stored=row.result_id)
    with CaptureQueriesContext(connection) as seen:
        asked = an_intake(office, case, papers=(taken,))
        reception.receive(asked, by=office.desk(office.clerk), at=MONDAY)
    locks = [one["sql"] for one in seen.captured_queries if " FOR " in one["sql"]]
    assert "FOR NO KEY UPDATE" in locks[0]
    assert "dossiers_result" in locks[0]


def test_nothing_is_scanned_of_a_dossier_that_is_all_from_the_store(office: Office) -> None:
    row = digitised(office, finished(office))
    case = make_case(papers=1)
    (paper,) = case.papers.all()
    taken = PaperIn(paper.pk, from_database=True, stored=row.result_id)
    by = office.desk(office.clerk)
    asked = an_intake(office, case, papers=(taken,), no_scan_reason="")
    dossier = reception.receive(asked, by=by, at=MONDAY)
    assert dossier.no_scan_reason == ""
    handed = an_intake(office, case, papers=(PaperIn(paper.pk, originals=1),), no_scan_reason="")
    with pytest.raises(DomainError) as error:
        reception.receive(handed, by=by, at=MONDAY)
    assert error.value.code == "scan_missing"
    # The number was another person's: so is the paper.
    owner = replace(asked.owner, identity_number="001087000124")

    def put_right(given: PaperIn) -> None:
        said = Corrected(owner=owner, submitter=None, papers=(given,), summary="", sets=1)
        found = Case.objects.select_related("version").get(pk=case.pk)
        correct(Seen(dossier.pk), said, case=found, reason="Gõ nhầm", by=by, at=MONDAY)

    with pytest.raises(DomainError) as error:
        put_right(taken)
    assert error.value.code == "correct_stored"
    assert sentence(error.value)
    put_right(PaperIn(paper.pk, originals=1))
    assert DossierPaper.objects.get(dossier=dossier).stored is None


def test_what_is_not_there_any_more_is_refused(office: Office, clerk: Client, case: Case) -> None:
    row = digitised(office, finished(office), checked=False)
    licence = case.papers.get(order=2)
    sent = typed(case, **{f"kho-{row.result_id}": str(licence.pk)})
    page = clerk.post(address(case), sent)
    assert page.status_code == 422
    assert "Giấy tờ lấy từ kho không dùng được" in errors(page)
    papers = tuple(
        PaperIn(one.paper_id, from_database=True, stored=row.result_id)
        for one in an_intake(office, case).papers
    )
    with pytest.raises(DomainError) as error:
        reception.receive(
            an_intake(office, case, papers=papers), by=office.desk(office.clerk), at=MONDAY
        )
    assert error.value.code == "stored_gone"
