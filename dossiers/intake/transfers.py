"""Paying by bank transfer: what a transfer names a dossier by, and where it goes to.

The reference is the dossier's code in letters and digits only, because banks drop the rest: a dot is
X, the first dash Z, the second is left out (the day has six digits); letters X, Y and Z have a Y
before them. A letter at the end checks all of it, so that a slip of the finger names no other
dossier, and text that a bank joins to it is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dossiers.intake.codes import CODE
from dossiers.models import Dossier
from dossiers.models.banking import BankAccount
from dossiers.states import State
from onestop.vietqr import MOST_PURPOSE, QrError, transfer_text

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CHECKS = "ABCDEFGHIJKLMNOPQRSTUVW"
# Nothing is asked for what ended without anything to pay for.
NOT_ASKED = frozenset({State.VOIDED, State.WITHDRAWN, State.STOPPED})
_ESCAPED = {".": "X", "X": "YX", "Y": "YY", "Z": "YZ"}
_WHOLE = r"(?:Y[XYZ]|[A-WX0-9])+Z[0-9]{10,13}[A-W]"
_REFERENCE = re.compile(f"(?=({_WHOLE}))")
_PARTS = re.compile(r"Y([XYZ])|(X)|([A-W0-9])")


def _check(body: str) -> str:
    return CHECKS[
        sum(SIGNS.index(sign) * at for at, sign in enumerate(body, start=1)) % len(CHECKS)
    ]


def reference_of(code: str) -> str:
    """What a transfer names a dossier by; "" for a code that does not fit into it."""
    if not (code.isascii() and CODE.match(code)):
        return ""
    unit, day, number = code.rsplit("-", 2)
    body = "".join(_ESCAPED.get(sign, sign) for sign in unit) + f"Z{day}{number}"
    found = body + _check(body)
    return found if len(found) <= MOST_PURPOSE else ""


def code_of(reference: str) -> str:
    """The code that a reference says; "" where it says none."""
    body, check = reference[:-1], reference[-1:]
    if not re.fullmatch(_WHOLE, reference) or _check(body) != check:
        return ""
    unit, _, digits = body.rpartition("Z")
    said = "".join(kept or ("." if dot else sign) for kept, dot, sign in _PARTS.findall(unit))
    code = f"{said}-{digits[:6]}-{digits[6:]}"
    return code if reference_of(code) == reference else ""


def codes_in(text: str) -> list[str]:
    """Every code that the words of a transfer name, each once, in their order. What a bank wrote
    before or behind a reference, also joined to it, is passed over.
    """
    return list(dict.fromkeys(filter(None, map(code_of, _references(text.upper())))))


def _references(text: str) -> Iterator[str]:
    """Whatever may be one: from each place on, the longest first."""
    for found in _REFERENCE.finditer(text):
        yield found[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What is paid to which account under which words; `text`: of the picture."""

    bank: str
    number: str
    holder: str
    amount: int
    content: str
    text: str


def transfer_for(dossier: Dossier, agency_id: int, day: date) -> Transfer | None:
    """How to pay what a dossier owes still; None where nothing is owed or the counter has no account.
    One query where something is owed.
    """
    if not dossier.fee_owed or dossier.state in NOT_ASKED:
        return None
    content = reference_of(dossier.code)
    account = BankAccount.objects.in_force(agency_id, day) if content else None
    if account is None:
        return None
    try:
        text = transfer_text(
            bank=account.bank, account=account.number, amount=dossier.fee_owed, purpose=content
        )
    except QrError:
        return None
    return Transfer(
        bank=account.bank_name,
        number=account.number,
        holder=account.holder,
        amount=dossier.fee_owed,
        content=content,
        text=text,
    )
