"""What is written as the result of the dossiers of a list: shown in the row of who approves it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from dossiers.desk.work import Line
from dossiers.models import Result
from onestop.files.models import Attachment

KIND = "result"


@dataclass(frozen=True, slots=True)
class Written:
    """A result as a row says it. `files`: name and address of each."""

    title: str
    number: str
    issued_on: date | None
    signer: str
    refusal: str
    files: tuple[tuple[str, str], ...]
    is_draft: bool

    @property
    def words(self) -> str:
        """In one line of a file."""
        if self.refusal:
            return f"Từ chối giải quyết: {self.refusal}"
        return f"{self.title} (dự thảo)" if self.is_draft else f"{self.title}, số {self.number}"


def results_of(lines: Iterable[Line]) -> dict[int, Written]:
    """The result that counts of each of these dossiers, by dossier id; two queries for all."""
    codes = {line.pk: line.code for line in lines}
    if not codes:
        return {}
    files: dict[int, list[tuple[str, str]]] = defaultdict(list)
    attached = Attachment.objects.filter(kind=KIND, object_id__in=codes).order_by("pk")
    for pk, dossier_id, name in attached.values_list("pk", "object_id", "name"):
        files[dossier_id].append((name, reverse("dossier_file", args=[codes[dossier_id], pk])))
    return {
        row.dossier_id: Written(
            title=row.title or "Kết quả giải quyết",
            number=row.number,
            issued_on=row.issued_on,
            signer=row.signer,
            refusal=row.reason if row.kind == Result.Kind.REFUSED else "",
            files=tuple(files[row.dossier_id]),
            is_draft=row.is_draft,
        )
        for row in Result.objects.current().filter(dossier__in=codes)
    }
