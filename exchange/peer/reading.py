"""What the recorded peer answers to questions: procedures of ours in the national fields, the names of the
owners of invented dossiers, as the database of citizens would, and of their results those that its store was given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dossiers.models import Dossier
from exchange.peer import catalogue
from exchange.peer.keeping import Results
from exchange.peer.people import NOBODY

Answer = Callable[[Mapping[str, Any]], Any]
# By the end of an address, or the name of a service.
PROCEDURE, CITIZEN, RESULTS, FILE = (
    "LayThuTuc",
    "XacThucCongDan",
    "GetDanhSachKetQua",
    "LayTepKetQua",
)


def answers(results: Results) -> dict[str, Answer]:
    """`results`: its store."""
    return {
        PROCEDURE: lambda about: catalogue.told(str(about["maTTHC"])),
        CITIZEN: lambda about: _citizen(str(about["SoDinhDanh"])),
        RESULTS: lambda about: results.of_owner(str(about["SoDinhDanhChuSoHuu"])),
        FILE: lambda about: results.file(str(about["DuongDan"])),
    }


def _citizen(number: str) -> dict[str, str] | None:
    names = {person.number: person.name for person in NOBODY}
    owners = Dossier.objects.filter(identity_number=number).order_by("-id")
    name = names.get(number) or owners.values_list("owner_name", flat=True).first()
    return {"SoDinhDanh": number, "HoVaTen": name} if name else None
