"""Who must have a second factor (R-142): administrators always, everybody from outside the office."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings

from onestop.accounts.models import Role

# Roles that administer: accounts, roles and settings are theirs.
ADMINISTERING = frozenset({Role.ADMINISTRATOR})


def is_required() -> bool:
    """Whether anybody has to; a demo only offers it."""
    return bool(settings.SECOND_FACTOR == "required")


def is_inside(address: str) -> bool:
    """Whether a request from there comes from the office. What cannot be read is outside; where no
    networks were given, everything is inside.
    """
    if not settings.OFFICE_ADDRESSES:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in settings.OFFICE_ADDRESSES)
