"""What is answered, as types: the OpenAPI document is written from them. Names as in docs/glossary.md,
instants in UTC.
"""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from dossiers.models import Dossier
from dossiers.states import State


class Problem(Schema):
    """Every answer that is none has this one shape (docs/api.md names the codes)."""

    code: str = Field(description="Mã lỗi, cho chương trình")
    detail: str = Field(description="Câu tiếng Việt, cho người đọc")


class StateOf(Schema):
    number: int = Field(description="Trạng thái quốc gia, 1 đến 10")
    name: str


class AgencyOf(Schema):
    code: str
    name: str


class ProcedureOf(Schema):
    code: str
    name: str


class DossierOf(Schema):
    """A dossier without personal data; `owner` only for a key with that scope, and for whoever has the
    secret of the slip.
    """

    code: str
    procedure: ProcedureOf
    state: StateOf
    agency: AgencyOf = Field(description="Cơ quan giải quyết")
    received_by: AgencyOf = Field(description="Cơ quan tiếp nhận")
    received_at: datetime
    due_at: datetime | None = Field(description="Hẹn trả; null: không hẹn hoặc chưa xác định")
    is_provisional: bool = Field(description="Ngày hẹn còn tạm tính")
    is_late: bool
    waiting_since: datetime | None
    ended_at: datetime | None
    returned_at: datetime | None
    owner: str | None = None


class DossierPage(Schema):
    dossiers: list[DossierOf]
    next: str = Field(description="Con trỏ của trang sau; rỗng: hết")


class UnitCounts(Schema):
    """Figures of the dashboard over the dossiers that an agency handles, at this moment."""

    agency: AgencyOf
    open: int
    late: int
    due_today: int
    due_soon: int
    waiting_for_papers: int
    waiting_for_payment: int
    uncollected: int
    received_today: int
    ended_today: int


class Counts(Schema):
    at: datetime
    day: date
    units: list[UnitCounts]


def agency_of(agency: object) -> AgencyOf:
    return AgencyOf.model_validate(agency, from_attributes=True)


def dossier_of(dossier: Dossier, now: datetime, *, owner: bool) -> DossierOf:
    """One row; its procedure and agencies are loaded already."""
    state = State(dossier.state)
    procedure = dossier.version.procedure
    return DossierOf(
        code=dossier.code,
        procedure=ProcedureOf(code=procedure.code, name=dossier.version.name),
        state=StateOf(number=state.value, name=state.label),
        agency=agency_of(dossier.agency),
        received_by=agency_of(dossier.received_by_agency),
        received_at=dossier.received_at,
        due_at=None if dossier.undetermined else dossier.due_at,
        is_provisional=dossier.provisional,
        is_late=dossier.is_late(now),
        waiting_since=dossier.waiting_since,
        ended_at=dossier.ended_at,
        returned_at=dossier.returned_at,
        owner=dossier.owner_name if owner else None,
    )
