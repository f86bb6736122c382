"""What waits for the counter, made as a list makes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dossiers.intake import online
from dossiers.models import OnlineFiling, OnlineList
from onestop.accounts.calendars import calendar_of
from tests.world import MONDAY, Office, vn

CODE = "G99.01-261120-000001"
FILED = vn("20/11/2026 16:00")


def a_list(office: Office, **more: Any) -> OnlineList:
    said = {
        "source": online.national_source(),
        "agency": office.agency,
        "by": office.clerk,
        "at": MONDAY,
        "file_name": "cho.xlsx",
        "sha256": "0" * 64,
        "stage": OnlineList.Stage.DONE,
    }
    return OnlineList.objects.create(**said | more)


def a_filing(
    office: Office, code: str = CODE, filed_at: datetime = FILED, **more: Any
) -> OnlineFiling:
    row = more.pop("listed_in", None) or a_list(office)
    promise = online.clock(filed_at, calendar_of(office.agency.pk))
    said = {
        "code": code,
        "source": row.source,
        "agency": office.agency,
        "listed_in": row,
        "filed_at": filed_at,
        "accept_by": promise.at,
        "warn_at": promise.warn_at,
        "owner_name": "Nguyễn Thị Bình",
        "identity_number": "001187000123",
        "phone": "0912345678",
        "address": "Thôn 3, xã Bình Minh",
    }
    return OnlineFiling.objects.create(**said | more)
