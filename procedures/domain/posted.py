"""The two lists of a counter (R-122, QĐ 45/2016 Điều 13): procedures done by the public post, and those
that are not. What stands in the first is what the intake receives by post.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Exists, OuterRef, Q

from onestop.accounts.models import Agency
from procedures.channels import Channel
from procedures.listed import Listed, listed
from procedures.models import Method
from procedures.queries import public_versions

# Of a version: it is let, and its record has a way by post, as `receivable` asks of one.
BY_POST = Q(post_allowed=True) & Exists(
    Method.objects.filter(case__version=OuterRef("pk"), channel=Channel.POST)
)


@dataclass(frozen=True, slots=True)
class Named:
    """A procedure as a list names it."""

    code: str
    name: str
    field_id: int
    field: str
    by_post: bool


@dataclass(frozen=True, slots=True)
class OfField:
    field_id: int
    name: str
    procedures: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """Both lists, each by field; how many procedures stand in each."""

    by_post: tuple[OfField, ...]
    not_by_post: tuple[OfField, ...]
    done: int
    left: int


def posted(agency: Agency, on: date, *, field_id: int | None = None) -> Posted:
    """What a counter does by post on a day, and what not, of all fields or of one. Two queries at most,
    whatever is received.
    """
    says = listed(agency, on)
    rows = public_versions(on).filter(says.shown | says.away)
    if field_id is not None:
        rows = rows.filter(field=field_id)
    found = (
        rows.annotate(by_post=BY_POST)
        .order_by("field__folded", "procedure__code")
        .values_list(
            "procedure_id", "procedure__code", "name", "field_id", "field__name", "by_post"
        )
    )
    named = [
        Named(code, name, of, field, by_post and _lets(says, pk))
        for pk, code, name, of, field, by_post in found
    ]
    done = [one for one in named if one.by_post]
    left = [one for one in named if not one.by_post]
    return Posted(_by_field(done), _by_field(left), len(done), len(left))


def _lets(says: Listed, procedure_id: int) -> bool:
    """Whether the line in force has it by post; what no line names is not kept from it."""
    line = (says.lines or {}).get(procedure_id)
    return line is None or line[3]


def _by_field(named: Iterable[Named]) -> tuple[OfField, ...]:
    return tuple(
        OfField(pk, name, tuple(of))
        for (pk, name), of in groupby(named, key=lambda one: (one.field_id, one.field))
    )
