"""Reports that are owed, as their pages write them. Load with {% load duties %}.

value|points           0,25: what is taken off
lines|signed_parts     of the parts of a report the signed document: the later one of form and text
lines|entered_parts    the entry in the reporting system
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django import template

from reports.duties import yearly
from reports.duties.judging import Part
from reports.duties.words import PartLine

register = template.Library()


@register.filter
def points(value: Decimal) -> str:
    return yearly.points(value)


@register.filter
def signed_parts(lines: Iterable[PartLine]) -> list[PartLine]:
    """One line for both: what is missing, else what came last."""
    both = [one for one in lines if one.part != Part.ENTRY]
    both.sort(key=lambda one: (one.done is not None, -(one.done or date.min).toordinal()))
    return both[:1]


@register.filter
def entered_parts(lines: Iterable[PartLine]) -> list[PartLine]:
    return [one for one in lines if one.part == Part.ENTRY]
