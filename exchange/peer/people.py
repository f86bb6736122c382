"""Whom the identity provider of our own knows: in a demo owners of its invented dossiers and of what the
portal files into it, so that there is something to see; elsewhere people who own nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from dossiers.models import Dossier, OnlineFiling
from dossiers.models.dossier import IdentityKind
from dossiers.states import State
from exchange.peer.identity import Person

MOST = 6
# So many of them filed on the portal last.
FILED = 3
NOBODY = (Person("thu-1", "Nguyễn Thị Thử", "001099000001"),)
# Too little is known of this one to be shown anything.
LOW = Person("thu-muc-1", "Trần Văn Mức Một", "001099000002", level="1")

# Signs in for a company: a citizen's pages are not for that.
FOR_A_COMPANY = Person(
    "thu-dn-1", "Hoàng Đại Diện", "001099000003",
    organisation=("Công ty TNHH Thử Nghiệm", "0101234567"), kind="DOANH_NGHIEP",
)  # fmt: skip


def people() -> tuple[Person, ...]:
    return (*(_owners() if settings.DEMO else ()), *NOBODY, FOR_A_COMPANY, LOW)


def _owners() -> list[Person]:
    """Newest first: who filed on the portal, of whom something is asked, all others."""
    cards = Dossier.objects.filter(identity_kind=IdentityKind.CITIZEN_CARD).exclude(
        identity_number=""
    )
    asked = Q(state__in=(State.AWAITING_PAPERS, State.FINISHED)) | Q(fee_owed__gt=0)
    came = OnlineFiling.objects.exclude(arrived_at=None).filter(identity_number__regex=r"^\d{12}$")
    filed = came.order_by("-id").values_list("identity_number", "owner_name")[:FILED]
    found = {number: Person(f"thu-{number}", name, number) for number, name in filed}
    for rows in (cards.filter(asked), cards.filter(ended_at=None)):
        newest = rows.order_by("-id").values_list("identity_number", "owner_name")[:MOST]
        for number, name in newest:
            if len(found) < MOST:
                found.setdefault(number, Person(f"thu-{number}", name, number))
    return list(found.values())
