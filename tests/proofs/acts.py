"""What a program of its own does to a database: for tests that start and stop servers."""

import django

django.setup()

from dossiers.models import Dossier  # noqa: E402
from onestop.accounts.models import Agency, Department, Officer  # noqa: E402
from procedures.models import Case  # noqa: E402
from tests.world import MONDAY, Office, make_case, make_office, receive  # noqa: E402


def begin() -> None:
    make_office()
    make_case()


def one_more(owner: str) -> None:
    rooms = Department.objects.order_by("pk")
    office = Office(Agency.objects.get(), *rooms, *Officer.objects.order_by("pk"))
    receive(office, Case.objects.get(), at=MONDAY, owner=owner)


def owners() -> list[str]:
    return sorted(Dossier.objects.values_list("owner_name", flat=True))
