"""Who stands in for an absent officer."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from onestop.accounts.access import access
from onestop.accounts.domain.telling import tell
from onestop.accounts.models import AccessKind, Officer, Substitution
from onestop.errors import DomainError


def substitute(
    *,
    absent: Officer,
    by_whom: Officer,
    from_date: date,
    to_date: date,
    reason: str,
    by: Officer | None,
    at: datetime,
) -> Substitution:
    """`by_whom` does the work of `absent` from one day to another, both included.

    He gets the absent officer's roles except personal ones (administrator, controller). Nothing is
    passed on to a substitute of the substitute, so nobody who is away those days may stand in, and
    nobody who stands in may be away: whose work would lie with nobody is named. Both people and the
    absent one's head are told. Raises DomainError own_account / substitute_self /
    substitute_elsewhere / officer_closed / dates_reversed / substitution_back_dated /
    substitution_twice / substitute_absent / absent_substitutes.
    """
    if by is not None and by.pk in (absent.pk, by_whom.pk):
        raise DomainError("own_account")
    if absent.pk == by_whom.pk:
        raise DomainError("substitute_self", field="substitute")
    if absent.agency_id is None or absent.agency_id != by_whom.agency_id:
        raise DomainError(
            "substitute_elsewhere",
            field="substitute",
            substitute=by_whom.full_name,
            absent=absent.full_name,
        )
    if not by_whom.is_active:
        raise DomainError("officer_closed", field="substitute", name=by_whom.full_name)
    if to_date < from_date:
        raise DomainError("dates_reversed", field="to_date")
    if from_date < timezone.localdate(at):
        raise DomainError("substitution_back_dated", field="from_date")
    with transaction.atomic():
        # Both rows, in one order for everybody: two absences that meet in one officer cannot be
        # written side by side.
        people = sorted((absent.pk, by_whom.pk))
        list(Officer.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk"))
        _refuse_chains(absent, by_whom, from_date, to_date)
        made = Substitution.objects.create(
            absent=absent,
            substitute=by_whom,
            from_date=from_date,
            to_date=to_date,
            reason=reason,
            created_by=by,
            created_at=at,
        )
        days = f"từ {from_date:%d/%m/%Y} đến hết {to_date:%d/%m/%Y}"
        words = f"{by_whom.username} làm thay {absent.username} {days}: {reason}"
        access(
            by, AccessKind.SUBSTITUTION_MADE, "officer", absent.pk, words, about=absent.agency_id
        )
        about: dict[str, Any] = {
            "absent": absent,
            "substitute": by_whom,
            "first": from_date,
            "last": to_date,
        }
        for person in (absent, by_whom):
            tell(person, "substitution_made", by=by, at=at, reason=reason, **about)
    return made


def _refuse_chains(absent: Officer, by_whom: Officer, first: date, last: date) -> None:
    those_days = Substitution.objects.filter(ended_at=None, from_date__lte=last, to_date__gte=first)
    rows = those_days.select_related("absent", "substitute").order_by("id")
    for row in rows.filter(Q(absent__in=(absent.pk, by_whom.pk)) | Q(substitute=absent)):
        days = f"{row.from_date:%d/%m/%Y}–{row.to_date:%d/%m/%Y}"
        if row.absent_id == absent.pk:
            raise DomainError(
                "substitution_twice",
                field="absent",
                absent=absent.full_name,
                substitute=row.substitute.full_name,
            )
        if row.absent_id == by_whom.pk:
            raise DomainError(
                "substitute_absent",
                field="substitute",
                name=by_whom.full_name,
                substitute=row.substitute.full_name,
                days=days,
            )
        raise DomainError(
            "absent_substitutes",
            field="absent",
            name=absent.full_name,
            absent=row.absent.full_name,
            days=days,
        )


def end_substitution(*, substitution: Substitution, by: Officer, at: datetime) -> None:
    """The absent officer is back: the substitution ends now."""
    if substitution.ended_at is not None:
        raise DomainError("substitution_over")
    with transaction.atomic():
        substitution.ended_at = at
        substitution.save(update_fields=["ended_at"])
        absent, by_whom = substitution.absent, substitution.substitute
        days = f"{substitution.from_date:%d/%m/%Y}–{substitution.to_date:%d/%m/%Y}"
        words = f"{by_whom.username} thôi làm thay {absent.username} ({days})"
        access(
            by, AccessKind.SUBSTITUTION_ENDED, "officer", absent.pk, words, about=absent.agency_id
        )
        first, last = substitution.from_date, substitution.to_date
        about: dict[str, Any] = {
            "absent": absent,
            "substitute": by_whom,
            "first": first,
            "last": last,
        }
        for person in (absent, by_whom):
            tell(person, "substitution_ended", by=by, at=at, **about)
