"""By whose account something was filed on a portal, as it is derived when it comes (S1): an officer's
or an office's own, or somebody else's. Kept with the filing, so that accounts which come or go later
change nothing of what was counted.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from dossiers.identity import numbers_like
from dossiers.models import OnlineFiling
from dossiers.models.helping import OwnAccount
from onestop.accounts.models import Agency

Filer = OnlineFiling.Filer


def filer_of(*, identity: str, tax_code: str, unit: str, on: date) -> OnlineFiling.Filer:
    """What the portal says of the account, held against ours of that day. No query where it says
    nothing, else one or two.
    """
    numbers = {one for text in (identity, tax_code) for one in numbers_like(text)}
    unit = "".join(unit.split()).upper()
    if not numbers and not unit:
        return Filer.UNSAID
    names = numbers | ({unit} if unit else set())
    if OwnAccount.objects.on(on).filter(number__in=names).exists():
        return Filer.OWN
    if unit and Agency.objects.filter(Q(code=unit) | Q(dossier_code=unit)).exists():
        return Filer.OWN
    # A word where a number should stand ("không có") names nobody.
    is_said = bool(unit) or any(sign.isdigit() for one in numbers for sign in one)
    return Filer.CITIZEN if is_said else Filer.UNSAID
