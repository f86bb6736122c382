"""What numbers people are known by look like: identity card, old card, passport, tax code,
telephone. Pure.

`normal_identity` and `normal_phone` give the one form in which a number is stored, searched and
compared, whoever it belongs to (owner, submitter, taker of a result). A check names what is odd
about it: what is merely worth a look is a note; what does not fit the rule of the number is taken
only with a recorded reason (foreigners, numbers of old papers); what is no digit at all though it
looks like one is refused.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dossiers.models.dossier import IdentityKind
from onestop.typed import is_digits, odd_figure, plain_digits, squeeze

RULES = Path(__file__).resolve().parent.parent / "data" / "identity.json"
MOST_IDENTITY, MOST_PHONE = 30, 20
_TAX_BASE = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about a number: code and data of its sentence; `needs_reason` when it is taken
    only with a reason,
    `refused` when no reason helps.
    """

    code: str
    data: dict[str, Any] = field(default_factory=dict)
    needs_reason: bool = True
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A number as it is stored, and what is odd about it. `tells` is what a card number says, to
    compare with the paper at hand.
    """

    value: str
    findings: tuple[Finding, ...] = ()
    tells: str = ""

    @property
    def needs_reason(self) -> bool:
        return any(f.needs_reason for f in self.findings)


@cache
def rules() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(RULES.read_text(encoding="utf-8"))
    return loaded


def normal_identity(kind: int, text: str) -> str:
    """The one form of an identity number of that kind: typed with any blanks, dots and dashes,
    stored and searched so.
    """
    if kind == IdentityKind.OTHER:
        return _other(text)
    value = squeeze(unicodedata.normalize("NFC", text)).upper()
    if kind == IdentityKind.TAX_CODE and is_digits(value) and len(value) == _TAX_BASE + 3:
        return f"{value[:_TAX_BASE]}-{value[_TAX_BASE:]}"
    return value[:MOST_IDENTITY]


def _other(text: str) -> str:
    """Papers without a rule: words stay words ("Thẻ nhà báo 12"), a bare number keeps its slash
    only ("123/2026").
    """
    words = " ".join(plain_digits(unicodedata.normalize("NFC", text)).split())
    if squeeze(words).isascii():
        words = "/".join(map(squeeze, words.split("/"))).upper()
    return words[:MOST_IDENTITY]


def normal_phone(text: str) -> str:
    """The one form of a telephone number: digits, +84 and 0084 written as 0, other countries with
    their plus.
    """
    value = squeeze(text)
    if value.startswith("00"):
        value = f"+{value[2:]}"
    if value.startswith("+84"):
        value = "0" + value[3:].lstrip("0")
    elif value.startswith("84") and len(value) in (11, 12):
        value = "0" + value[2:].lstrip("0")
    return value[:MOST_PHONE]


def numbers_like(text: str) -> tuple[str, ...]:
    """Every form in which an identity number typed so may be stored, whatever its kind."""
    return tuple(
        dict.fromkeys(filter(None, (normal_identity(kind, text) for kind in IdentityKind)))
    )


def branches_of(text: str) -> str:
    """How the tax codes of a company's branches begin, for the ten digits of the company; "" for
    another number.
    """
    value = squeeze(text)
    return f"{value}-" if is_digits(value) and len(value) == _TAX_BASE else ""


def check_identity(kind: int, text: str, on: date) -> Checked:
    """The number of an identity paper of that kind as of a day. An empty number is empty, with no
    finding.
    """
    value = normal_identity(kind, text)
    if not value:
        return Checked("")
    if sign := odd_figure(value):
        return Checked(value, (Finding("number_sign", {"sign": sign}, refused=True),))
    if kind == IdentityKind.CITIZEN_CARD:
        return _citizen_card(value, on)
    if kind == IdentityKind.OLD_CARD:
        return _old_card(value)
    if kind == IdentityKind.PASSPORT:
        ok = re.match(rules()["passport"]["pattern"], value)
        return Checked(value, () if ok else (Finding("id_passport", {"given": value}),))
    if kind == IdentityKind.TAX_CODE:
        return _tax_code(value, on)
    return Checked(value)


def check_person(text: str, on: date) -> Checked:
    """The number of a person whose kind of paper nobody asks for: who brings a dossier, who takes a
    result.
    """
    return check_identity(kind_of(text), text, on)


def _citizen_card(value: str, on: date) -> Checked:
    if not is_digits(value):
        return Checked(value, (Finding("id_card_letters", {"given": value}),))
    if len(value) == rules()["old_card"]["length"]:
        return Checked(value, (Finding("id_card_is_old", {"given": value}),))
    if len(value) != 12:
        lost = value.zfill(12)
        if len(value) in (10, 11) and lost[:3] in rules()["citizen_card"]["birth_places"]:
            return Checked(
                value, (Finding("id_card_lost_zero", {"count": len(value), "whole": lost}),)
            )
        return Checked(value, (Finding("id_card_length", {"count": len(value)}),))
    place = rules()["citizen_card"]["birth_places"].get(value[:3])
    century, year = 19 + int(value[3]) // 2, int(value[4:6])
    born = century * 100 + year
    findings: list[Finding] = []
    if born > on.year:
        findings.append(Finding("id_card_future", {"digit": value[3], "year": born}))
    if place is None:
        findings.append(Finding("id_card_place", {"place": value[:3]}, needs_reason=False))
    sex = "Nữ" if int(value[3]) % 2 else "Nam"
    tells = f"{sex}, sinh năm {born}" + (
        f", đăng ký khai sinh tại {place} (tên tỉnh khi cấp số)" if place else ""
    )
    return Checked(value, tuple(findings), "" if findings and findings[0].needs_reason else tells)


def _old_card(value: str) -> Checked:
    if is_digits(value) and len(value) == rules()["old_card"]["length"]:
        return Checked(value, (Finding("id_old_expired", needs_reason=False),))
    return Checked(value, (Finding("id_old_length", {"count": len(value)}),))


def _tax_code(value: str, on: date) -> Checked:
    digits = value.replace("-", "")
    if not is_digits(digits) or len(digits) not in (_TAX_BASE, 12, _TAX_BASE + 3):
        return Checked(value, (Finding("tax_code_length", {"given": value}),))
    if len(digits) == 12:
        return _citizen_card(digits, on)
    if not is_tax_code(digits[:_TAX_BASE]):
        return Checked(value, (Finding("tax_code_check", {"given": value}),))
    if digits[_TAX_BASE:] == "000":
        return Checked(value, (Finding("tax_code_branch", {"given": value}),))
    return Checked(value)


def is_tax_code(digits: str) -> bool:
    """Whether the tenth digit of a tax code is the check digit of the first nine."""
    if len(digits) != _TAX_BASE or not is_digits(digits):
        return False
    rule = rules()["tax_code"]
    rest = sum(int(d) * w for d, w in zip(digits, rule["weights"], strict=False)) % rule["modulus"]
    return bool(rest != 0 and 10 - rest == int(digits[9]))


def check_phone(text: str) -> Checked:
    """A telephone number: mobile or landline of today, +84 written as 0. An empty number is empty,
    with no finding.
    """
    value = normal_phone(text)
    if not value:
        return Checked("")
    if sign := odd_figure(value):
        return Checked(value, (Finding("number_sign", {"sign": sign}, refused=True),))
    phone = rules()["phone"]
    if re.match(phone["mobile"], value) or re.match(phone["landline"], value):
        return Checked(value)
    if re.match(phone["old_mobile"], value):
        return Checked(value, (Finding("phone_old", {"given": value}),))
    if not is_digits(value.removeprefix("+")):
        return Checked(value, (Finding("phone_letters", {"given": value}),))
    return Checked(value, (Finding("phone_unknown", {"given": value}),))


def guess_kind(text: str) -> int | None:
    """The kind of paper whose form a number has without doubt, for a line where only a number is
    typed.
    """
    value = squeeze(text)
    if not is_digits(value):
        return None
    if len(value) == 12:
        return IdentityKind.CITIZEN_CARD
    if len(value) == 9:
        return IdentityKind.OLD_CARD
    is_company = is_tax_code(value[:_TAX_BASE]) and len(value) in (_TAX_BASE, _TAX_BASE + 3)
    return IdentityKind.TAX_CODE if is_company else None


def lacks_zeros(text: str) -> bool:
    """Whether ten figures may as well be a card's number whose first zeros were lost, as
    spreadsheets lose them: of a known place, of somebody born in the last century or in this one.
    """
    value = squeeze(text)
    whole = value.zfill(12)
    return (
        is_digits(value)
        and len(value) == _TAX_BASE
        and whole[:3] in rules()["citizen_card"]["birth_places"]
        and whole[3] in "0123"
    )


def kind_of(text: str) -> int:
    """The kind of paper that a bare number is judged as: its own form, a passport where it begins
    with a letter, else a card.
    """
    return guess_kind(text) or (
        IdentityKind.PASSPORT if squeeze(text)[:1].isalpha() else IdentityKind.CITIZEN_CARD
    )
