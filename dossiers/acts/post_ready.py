"""When a result that is to go by post is ready, the postmen of its counter and the applicant are told
(R-121, QĐ 45/2016 Điều 8.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Officer, Role
from onestop.outbox.domain import post
from onestop.outbox.told import told

if TYPE_CHECKING:
    from dossiers.ledger.writer import Life


def tell(life: Life) -> None:
    """Call last, behind the event that finishes it: what is told is taken back with the act. The
    applicant by e-mail where an address is known; the look-up says it in any case.
    """
    dossier, at = life.dossier, life.at
    if not dossier.return_by_post:
        return
    key = f"post_ready:{dossier.pk}:{dossier.event_seq}"
    words = told("dossiers/told/post_ready", dossier=dossier)
    today = timezone.localdate(at)
    counter = dossier.received_by_agency.in_charge(today)
    sent = [
        post(
            kind="post_ready",
            dedupe=f"{key}:{officer.pk}",
            **words,
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link=f"{reverse('return_desk')}?loc=buu-chinh",
            mail=False,
        )
        for officer in Officer.objects.with_role(Role.POSTAL, counter.pk, today).order_by("pk")
    ]
    if dossier.email:
        letter = told("dossiers/told/post_coming", dossier=dossier)
        sent.append(
            post(
                kind="post_coming",
                dedupe=key,
                **letter,
                at=at,
                to_email=dossier.email,
                object_kind="dossier",
                object_id=dossier.pk,
            )
        )
    life.tell(sent)
