"""The demo's catalogue: the project's own compact records, and the terms that its journeys need,
confirmed as a controller would.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from onestop.accounts.models import Agency, Officer
from procedures.domain.confirming import Readings, confirm_terms
from procedures.domain.importing import ImportReport, import_procedures
from procedures.domain.list_files import read
from procedures.domain.lists import Head, check, draft, note_entered, publish, put_lines
from procedures.domain.processes import default_process, import_processes
from procedures.domain.sources import read_source
from procedures.models import ListDecision, ProcedureVersion, Status

CATALOGUE = settings.BASE_DIR / "data" / "catalogue.json"
PROCESSES = settings.BASE_DIR / "data" / "processes.json"
# What a province's centre, its communes and its departments' branches receive: no commune takes
# customs, tax, treasury or police procedures but those of residence that communes confirm.
LISTS = settings.BASE_DIR / "data" / "lists.csv"

CIVIL_STATUS_LAW: Final = "Luật Hộ tịch năm 2014, Điều 5 khoản 3"
CERTIFICATION_LAW: Final = "Nghị định 23/2015/NĐ-CP, Điều 7"
# What a copy costs a page (Thông tư 226/2016/TT-BTC); the record gives it in a note only.
COPY_FEE: Final = 2000
# Days between the signature of the province's lists and their force.
SIGNED_BEFORE: Final = 7


@dataclass(frozen=True, slots=True)
class DemoReading:
    """How a controller reads one waiting procedure: the term for all channels, a fee where the
    record has none, the basis.
    """

    term: str
    basis: str
    fee: int | None = None
    left_out: tuple[int, ...] = ()  # orders of cases that are not this office's


READINGS: Final[dict[str, DemoReading]] = {
    "1.001193": DemoReading("trong ngày", CIVIL_STATUS_LAW),  # khai sinh
    "1.000656": DemoReading("trong ngày", CIVIL_STATUS_LAW, fee=0),  # khai tử
    "1.000894": DemoReading("trong ngày", CIVIL_STATUS_LAW, fee=0),  # kết hôn
    "1.004873": DemoReading(
        "3 ngày làm việc", "Nghị định 123/2015/NĐ-CP, Điều 22", fee=0
    ),  # xác nhận tình trạng hôn nhân
    "1.001022": DemoReading(
        "3 ngày làm việc", "Luật Hộ tịch năm 2014, Điều 25", fee=0
    ),  # nhận cha, mẹ, con
    "2.000635": DemoReading("trong ngày", CIVIL_STATUS_LAW),  # bản sao trích lục
    "2.000815": DemoReading(
        "trả ngay", CERTIFICATION_LAW, fee=COPY_FEE, left_out=(2,)
    ),  # chứng thực bản sao
    "2.000942": DemoReading(
        "trả ngay", CERTIFICATION_LAW, fee=COPY_FEE
    ),  # bản sao chứng thực từ bản chính giao dịch
    "2.001008": DemoReading("trong ngày", CERTIFICATION_LAW),  # chữ ký người dịch
    "2.001019": DemoReading("trong ngày", CERTIFICATION_LAW),  # di chúc
}


def load_demo_catalogue(*, at: datetime, by: Officer | None = None) -> ImportReport:
    """Imports catalogue and processes and confirms the terms in READINGS through the controller's
    own verb.

    Safe to run again: what is unchanged or already confirmed stays. `by`: the demo's controller.
    """
    report = import_procedures(read_source(CATALOGUE), at=at, by=by)
    import_processes(read_source(PROCESSES), at=at, by=by)
    default_process()
    waiting = (
        ProcedureVersion.objects.waiting()
        .filter(procedure__code__in=READINGS)
        .select_related("procedure")
    )
    for version in waiting.prefetch_related("cases__methods"):
        _confirm(version, READINGS[version.procedure.code], at=at, by=by)
    return report


def _confirm(
    version: ProcedureVersion, reading: DemoReading, *, at: datetime, by: Officer | None
) -> None:
    if version.status != Status.NEEDS_TERM:
        return
    cases = list(version.cases.all())
    left_out = frozenset(case.pk for case in cases if case.order in reading.left_out)
    methods = [method for case in cases if case.pk not in left_out for method in case.methods.all()]
    readings = Readings(
        terms={method.pk: reading.term for method in methods},
        fees={method.pk: reading.fee for method in methods},
        left_out=left_out,
    )
    confirm_terms(version.pk, readings=readings, by=by, at=at, note=reading.basis)


def publish_demo_lists(
    *, agency: Agency, drafter: Officer, checker: Officer, at: datetime
) -> ListDecision:
    """The province's lists, published by two people as on the pages, in force from the day of `at`;
    signed a week before, as the law asks (R-134).
    """
    on = timezone.localdate(at)
    head = Head(
        "1386/QĐ-UBND", "Công bố danh mục thủ tục hành chính tiếp nhận tại các Bộ phận Một cửa",
        "Chủ tịch Ủy ban nhân dân tỉnh", on - timedelta(days=SIGNED_BEFORE), on,
        no_file_reason="Danh mục minh họa, không có văn bản ký",
    )  # fmt: skip
    found = read(LISTS, LISTS.name)
    if found.refused:
        raise ValueError(found.refused)
    row = draft(head, agency=agency, by=drafter, at=at)
    row = put_lines(row, found.lines, seen=row.revision)
    row = check(row, by=checker, at=at, seen=row.revision)
    row = publish(row, by=drafter, at=at, seen=row.revision)
    return note_entered(row, on, by=drafter, today=on)
