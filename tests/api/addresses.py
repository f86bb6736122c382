"""The addresses of the API and of its keys for the matrix of tests/matrix.py."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from api import keys
from api.models import ApiKey, Scope
from onestop.accounts.models import Agency, Role
from tests.dossiers.addresses import both
from tests.matrix import Address, World

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


def _key(world: World, agency: Agency) -> dict[str, Any]:
    """A key of somebody of that agency."""
    officer = world.officers[Role.CONTROLLER]
    if agency != world.own:
        officer = type(officer).objects.create(username=f"doc-{agency.code}", agency=agency)
    made = ApiKey.objects.create(
        name="Cổng của tỉnh",
        officer=officer,
        scopes=[Scope.COUNTS],
        sha256=keys._digest("x"),
        valid_to=date(2027, 1, 1),
        made_at=timezone.now(),
        made_by=world.officers[Role.ADMINISTRATOR],
    )
    return {"pk": made.pk}


def _form(world: World) -> dict[str, Any]:
    return {
        "name": "Cổng của tỉnh",
        "officer": world.officers[Role.CONTROLLER].pk,
        "scopes": [Scope.COUNTS],
        "valid_to": f"{timezone.localdate() + timedelta(days=30):%d/%m/%Y}",
    }


def _asked(name: str, **own: str) -> Address:
    # Another program: who it is, its key says. A browser's session opens nothing.
    return Address(name, own=lambda world: own, public=True, answered=frozenset({401}))


ADDRESSES = [
    Address("api_keys", ADMINISTRATOR),
    Address("api_keys", ADMINISTRATOR, method="post", data=_form, post_shows=True),
    Address("api_key_end", ADMINISTRATOR, *both(_key), "post"),
    Address("api_document", public=True),
    _asked("api:dossiers"),
    _asked("api:dossier", code="H99.1-261123-0001"),
    _asked("api:counts"),
    _asked("api:report", form="ii06a", agency="H99.1", period="2026Q3"),
]
