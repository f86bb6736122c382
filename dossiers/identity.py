"""What numbers people are known by look like: identity card, old card, passport, tax code, telephone. Pure.

A check never refuses: it normalises what was typed and names what is odd. What is merely worth a look is a note; what does
not fit the rule of the number is taken only with a recorded reason (foreigners, numbers of old papers).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dossiers.models.dossier import IdentityKind

RULES = Path(__file__).resolve().parent.parent / "data" / "identity.json"
_FILLERS = re.compile(r"[\s.\-–()/]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about a number: code and data of its sentence; `needs_reason` when it is taken only with a reason."""

    code: str
    data: dict[str, Any] = field(default_factory=dict)
    needs_reason: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """A number as it is stored, and what is odd about it. `tells` is what a card number says, to compare with the paper at hand."""

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


def check_identity(kind: int, text: str, on: date) -> Checked:
    """The number of an identity paper of that kind as of a day. An empty number is empty, with no finding."""
    value = _FILLERS.sub("", text).upper()
    if not value:
        return Checked("")
    if kind == IdentityKind.CITIZEN_CARD:
        return _citizen_card(value, on)
    if kind == IdentityKind.OLD_CARD:
        return _old_card(value)
    if kind == IdentityKind.PASSPORT:
        ok = re.match(rules()["passport"]["pattern"], value)
        return Checked(value, () if ok else (Finding("id_passport", {"given": value}),))
    if kind == IdentityKind.TAX_CODE:
        return _tax_code(text, on)
    return Checked(" ".join(text.split())[:30])


def _citizen_card(value: str, on: date) -> Checked:
    if not value.isdigit():
        return Checked(value, (Finding("id_card_letters", {"given": value}),))
    if len(value) == rules()["old_card"]["length"]:
        return Checked(value, (Finding("id_card_is_old", {"given": value}),))
    if len(value) != 12:
        lost = value.zfill(12)
        if len(value) in (10, 11) and lost[:3] in rules()["citizen_card"]["birth_places"]:
            return Checked(value, (Finding("id_card_lost_zero", {"count": len(value), "whole": lost}),))
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
    tells = f"{sex}, sinh năm {born}" + (f", đăng ký khai sinh tại {place} (tên tỉnh khi cấp số)" if place else "")
    return Checked(value, tuple(findings), "" if findings and findings[0].needs_reason else tells)


def _old_card(value: str) -> Checked:
    if value.isdigit() and len(value) == rules()["old_card"]["length"]:
        return Checked(value, (Finding("id_old_expired", needs_reason=False),))
    return Checked(value, (Finding("id_old_length", {"count": len(value)}),))


def _tax_code(text: str, on: date) -> Checked:
    digits = re.sub(r"\D", "", text)
    plain = _FILLERS.sub("", text)
    if digits != plain or len(digits) not in (10, 12, 13):
        return Checked(plain.upper()[:30], (Finding("tax_code_length", {"given": plain}),))
    if len(digits) == 12:
        return _citizen_card(digits, on)
    value = digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"
    if not is_tax_code(digits[:10]):
        return Checked(value, (Finding("tax_code_check", {"given": value}),))
    if digits[10:] == "000":
        return Checked(value, (Finding("tax_code_branch", {"given": value}),))
    return Checked(value)


def is_tax_code(digits: str) -> bool:
    """Whether the tenth digit of a tax code is the check digit of the first nine."""
    if len(digits) != 10 or not digits.isdigit():
        return False
    rule = rules()["tax_code"]
    rest = sum(int(d) * w for d, w in zip(digits, rule["weights"], strict=False)) % rule["modulus"]
    return bool(rest != 0 and 10 - rest == int(digits[9]))


def check_phone(text: str) -> Checked:
    """A telephone number: mobile or landline of today, +84 written as 0. An empty number is empty, with no finding."""
    value = _FILLERS.sub("", text)
    if not value:
        return Checked("")
    if value.startswith("+84"):
        value = "0" + value[3:]
    elif value.startswith("84") and len(value) in (11, 12):
        value = "0" + value[2:]
    phone = rules()["phone"]
    if re.match(phone["mobile"], value) or re.match(phone["landline"], value):
        return Checked(value)
    if re.match(phone["old_mobile"], value):
        return Checked(value, (Finding("phone_old", {"given": value}),))
    if not re.match(r"^\+?\d+$", value):
        return Checked(value[:20], (Finding("phone_letters", {"given": value}),))
    return Checked(value[:20], (Finding("phone_unknown", {"given": value}),))


def guess_kind(text: str) -> int | None:
    """The kind of paper whose form a number has without doubt, for a line where only a number is typed."""
    value = _FILLERS.sub("", text)
    if value.isdigit() and len(value) == 12:
        return IdentityKind.CITIZEN_CARD
    if value.isdigit() and len(value) == 9:
        return IdentityKind.OLD_CARD
    return IdentityKind.TAX_CODE if is_tax_code(value[:10]) and len(value) in (10, 13) else None
