"""The project's own catalogue, records made by hand, and people who may confirm."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from onestop.accounts.models import Agency, AgencyKind, Department, Level, Officer, Role
from procedures.domain.importing import ImportReport, Publication, import_procedures
from procedures.domain.sources import SourceFile, read_source
from procedures.models import ProcedureVersion
from tests.standing import standing
from tests.world import MONDAY, Office, make_agency, make_office, make_officer

CATALOGUE = settings.BASE_DIR / "data" / "catalogue.json"
PROCESSES = settings.BASE_DIR / "data" / "processes.json"


def record(code: str = "1.000001", **parts: Any) -> dict[str, Any]:
    """A clean record: five working days, free, two papers, at the counter and online."""
    return {
        "code": code,
        "name": "Thủ tục cấp giấy phép thử nghiệm",
        "field": "Thử nghiệm",
        "level": "Cấp xã",
        "type": "Loại khác",
        "decision_no": "12/QĐ-BTP",
        "applicants": "Công dân Việt Nam",
        "agency_executing": "Ủy ban nhân dân cấp xã",
        "methods": [method("direct"), method("online")],
        "components": [
            {"case": "", "name": "Đơn đề nghị", "originals": 1, "copies": 0},
            {"case": "Trường hợp ủy quyền:", "name": "Giấy ủy quyền", "originals": 1, "copies": 1},
        ],
        "results_raw": "Giấy phépMã: KQ.G15.000001Từ khóaKhông có thông tinMô tảKhông có thông tin",
        "result_codes": ["KQ.G15.000001"],
        "legal_codes": ["08/2015/NĐ-CP", "08/2015/NĐ-CPL"],
    } | parts


def method(
    channel: str = "direct",
    time_text: str = "5 Ngày làm việc",
    fee_text: str = "Miễn phí",
    note: str = "",
) -> dict[str, Any]:
    return {"channel": channel, "time_text": time_text, "fee_text": fee_text, "note": note}


def source(*records: Any) -> SourceFile:
    return SourceFile("thu.json", "0" * 64, list(records))


def run(
    *records: Any,
    at: datetime = MONDAY,
    publication: Publication | None = None,
    dry_run: bool = False,
) -> ImportReport:
    return import_procedures(source(*records), at=at, publication=publication, dry_run=dry_run)


def version_of(code: str = "1.000001", number: int | None = None) -> ProcedureVersion:
    versions = ProcedureVersion.objects.filter(procedure__code=code)
    return versions.get(number=number) if number else versions.latest("number")


def whole_catalogue() -> ImportReport:
    report = import_procedures(read_source(CATALOGUE), at=MONDAY)
    # What earlier tests rolled back leaves statistics of empty tables behind: joins of this many
    # rows planned by them take minutes.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return report


@pytest.fixture
def catalogue(db: None) -> ImportReport:
    """The whole compact catalogue, imported on Monday 23/11/2026."""
    return whole_catalogue()


@pytest.fixture(scope="class")
def _standing_catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[ImportReport]:
    with standing(django_db_blocker, whole_catalogue) as report:
        yield report


@pytest.fixture
def standing_catalogue(_standing_catalogue: ImportReport, db: None) -> ImportReport:
    """The same, made once for a class all of whose tests look at it: each import takes a second."""
    return deepcopy(_standing_catalogue)


@pytest.fixture
def controller(db: None) -> Officer:
    return make_officer("Đỗ Thị Hạnh", make_agency(), (Role.CONTROLLER, None))


@pytest.fixture
def clerk(db: None) -> Officer:
    return make_officer("Trần Thị Thu Hà", make_agency(), (Role.CLERK, None))


@pytest.fixture
def signed_in() -> Callable[[Officer], Client]:
    def sign_in(officer: Officer) -> Client:
        client = Client()
        client.force_login(officer)
        return client

    return sign_in


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[..., Path]:
    """A file with these records, or with this exact text."""

    def write(*records: Any, text: str | None = None) -> Path:
        path = tmp_path / "danh-muc.json"
        path.write_text(
            text if text is not None else json.dumps(list(records), ensure_ascii=False),
            encoding="utf-8",
        )
        return path

    return write


# --- a province that publishes lists -------------------------------------------------------------


@pytest.fixture
def province() -> Agency:
    return Agency.objects.create(
        code="H37",
        name="Ủy ban nhân dân tỉnh",
        level=Level.PROVINCE,
        kind=AgencyKind.PEOPLES_COMMITTEE,
    )


@pytest.fixture
def office(province: Agency) -> Office:
    return make_office(parent=province)


@pytest.fixture
def people(province: Agency) -> tuple[Officer, Officer]:
    """Who drafts and publishes; who checks."""
    room = Department.objects.create(agency=province, name="Phòng Kiểm soát thủ tục")
    drafter = make_officer("Lò Văn Soạn", province, (Role.CONTROLLER, room))
    return drafter, make_officer("Vi Thị Kiểm", province, (Role.LEADER, room))
