"""Whose dossiers a table counts: one agency's own, or those of everything below it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onestop.accounts.models import Agency
from onestop.errors import DomainError
from reports.models.form import Reach

if TYPE_CHECKING:
    from reports.models import ReportForm


@dataclass(frozen=True)
class Scope:
    """An agency by the code and name that the head prints."""

    agency_id: int
    code: str
    name: str
    path: str
    whole: bool = False
    # Whether somebody here or below took over from somebody.
    has_succession: bool = False

    @classmethod
    def of(cls, agency: Agency, *, whole: bool = False) -> Scope:
        return cls(agency.pk, agency.code, agency.name, agency.path, whole, agency.has_succession)

    @classmethod
    def for_form(cls, form: ReportForm, agency: Agency) -> Scope:
        return cls.of(agency, whole=form.reach == Reach.WHOLE)

    def covers(self, agency: Agency) -> bool:
        """Whether what this agency handles is counted."""
        return self.has(agency.pk, agency.path)

    def has(self, agency_id: int, path: str) -> bool:
        """The same of one that is known by its id and path only."""
        return path.startswith(self.path) if self.whole else agency_id == self.agency_id

    @property
    def agency(self) -> Agency:
        return Agency.objects.select_related("parent").get(pk=self.agency_id)


def agency_of(code: str) -> Agency:
    """Errors: DomainError("agency_unknown")."""
    found = Agency.objects.filter(code=code.strip()).select_related("parent").first()
    if found is None:
        raise DomainError("agency_unknown", agency=code)
    return found
