"""What this app is to the others: its part of the administration."""

from onestop.accounts.models import Role
from onestop.shell import Tab, offer


def connect() -> None:
    offer(Tab(84, "khoa-api", "api_keys", "Khóa API", frozenset({Role.ADMINISTRATOR})))
