"""A result that went by post, was tried in vain and invited for, and came to its owner."""

from datetime import datetime, timedelta

from django.utils import timezone

from dossiers.acts import post_out
from dossiers.acts.post_out import Postman
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.post import PostalItem, PostalNote, PostalTry
from tests.world import Office

POSTMAN = Postman("Bưu điện Bình Minh", "Vũ Văn Thư", note="Túi số 2")


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """There is no result yet."""


def after_the_end(dossier: Dossier, office: Office, at: datetime) -> None:
    """As if it had been given to the post: it stays given back. Two letters, the first came back."""
    clerk = office.desk(office.clerk, at)
    for number in ("EB1", "EB2"):
        with writer.change(dossier.pk, by=clerk, at=at) as life:
            life.alone()
            note = post_out.minutes(office.agency, PostalNote.Way.OUT, POSTMAN, by=clerk, at=at)
            item = life.add(
                PostalItem(
                    dossier=life.dossier, agency=office.agency, note=note, position=1, number=number, papers="Giấy xác nhận",
                    originals=[7], fare=20_000, payer=PostalItem.Payer.RECEIVER, given_at=at,
                )
            )  # fmt: skip
            for kind in PostalTry.Kind:
                life.add(
                    PostalTry(
                        dossier=life.dossier, item=item, kind=kind, on=timezone.localdate(at), note="Vắng nhà",
                        recorded_by=office.clerk, recorded_at=at,
                    )
                )  # fmt: skip
            late = at + timedelta(minutes=1)
            life.change(item, failed_at=at, delivered_at=late, delivered_to="Vợ", back_at=late)
            life.record("post_deliver", {"row": item.pk})
