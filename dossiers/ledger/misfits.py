"""What a verification found: where something does not fit, and what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

WHAT_TO_DO = (
    "Hãy giữ nguyên cơ sở dữ liệu, báo quản trị và so với bản sao lưu, với mã băm đã gửi qua thư."
)
# So many are named one by one; what else there is, is counted.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Misfit:
    """What does not fit: which dossier (or agency and day, or row of a register), which event, and
    what is wrong.
    """

    what: str
    dossier: str = ""
    event: int | None = None
    agency: str = ""
    day: str = ""
    row: str = ""

    def __str__(self) -> str:
        places = (
            f"hồ sơ {self.dossier}" if self.dossier else "",
            f"sự kiện số {self.event}" if self.event is not None else "",
            f"cơ quan {self.agency}" if self.agency else "",
            f"ngày {self.day}" if self.day else "",
            self.row,
        )
        return f"{', '.join(place for place in places if place)}: {self.what}"


@dataclass(slots=True)
class Verified:
    """What was walked, what does not fit, and what is worth knowing though it fits (`remarks`)."""

    dossiers: int = 0
    events: int = 0
    days: int = 0
    rows: int = 0
    misfits: list[Misfit] = field(default_factory=list)
    unnamed: int = 0
    remarks: list[Misfit] = field(default_factory=list)
    unnamed_remarks: int = 0

    @property
    def count(self) -> int:
        return len(self.misfits) + self.unnamed

    @property
    def misfit(self) -> Misfit | None:
        """The first one."""
        return self.misfits[0] if self.misfits else None

    def kept(self, rows: int) -> None:
        """So many more rows outside dossiers were walked."""
        self.rows += rows

    def found(self, misfits: Iterable[Misfit]) -> None:
        for misfit in misfits:
            if len(self.misfits) < MOST:
                self.misfits.append(misfit)
            else:
                self.unnamed += 1

    def noticed(self, remarks: Iterable[Misfit]) -> None:
        for remark in remarks:
            if len(self.remarks) < MOST:
                self.remarks.append(remark)
            else:
                self.unnamed_remarks += 1
