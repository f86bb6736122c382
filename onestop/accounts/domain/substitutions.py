"""Who stands in for an absent officer."""

from datetime import date, datetime

from django.db import transaction

from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Officer, Substitution
from onestop.errors import DomainError


def substitute(
    *, absent: Officer, by_whom: Officer, from_date: date, to_date: date, reason: str, by: Officer | None, at: datetime
) -> Substitution:
    """`by_whom` does the work of `absent` from one day to another, both included.

    He gets the absent officer's roles except personal ones (administrator, controller). Raises DomainError
    substitute_self / substitute_elsewhere / officer_closed / dates_reversed / substitution_twice.
    """
    if absent.pk == by_whom.pk:
        raise DomainError("substitute_self", field="substitute")
    if absent.agency_id is None or absent.agency_id != by_whom.agency_id:
        raise DomainError("substitute_elsewhere", field="substitute", substitute=by_whom.full_name, absent=absent.full_name)
    if not by_whom.is_active:
        raise DomainError("officer_closed", field="substitute", name=by_whom.full_name)
    if to_date < from_date:
        raise DomainError("dates_reversed", field="to_date")
    with transaction.atomic():
        Officer.objects.select_for_update(no_key=True).get(pk=absent.pk)
        other = absent.absences.filter(ended_at=None, from_date__lte=to_date, to_date__gte=from_date).select_related("substitute").first()
        if other is not None:
            raise DomainError("substitution_twice", field="absent", absent=absent.full_name, substitute=other.substitute.full_name)
        made = Substitution.objects.create(
            absent=absent, substitute=by_whom, from_date=from_date, to_date=to_date, reason=reason, created_by=by, created_at=at
        )
        access(by, AccessKind.SUBSTITUTION_MADE, "officer", absent.pk, f"{by_whom.username} thay {absent.username}")
    return made


def end_substitution(*, substitution: Substitution, by: Officer, at: datetime) -> None:
    """The absent officer is back: the substitution ends now."""
    if substitution.ended_at is not None:
        raise DomainError("substitution_over")
    with transaction.atomic():
        substitution.ended_at = at
        substitution.save(update_fields=["ended_at"])
        access(
            by,
            AccessKind.SUBSTITUTION_ENDED,
            "officer",
            substitution.absent_id,
            f"{substitution.substitute.username} không còn thay {substitution.absent.username}",
        )
