"""The variants of a form as a controller writes them: one line a column or note.

name | column | label | measure (the column's own where left out)
name | ghi chú | a note that stands instead of the form's
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from onestop.folding import tokens

HINT = (
    "Mỗi dòng một cột của một cách ghi: tên cách ghi | số cột | tên cột | số đo (bỏ trống nếu như trên);"
    " hoặc: tên cách ghi | ghi chú | nội dung"
)
NOTE = "ghi chú"
Variants = dict[str, dict[str, Any]]


def written(variants: Variants) -> str:
    """As lines."""
    return "\n".join(line for slug in variants for line in _lines(slug, variants[slug]))


def _lines(slug: str, variant: Mapping[str, Any]) -> Iterable[str]:
    name = variant.get("name", slug)
    for key, told in variant.items():
        if key == "notes":
            yield from (f"{name} | {NOTE} | {note}" for note in told)
        elif isinstance(told, dict):
            yield f"{name} | {key} | {told['label']} | {told['measure']}"
        elif key != "name":
            yield f"{name} | {key} | {told}"


def read(lines: Iterable[str], known: Variants) -> Variants:
    """From such lines; `known`: variants that keep their slug by their name. Errors:
    ValidationError naming the line.
    """
    slugs = {variant.get("name", slug): slug for slug, variant in known.items()}
    found: Variants = {}
    for line in lines:
        name, column, label, measure = _parts(line)
        slug = slugs.get(name) or "-".join(tokens(name))[:40]
        if not (slug and label and (column == NOTE or column.isdigit())):
            raise forms.ValidationError(
                f"Không đọc được dòng “{line}”. Hãy viết: tên cách ghi | số cột | tên cột."
            )
        variant = found.setdefault(slug, {"name": name})
        if column == NOTE:
            variant.setdefault("notes", []).append(label)
        else:
            variant[column] = {"label": label, "measure": measure} if measure else label
    return found


def _parts(line: str) -> tuple[str, str, str, str]:
    """Name, column, label, measure; a note is the rest of its line, whatever stands in it."""
    name, _, rest = line.partition("|")
    column, _, label = rest.partition("|")
    measure = ""
    if column.strip() != NOTE:
        label, _, measure = label.partition("|")
    return name.strip(), column.strip(), label.strip(), measure.strip()


def named(variants: Variants) -> Iterable[tuple[str, str]]:
    """Column and measure ("" for the column's own) of everything they word otherwise."""
    for variant in variants.values():
        for key, told in variant.items():
            if key not in ("name", "notes"):
                yield key, told["measure"] if isinstance(told, dict) else ""
