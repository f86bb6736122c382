"""An office at work, in a file store of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from dossiers.models import Dossier
from exchange.models.outbox import Line
from onestop.files.domain import attach, keep
from onestop.outbox.domain import post
from onestop.outbox.models import Mail, Message
from procedures.models import Case
from tests.clock import MONDAY
from tests.keeping.places import stored_in
from tests.samples import a_pdf
from tests.world import Office, make_case, make_office, receive


@dataclass
class Live:
    """Who works, and on what."""

    office: Office
    case: Case

    def receive(self) -> Dossier:
        return receive(self.office, self.case, with_slip=False)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """Dossiers, a scan, an upload on its way in, a letter and a line that wait."""
    with stored_in(tmp_path / "live"):
        office, case = make_office(), make_case(papers=2)
        one = Live(office, case)
        for _ in range(3):
            one.receive()
        scan = keep(a_pdf(), name="don.pdf")
        attach(scan, kind="draft", object_id=1, by=office.clerk, at=MONDAY)
        default_storage.save("imports/abc", ContentFile(b"code,agency\n"))
        post(
            kind="late", dedupe="late:1", subject="Quá hạn", body="Đã quá hạn.", at=MONDAY,
            to_officer=office.clerk,
        )  # fmt: skip
        Message.objects.filter(dedupe="late:1").update(mail=Mail.PENDING, next_try_at=MONDAY)
        Line.objects.create(
            peer="cong", code="H99-1", agency=office.agency, day=MONDAY.date(), next_try_at=MONDAY
        )
        yield one
