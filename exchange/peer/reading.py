"""What the recorded peer answers to questions: procedures of ours in the national fields, and of the
owners of invented dossiers their names and results, as the database of citizens and the store would.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from dossiers.models import Dossier, Result
from exchange.peer import catalogue
from exchange.peer.filing import blank_page
from exchange.peer.people import NOBODY

Answer = Callable[[Mapping[str, Any]], Any]
# By the end of an address, or the name of a service.
PROCEDURE, CITIZEN, RESULTS, FILE = (
    "LayThuTuc",
    "XacThucCongDan",
    "GetDanhSachKetQua",
    "LayTepKetQua",
)


def answers() -> dict[str, Answer]:
    return {
        PROCEDURE: lambda about: catalogue.told(str(about["maTTHC"])),
        CITIZEN: lambda about: _citizen(str(about["SoDinhDanh"])),
        RESULTS: lambda about: _results(str(about["SoDinhDanhChuSoHuu"])),
        FILE: lambda _: base64.b64encode(blank_page()).decode(),
    }


def _citizen(number: str) -> dict[str, str] | None:
    names = {person.number: person.name for person in NOBODY}
    owners = Dossier.objects.filter(identity_number=number).order_by("-id")
    name = names.get(number) or owners.values_list("owner_name", flat=True).first()
    return {"SoDinhDanh": number, "HoVaTen": name} if name else None


def _results(number: str) -> dict[str, Any]:
    rows = Result.objects.current().filter(
        dossier__identity_number=number, kind=Result.Kind.GRANTED
    )
    told = (
        rows.exclude(number="").order_by("-id").values("title", "number", "dossier__agency__name")
    )
    return {
        "DanhSachGiayToKetQua": [
            {
                "MaKetQua": "",
                "TenGiayTo": row["title"],
                "SoKyHieu": row["number"],
                "CoQuanChuQuan": row["dossier__agency__name"],
                "DanhSachTepDinhKem": [
                    {"TenTep": "ket-qua.pdf", "DuongDan": f"/kho/{row['number']}.pdf"}
                ],
            }
            for row in told[:10]
        ]
    }
