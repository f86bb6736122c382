"""The counter's page begins with a line of what the post brought (R-38, R-119)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.datastructures import MultiValueDict

from dossiers.desk.post import line_to_receive
from onestop.texts import MOST_NUMBER, whole_number
from onestop.worktime import local
from procedures.channels import Channel

if TYPE_CHECKING:
    from dossiers.models.post import PostalLine
    from dossiers.views.intake_drafts import Typed
    from onestop.accounts.http import OfficerRequest

# A page that begins with a line names it so, and carries it on.
NAMED = "buu-chinh"


def line_named(request: OfficerRequest, code: str) -> PostalLine | None:
    """The line that the address names; None where it names none. Strangers' are not found."""
    named = request.GET.get(NAMED, "")
    if not named:
        return None
    pk = whole_number(named, most=MOST_NUMBER)
    line = line_to_receive(request.desk, pk, code) if pk is not None else None
    if line is None:
        raise Http404
    return line


def typed_of(line: PostalLine) -> Typed:
    """The form as if the clerk had typed what the minutes say, received when they were signed; what
    lacked something, from when it is whole (R-38): at the click, unless the clerk says when.
    """
    assert line.note.signed_at is not None
    signed = f"{local(line.note.signed_at):%d/%m/%Y %H:%M}"
    said = {
        NAMED: str(line.pk),
        "co-quan": str(line.note.agency_id),
        "channel": str(int(Channel.POST)),
        "post_at": signed if line.complete else "",
        "owner_name": line.sender,
        "phone": line.phone,
        "sets": "1",
        "owner_kind": "1",
        "identity_kind": "1",
        "fee_units": "1",
    }
    return MultiValueDict({name: [value] for name, value in said.items() if value})


def line_in(typed: Typed, channel: int) -> int | None:
    """The line that a page carries on; None where it came otherwise after all."""
    named = typed.get(NAMED) or ""
    return whole_number(named, most=MOST_NUMBER) if channel == Channel.POST and named else None
