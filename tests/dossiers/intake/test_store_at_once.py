"""Two who need the dossiers that gave papers of the store at the same instant never wait in a circle."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from dossiers.acts.correcting import Corrected, correct
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.desk import store
from dossiers.intake.brought import PaperIn
from dossiers.models import Dossier, DossierPaper, Result
from onestop.errors import DomainError
from procedures.models import Case
from tests.dossiers.intake.test_store_held import took
from tests.dossiers.returning.test_digitising import digitised, finished
from tests.world import MONDAY, an_intake, make_office

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class Receiving(threading.Thread):
    """A reception that takes two papers: it locks who gave them, the older one first."""

    error: Exception | None = None

    def __init__(self, *results: int) -> None:
        super().__init__()
        self.papers = [PaperIn(1, from_database=True, stored=pk) for pk in results]
        self.pid, self.known = 0, threading.Event()

    def run(self) -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self.pid = cursor.fetchone()[0]
                self.known.set()
                store.hold(self.papers)
        except Exception as error:
            self.error = error
        finally:
            self.known.set()
            connection.close()

    def waits_for_a_row(self) -> None:
        """Returns as soon as it does, or is through."""
        self.known.wait()
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted", [self.pid])
                if cursor.fetchone():
                    return


def test_who_undoes_waits_for_nobody_who_waits_for_him(monkeypatch: pytest.MonkeyPatch) -> None:
    """The undoing has its own dossier and wants an older one; the reception has that one and wants this."""
    office = make_office()
    row = digitised(office, finished(office))
    taken = took(office, row.result_id)
    own = Result.objects.create(
        dossier=taken, title="Giấy", recorded_by=office.clerk, recorded_at=MONDAY
    )
    asked = an_intake(office, taken.case)
    handed = PaperIn(taken.papers.get().paper_id, originals=1)
    said = Corrected(owner=asked.owner, submitter=None, papers=(handed,), summary="", sets=1)
    case = Case.objects.select_related("version").get(pk=taken.case_id)
    by = office.desk(office.clerk)
    correct(Seen(taken.pk), said, case=case, reason="Có bản giấy", by=by, at=MONDAY)
    receiving = Receiving(row.result_id, own.pk)
    still_there = store.still_there

    def meanwhile(dossier: Dossier) -> None:
        receiving.start()
        receiving.waits_for_a_row()
        still_there(dossier)

    monkeypatch.setattr(store, "still_there", meanwhile)
    with pytest.raises(DomainError, match="stored_busy"):
        take_back(Seen(taken.pk), by=by, at=MONDAY)
    receiving.join()
    assert receiving.error is None
    monkeypatch.undo()
    take_back(Seen(taken.pk), by=by, at=MONDAY)
    assert DossierPaper.objects.get(dossier=taken).stored_id == row.result_id
