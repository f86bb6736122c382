"""The office of the journeys: the demo province with the real catalogue, behind a web server, at a
time the test decides.

Built once for a test module and committed, so that the browser and the test see the same rows;
emptied after it. The tests of a module share it: each takes its own dossiers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from dossiers.acts import handovers, reception
from dossiers.intake import brought
from dossiers.models import Dossier
from onestop.accounts.demo import CULTURE, LEADERSHIP, OFFICE, make_demo_organisation
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import Agency, Department, Officer
from onestop.accounts.session_store import SessionStore
from procedures.channels import Channel
from procedures.demo import load_demo_catalogue
from procedures.models import Case
from tests import passed
from tests.world import vn

if TYPE_CHECKING:
    from playwright.sync_api import Page

PASSWORD = "Mot-cua-2026"
# The commune's counter is its own centre, named after it (NĐ 118/2025).
ONE_STOP = "Trung tâm Phục vụ hành chính công phường Tam Thanh"
BIRTH, COPY, SEVEN_DAYS = (
    "1.001193",
    "2.000815",
    "2.000424",
)  # khai sinh; chứng thực bản sao; hỗ trợ hòa giải viên
# Monday, the day before a holiday: seven working days later is Thursday 03/12.
FIRST_DAY = vn("23/11/2026 08:00")


@dataclass
class Site:
    """One office, its address and its clock."""

    url: str
    agency: Agency
    officers: dict[str, Officer]
    clock: Any

    def go_to(self, at: datetime | str) -> None:
        """From now on it is this time, for the server and the test; the clock goes on from there."""
        self.clock.move_to(vn(at) if isinstance(at, str) else at)

    def department(self, name: str) -> Department:
        return Department.objects.get(agency=self.agency, name=name)

    def desk(self, username: str) -> Desk:
        return desk_of(self.officers[username], timezone.now())

    def enter(self, page: "Page", username: str) -> "Page":
        """The page's browser has that officer's session (the sign-in page has its own journey)."""
        officer = self.officers[username]
        session = SessionStore()
        session[SESSION_KEY] = str(officer.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
        session["seen"] = int(timezone.now().timestamp())
        passed.mark(session, officer)
        session.save()
        page.context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": str(session.session_key),
                    "url": self.url,
                }
            ]
        )
        return page

    def case(self, code: str) -> Case:
        return Case.objects.filter(version__procedure__code=code, version__status=2).order_by(
            "order"
        )[0]

    def receive(
        self,
        code: str = SEVEN_DAYS,
        *,
        owner: str = "Nguyễn Văn Ân",
        by: str = "tiepnhan",
        **changes: Any,
    ) -> Dossier:
        """A dossier that was received without a browser."""
        case = self.case(code)
        papers = tuple(
            brought.PaperIn(p.pk, originals=1) for p in case.papers.filter(is_note=False)
        )
        person = {
            "identity_number": "020187000123",
            "phone": "0912345678",
            "address": "Khối 3, phường Tam Thanh",
        } | changes.pop("person", {})
        form: dict[str, Any] = {
            "token": uuid4(),
            "agency": self.agency,
            "case_id": case.pk,
            "channel": Channel.DIRECT,
            "owner": brought.Person(name=owner, **person),
            "papers": papers,
            "no_scan_reason": "Máy quét hỏng",
        }
        return reception.receive(
            brought.Intake(**(form | changes)), by=self.desk(by), at=timezone.now()
        )

    def give(self, dossier: Dossier, to: str, *, by: str = "tiepnhan", receiver: str = "") -> None:
        dossier.refresh_from_db()
        officer = self.officers[receiver] if receiver else None
        handovers.hand_over(
            dossier, to=self.department(to), receiver=officer, by=self.desk(by), at=timezone.now()
        )

    def confirm(self, dossier: Dossier, by: str) -> None:
        handovers.confirm(handovers.Seen(dossier.pk), by=self.desk(by), at=timezone.now())


def empty() -> None:
    """No row of a module is left, and what every database has after `migrate` (the forms of the
    reports) stands again: the next module of this process counts on it.
    """
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """See Site. The database is open to the whole module; nothing is rolled back between its tests."""
    with django_db_blocker.unblock(), time_machine.travel(FIRST_DAY, tick=True) as clock:
        cache.clear()
        opened = vn("20/10/2026 08:00")  # accounts unused for 45 days are closed
        organisation = make_demo_organisation(password=PASSWORD, at=opened)
        load_demo_catalogue(at=opened, by=organisation["officers"]["kiemsoat"])
        server = LiveServer("localhost")
        try:
            # The QR of the slips leads here.
            with override_settings(PUBLIC_URL=server.url):
                yield Site(server.url, organisation["communes"][0], organisation["officers"], clock)
        finally:
            server.stop()
            cache.clear()
            empty()
            # Beside Playwright's event loop Django keeps connections of its own, which nobody else
            # closes.
            connections.close_all()


@pytest.fixture
def _django_db_helper() -> None:
    """Instead of pytest-django's: rows of one journey stay for the next one; `site` empties the
    database after the module.
    """


@pytest.fixture(autouse=True)
def _first_day(request: pytest.FixtureRequest) -> None:
    """Every journey begins on the same morning."""
    if "site" in request.fixturenames:
        request.getfixturevalue("site").go_to(FIRST_DAY)


__all__ = [
    "BIRTH",
    "COPY",
    "CULTURE",
    "LEADERSHIP",
    "OFFICE",
    "ONE_STOP",
    "PASSWORD",
    "SEVEN_DAYS",
    "Site",
    "site",
]
