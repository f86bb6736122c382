"""What every page asks of the bell."""

from django.contrib.auth.base_user import AbstractBaseUser

from onestop.outbox.models import Message


def unread_count(officer: AbstractBaseUser) -> int:
    """The number on an officer's bell; one indexed query."""
    return Message.objects.filter(to_officer_id=officer.pk).unread().count()
