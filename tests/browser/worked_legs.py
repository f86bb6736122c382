"""Legs for the screens: of the demo commune's dossier two are with others, one of another commune's is
here.
"""

from django.utils import timezone

from dossiers.acts import leg_work, legs
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.legs import LegKind
from tests.journeys.site import Site
from tests.world import make_agency, make_case, make_office, receive


def linked(site: Site, dossier: Dossier) -> int:
    """The leg that is here."""
    at, by = timezone.now(), site.desk("tiepnhan")
    others = [make_agency(f"Ủy ban nhân dân xã {name}") for name in ("Hòa An", "Đề Thám")]
    works = ("Xác nhận thời gian thường trú", "Cho ý kiến về nguồn gốc đất")
    parts = [legs.Part(one, work, 16) for one, work in zip(others, works, strict=True)]
    lead = site.desk("chuyenvien")
    legs.open_legs(Seen(dossier.pk), LegKind.ORDERED, parts, by=lead, at=at)
    theirs = make_office("Ủy ban nhân dân xã Bế Triều")
    asked = receive(theirs, make_case(), at=at, owner="Hà Văn Chung")
    part = legs.Part(site.agency, "Xác nhận không tranh chấp", 16)
    clerk = theirs.desk(theirs.clerk, at)
    [row] = legs.open_legs(Seen(asked.pk), LegKind.PARALLEL, [part], by=clerk, at=at)
    leg_work.receive(leg_work.SeenLeg(row.pk, asked.pk, row.version), by=by, at=at)
    return row.pk
