"""Two questions about an owner: is the name the one of this number (database of citizens), and which
results are theirs (the national store of results). Both are asked of the first peer that answers them.

Nothing of an answer is kept: a clerk who relies on it marks the paper “Từ CSDL” (R-15), and the access
log says who asked and when.
"""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from exchange.outbox.peers import Peer, peers
from exchange.outbox.port import Away, CannotAsk, Held, Port
from exchange.outbox.profiles import port_of
from exchange.outbox.web import post_to
from onestop.errors import DomainError
from onestop.files.domain import check, clean_name
from onestop.folding import fold
from onestop.viruses import refuse_infected

CITIZEN, RESULTS, FILE = "citizen", "results", "result_file"
# More than these are no person's papers; the store is asked for one owner at a time.
MOST_PAPERS, MOST_FILES = 50, 10


@dataclass(frozen=True, slots=True)
class Citizen:
    """`is_known`: whether the number is one of the database; `same_name`: whether it is this name's."""

    is_known: bool
    same_name: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A result in the national store; `files`: name and place of each, as the store says them."""

    code: str
    name: str
    number: str
    issuer: str
    files: tuple[tuple[str, str], ...]


def asks(what: str) -> Peer | None:
    """Who answers that, if anybody does."""
    return next((peer for peer in peers() if peer.paths.get(what)), None)


def is_possible() -> bool:
    return asks(CITIZEN) is not None or asks(RESULTS) is not None


def check_citizen(number: str, name: str, *, by: str, port: Port | None = None) -> Citizen:
    """Errors: DomainError("ask_away"); ("ask_nobody") where no peer answers this. `by`: whose account."""
    said = _asked(
        CITIZEN,
        lambda one: one.check_citizen(
            {"SoDinhDanh": number, "HoVaTen": plain(name), "MaCanBo": by[:50]}
        ),
        port,
    )
    if said is None:
        return Citizen(is_known=False)
    return Citizen(is_known=True, same_name=plain(_text(said.get("HoVaTen"))) == plain(name))


def find_results(
    number: str, name: str, *, procedure: str = "", port: Port | None = None
) -> list[Paper]:
    """What the store has of the owner, MOST_PAPERS at most. Errors as above."""
    about = {
        "SoDinhDanhChuSoHuu": number,
        "HoTenNguoiYeuCau": name,
        "SoDinhDanhNguoiYeuCau": number,
        "KenhThucHien": "1",
        "MaThuTuc": procedure,
        "DanhSachDanhMucKetQua": [],
    }
    rows = _asked(RESULTS, lambda one: one.find_results(about), port)
    return [_paper(row) for row in rows[:MOST_PAPERS]]


def fetch_file(
    issuer: str, place: str, name: str, *, port: Port | None = None
) -> tuple[str, bytes]:
    """Its name and content, checked as an upload is. Errors as above, those of an upload, and
    DomainError("ask_file") for what is no file or too large.
    """
    about = {"CoQuanChuQuan": issuer, "DuongDan": place}
    # In base64, with the ends of its lines.
    most = settings.UPLOAD_MAX_BYTES * 3 // 2
    said = _asked(FILE, lambda one: one.fetch_file(about), port, most=most)
    try:
        content = base64.b64decode("".join(said.split()), validate=True)
    except (binascii.Error, ValueError):
        raise DomainError("ask_file") from None
    if not content or len(content) > settings.UPLOAD_MAX_BYTES:
        raise DomainError("ask_file")
    name, spool = clean_name(name or "giay-to.pdf"), io.BytesIO(content)
    refuse_infected(spool, name=name)
    name, _ = check(spool, name)
    return name, content


def plain(name: str) -> str:
    """As the database of citizens compares names: capitals, no marks, no blanks."""
    return "".join(fold(name).split()).upper()


def _asked(what: str, ask: Any, port: Port | None, *, most: int = 0) -> Any:
    peer = asks(what)
    if peer is None:
        raise DomainError("ask_nobody")
    try:
        return ask(port or port_of(peer, post_to(peer, most=most)))
    except (Away, Held, CannotAsk) as error:
        raise DomainError("ask_away", name=peer.name, why=str(error)) from error


def _paper(row: Mapping[str, Any]) -> Paper:
    files = row.get("DanhSachTepDinhKem")
    told = [one for one in files if isinstance(one, Mapping)] if isinstance(files, list) else []
    return Paper(
        code=_text(row.get("MaKetQua")),
        name=_text(row.get("TenGiayTo")),
        number=_text(row.get("SoKyHieu")),
        issuer=_text(row.get("CoQuanChuQuan")),
        files=tuple(
            (_text(one.get("TenTep"))[:200], _text(one.get("DuongDan"))[:500])
            for one in told[:MOST_FILES]
        ),
    )


def _text(value: Any) -> str:
    return str(value).strip()[:500] if isinstance(value, str | int) else ""
