"""Which procedure a line of a portal's list means: by its code, else by its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dossiers.importing.online_lines import Listed
from onestop.folding import fold
from procedures.models import Procedure, ProcedureVersion, Status


@dataclass(frozen=True, slots=True)
class Named:
    """`found`: procedures by code, and by whole name in lower case: a name may be that of several."""

    found: dict[str, list[Procedure]] = field(default_factory=dict)

    def one(self, line: Listed) -> Procedure | None:
        """None where the catalogue has none, or several of that name: whoever receives chooses."""
        meant = self._meant(line)
        return meant[0] if len(meant) == 1 else None

    def several(self, line: Listed) -> list[str]:
        """The codes that a name may mean; none where it means one, or nothing that is known."""
        meant = self._meant(line)
        return [one.code for one in meant] if len(meant) > 1 else []

    def _meant(self, line: Listed) -> list[Procedure]:
        return self.found.get(line.procedure_code) or self.found.get(fold(line.procedure), [])


def named_in(lines: Iterable[Listed]) -> Named:
    """The procedures that lines name; one query, one more where some have no code that is known."""
    lines = list(lines)
    codes = {line.procedure_code for line in lines if line.procedure_code}
    found = {one.code: [one] for one in Procedure.objects.filter(code__in=codes)}
    names = {
        fold(line.procedure)
        for line in lines
        if line.procedure and line.procedure_code not in found
    }
    return Named(_by_name(names) | found if names else found)


def _by_name(names: set[str]) -> dict[str, list[Procedure]]:
    """What is published under a name now goes before what once was."""
    now: dict[str, dict[int, Procedure]] = {}
    once: dict[str, dict[int, Procedure]] = {}
    rows = ProcedureVersion.objects.select_related("procedure").order_by("procedure__code")
    for row in rows.only("name", "procedure", "effective_to", "status").iterator():
        name = fold(row.name)
        if name in names:
            is_now = row.effective_to is None and row.status != Status.ABOLISHED
            found = now if is_now else once
            found.setdefault(name, {})[row.procedure_id] = row.procedure
    return {name: list(found.values()) for name, found in (once | now).items()}
