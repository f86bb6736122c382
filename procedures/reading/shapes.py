"""What one element of an import file must be before anything reads it: a record of plain values
that a database can hold.
"""

import re
from typing import Any

LONGEST = 20_000
# A NUL and halves of characters: no column holds them, no file can be printed with them.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def misfit(raw: dict[str, Any], *, texts: frozenset[str]) -> str:
    """Why a record cannot be read, in words that name its part; "" when it can.

    A record's values are texts, numbers or lists of texts, numbers or small records of texts and
    numbers; those of the keys
    `texts` are no lists.
    """
    for key, value in raw.items():
        if why := _bad_text(key):
            return f"tên một mục {why}"
        if isinstance(value, list) and key in texts:
            return f"mục “{key}” phải là chữ"
        for inner in value if isinstance(value, list) else [value]:
            if why := _bad_entry(inner, in_list=isinstance(value, list)):
                return f"mục “{key[:60]}” {why}"
    return ""


def _bad_entry(value: object, *, in_list: bool) -> str:
    if in_list and isinstance(value, dict):
        return next(
            (why for part in (*value.keys(), *value.values()) if (why := _bad_value(part))), ""
        )
    return _bad_value(value)


def _bad_value(value: object) -> str:
    if isinstance(value, str):
        return _bad_text(value)
    return "" if value is None or isinstance(value, int | float) else "có kiểu dữ liệu không đúng"


def _bad_text(text: str) -> str:
    if len(text) > LONGEST:
        return f"dài quá {LONGEST:,} ký tự".replace(",", ".")
    return "có ký tự hỏng (không phải chữ)" if _UNWRITABLE.search(text) else ""
