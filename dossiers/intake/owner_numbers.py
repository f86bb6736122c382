"""What a number alone tells of the owner: a scanned card who it is, a tax code that it is a company.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from dossiers.identity import guess_kind, is_tax_code, lacks_zeros
from dossiers.models.dossier import IdentityKind, OwnerKind
from dossiers.reading_cards import Card, read_card
from onestop.texts import whole_number
from onestop.typed import squeeze

# The tax code of a company has ten digits, of its branch thirteen; twelve are a person's.
_COMPANY, _BRANCH = 10, 13
_CARDS = (IdentityKind.CITIZEN_CARD, IdentityKind.OLD_CARD)


def read_number(typed: MutableMapping[str, Any]) -> dict[str, str]:
    """What the number alone tells of the owner. It goes into what was typed, but over no name and
    address.
    """
    told = told_by_number(typed)
    names: tuple[str, ...] = ("owner_name", "address")
    words = {name: told[name] for name in names if name in told}
    fill_in(typed, {name: told[name] for name in told.keys() - words.keys()}, over=True)
    fill_in(typed, words, over=False)
    return told


def fill_in(typed: MutableMapping[str, Any], fields: Mapping[str, str], *, over: bool) -> None:
    """Put values into what was typed: over what stands there, or where nothing does."""
    for name, value in fields.items():
        if value and (over or not str(typed.get(name) or "").strip()):
            typed[name] = value


def told_by_number(typed: Mapping[str, Any]) -> dict[str, str]:
    """Fields of the intake form as the number says them; empty where it says nothing."""
    text = str(typed.get("identity_number") or "")
    card = read_card(text)
    if card is not None:
        return told_by_card(card)
    kind = whole_number(str(typed.get("identity_kind") or ""), most=99) or IdentityKind.CITIZEN_CARD
    told: dict[str, str] = {}
    if kind in _CARDS and guess_kind(text) == IdentityKind.TAX_CODE and not lacks_zeros(text):
        told["identity_kind"] = str(IdentityKind.TAX_CODE.value)
    elif kind != IdentityKind.TAX_CODE or not _is_company(text):
        return {}
    if str(typed.get("owner_kind") or OwnerKind.CITIZEN.value) == str(OwnerKind.CITIZEN.value):
        told["owner_kind"] = str(OwnerKind.COMPANY.value)
    return told


def told_by_card(card: Card) -> dict[str, str]:
    """What a card says; what it does not say is not there."""
    told = {
        "identity_number": card.number,
        "identity_kind": str(IdentityKind.CITIZEN_CARD.value),
        "owner_kind": str(OwnerKind.CITIZEN.value),
        "owner_name": card.name,
        "address": card.address,
    }
    return {name: value for name, value in told.items() if value}


def _is_company(text: str) -> bool:
    digits = squeeze(text)
    return len(digits) in (_COMPANY, _BRANCH) and is_tax_code(digits[:_COMPANY])
