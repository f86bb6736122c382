"""The addresses of the public post for the matrix of tests/matrix.py."""

from typing import Any

from django.utils import timezone

from dossiers.models.post import SEERS, PostalItem, PostalNote
from dossiers.views.post import WORKING
from onestop.accounts.models import Agency, Role
from tests.dossiers.addresses import _clerk, both, received
from tests.matrix import Address, World

LOOKING, AT_POST, CLERK = frozenset(SEERS), frozenset(WORKING), frozenset({Role.CLERK})


def _note(world: World, agency: Agency) -> PostalNote:
    now, by = timezone.now(), _clerk(world, agency)
    count = PostalNote.objects.filter(agency=agency).count()
    return PostalNote.objects.create(
        agency=agency, way=PostalNote.Way.OUT, year=2026, number=count + 1, office="Bưu điện", postman="Vũ Văn Thư",
        made_by=by, made_at=now, signed_by=by, signed_at=now,
    )  # fmt: skip


def _one_note(world: World, agency: Agency) -> dict[str, Any]:
    return {"pk": _note(world, agency).pk}


def _item(world: World, agency: Agency) -> dict[str, Any]:
    note = _note(world, agency)
    row = PostalItem.objects.create(
        dossier=received(world, agency), agency=agency, note=note, position=1, number=f"EB{note.pk}", papers="Kết quả",
        payer=PostalItem.Payer.RECEIVER, given_at=note.made_at,
    )  # fmt: skip
    return {"pk": row.pk}


ADDRESSES = [
    Address("post_desk", LOOKING),
    Address("post_give", CLERK),
    Address("post_give", CLERK, method="post"),
    Address("post_take", AT_POST),
    Address("post_take", AT_POST, method="post"),
    Address("post_delivered", AT_POST, method="post"),
    Address("post_item", LOOKING, *both(_item)),
    Address("post_item", LOOKING, *both(_item), "post"),
    Address("post_item_pdf", LOOKING, *both(_item)),
    Address("post_notes", LOOKING),
    Address("post_note", LOOKING, *both(_one_note)),
    Address("post_note", LOOKING, *both(_one_note), "post"),
    Address("post_note_pdf", LOOKING, *both(_one_note)),
]
