"""The parts of a record that bind nothing of a dossier, said anew: a new row, and nothing waits for a
controller; what was received is not touched (docs/adr/0030).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from onestop.accounts.models import Officer
from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError
from onestop.files.domain import attach, keep
from onestop.files.models import Attachment
from procedures.domain.describing import LONGEST
from procedures.models import Part, Procedure, ProcedureTexts, ProcedureVersion
from procedures.reading.remaining import Remaining

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

FORM = "procedure_form"
LABELS = {
    "steps": "trình tự thực hiện",
    "requirements": "yêu cầu, điều kiện",
    "forms": "mẫu đơn, mẫu tờ khai",
    "none_of": "không có",
}
NOTHING: dict[str, Any] = {"steps": "", "requirements": "", "forms": [], "none_of": []}


def differing(found: Mapping[str, Remaining]) -> dict[str, Remaining]:
    """Those of the records, by code, that say something else than what stands. One query."""
    if not found:
        return {}
    rows = ProcedureTexts.objects.current().filter(procedure__code__in=found)
    stands = {row.procedure.code: row for row in rows.select_related("procedure")}
    return {
        code: one
        for code, one in found.items()
        if _merged(one, stands.get(code)) != (stands[code].says if code in stands else NOTHING)
    }


def _merged(said: Remaining, before: ProcedureTexts | None) -> dict[str, Any]:
    """What stands after an import: of what the record is silent on, what stood; and the files that
    were put in here, which no record knows.
    """
    if before is None:
        return said.says
    stood = before.says
    merged = said.says | {key: stood[key] for key in said.silent if key in stood}
    none_of = {*said.none_of, *(part for part in stood["none_of"] if part in said.silent)}
    if Part.FORMS not in said.silent and (kept := [one for one in stood["forms"] if "file" in one]):
        merged["forms"] = [*merged["forms"], *kept]
        none_of.discard(Part.FORMS)
    return merged | {"none_of": sorted(none_of)}


def parts_of(found: Mapping[str, Remaining]) -> dict[str, list[list[str]]]:
    """By code [label, before, after] of each part that is said anew, for a preview. One query."""
    rows = ProcedureTexts.objects.current().filter(procedure__code__in=found)
    stands = {row.procedure.code: row for row in rows.select_related("procedure")}
    told = {}
    for code, one in found.items():
        row = stands.get(code)
        before, after = (row.says if row is not None else NOTHING), _merged(one, row)
        told[code] = [
            [label, _words(before[key]), _words(after[key])]
            for key, label in LABELS.items()
            if before[key] != after[key]
        ]
    return told


def _words(value: Any) -> str:
    """A part as a preview says it."""
    if isinstance(value, list):
        value = "; ".join(_word(one) for one in value)
    text = " ".join(str(value).split()) or "để trống"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _word(one: Any) -> str:
    if isinstance(one, dict):
        return f"{one['name']} ({one['url']})" if one.get("url") else str(one["name"])
    return Part(one).label.lower()


def write(found: Mapping[str, Remaining], *, by: Officer | None, at: datetime) -> None:
    """What an import says of procedures that are there. Inside its transaction; statements by the
    batch, not by the record.
    """
    if not found:
        return
    # Who writes one of them by hand at the same time is waited for, or waits (say_anew).
    rows_of = Procedure.objects.select_for_update(no_key=True).filter(code__in=found)
    ids = dict(rows_of.order_by("pk").values_list("code", "pk"))
    current = ProcedureTexts.objects.current().filter(procedure__in=ids.values())
    before = {row.procedure_id: row for row in current}
    update_all(
        ProcedureTexts.objects.filter(pk__in=[r.pk for r in before.values()]), replaced_at=at
    )
    rows = [
        ProcedureTexts(
            procedure_id=ids[code], recorded_at=at, recorded_by=by,
            **_merged(one, before.get(ids[code])),
        )
        for code, one in found.items()
        if code in ids
    ]  # fmt: skip
    add_all(ProcedureTexts, rows)


def say_anew(
    procedure: Procedure,
    *,
    says: dict[str, Any],
    seen: int,
    form: tuple[str, UploadedFile[Any]] | None,
    by: Officer,
    at: datetime,
) -> ProcedureTexts | None:
    """What a controller writes. `seen`: the row that he saw (0: none); `form`: the name and file of
    another form. None where nothing is different. Errors: DomainError("procedures.texts_changed"),
    those of onestop.files.
    """
    kept = keep(form[1], name=form[1].name or "") if form is not None else None
    with transaction.atomic():
        Procedure.objects.select_for_update(no_key=True).get(pk=procedure.pk)
        before = ProcedureTexts.objects.current().filter(procedure=procedure).first()
        if (before.pk if before is not None else 0) != seen:
            raise DomainError("procedures.texts_changed")
        if kept is not None and form is not None:
            file = attach(kept, kind=FORM, object_id=procedure.pk, by=by, at=at)
            says = says | {"forms": [*says["forms"], {"name": form[0], "file": file.pk}]}
        if says == (before.says if before is not None else NOTHING):
            return None
        if before is not None:
            before.replaced_at = at
            before.save(update_fields=["replaced_at"])
        return ProcedureTexts.objects.create(
            procedure=procedure, recorded_at=at, recorded_by=by, **says
        )


def current(procedure: Procedure) -> ProcedureTexts | None:
    return ProcedureTexts.objects.current().filter(procedure=procedure).first()


def file_of(procedure: Procedure, pk: int) -> Attachment | None:
    """A form's file, as long as it stands at the procedure."""
    row = current(procedure)
    if row is None or pk not in {one.get("file") for one in row.forms}:
        return None
    return Attachment.objects.of(FORM, procedure.pk).filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Shown:
    """A part for reading: its lines, or whether there are none of it, or nobody has said."""

    label: str
    lines: tuple[str, ...]
    is_none: bool

    @property
    def is_unsaid(self) -> bool:
        return not self.lines and not self.is_none


def shown(version: ProcedureVersion, texts: ProcedureTexts | None) -> dict[str, Shown]:
    """Every part of Đ8.2 that stands in no table of the page, by name (R-132, R-136). No query."""
    said: dict[str, Iterable[str]] = {
        Part.STEPS: (texts.steps if texts else "").splitlines(),
        Part.REQUIREMENTS: (texts.requirements if texts else "").splitlines(),
        Part.RESULTS: [str(one["name"]) for one in version.results],
        Part.AUTHORITY: [version.agency_authority] if version.agency_authority else [],
        Part.COORDINATING: [version.agency_coordinating] if version.agency_coordinating else [],
        Part.FORMS: [str(one["name"]) for one in texts.forms] if texts else [],
    }
    none_of = set(texts.none_of) if texts else set()
    return {
        part.value: Shown(part.label, tuple(said[part]), part in none_of and not tuple(said[part]))
        for part in Part
    }
