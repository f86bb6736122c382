"""A result as it goes to the store of results of a peer, behind the dossier itself: its code, number, owner,
and where its files are fetched. By the names under which the store tells of one; the digest says what is there already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from dossiers.models import Dossier, Result
from exchange.outbox.beside import Beside, code_of
from exchange.outbox.linking import Links
from exchange.outbox.peers import Peer
from exchange.outbox.port import Fields

# What a person wants anew: whatever is there, it goes again.
UNSURE = "?"
NO, YES = "False", "True"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a message carries of a result: whether `code` and `link` stand in it; `digest` of the result
    as it is now, "" where none counts, None for a peer without a store.
    """

    code: bool = False
    link: bool = False
    digest: str | None = None


def takes(peer: Peer) -> bool:
    """Whether the peer has a store that results are put into."""
    return bool(peer.paths.get("result"))


def record(peer: Peer, dossier: Dossier, beside: Beside, since: datetime) -> Fields:
    """Of a result that counts all that is told, not yet of the lengths that the peer takes; of none that
    what was told of this dossier is void.
    """
    told: Fields = {"MaHoSo": dossier.code, "SoDinhDanhChuSoHuu": dossier.identity_number}
    result, links = beside.results.get(dossier.pk), Links(peer, dossier.pk, since)
    given = beside.given_out(dossier) if _is_result(result) else ()
    files = [(one, links.of(one.sha256, peer.files)) for one in given]
    if result is None or not files or not all(address for _, address in files):
        return told | {"IsDeleted": YES}
    kept: Fields = {
        "IsDeleted": NO,
        "MaTTHC": dossier.version.procedure.code,
        "MaKetQua": code_of(dossier, result),
        "TenGiayTo": result.title or dossier.version.name,
        "SoKyHieu": result.number,
        "NgayBanHanh": peer.day(result.issued_on),
        "NguoiKy": result.signer,
        "CoQuanChuQuan": dossier.agency.name,
        "ChuHoSo": dossier.owner_name,
        "DanhSachTepDinhKem": [
            {
                "TenTep": one.name,
                "DuongDan": address,
                "DungLuong": str(one.size),
                "MaKiemTra": one.sha256,
            }
            for one, address in files
        ],
    }
    return told | kept


def carried(peer: Peer, fields: Fields, stored: Fields) -> Carried:
    """In: the message of a dossier, and the record of its result."""
    rows = fields["DanhSachGiayToKetQua"]
    return Carried(
        code=any(row.get("MaGiayToKetQua") for row in rows),
        link=any(row.get("DuongDanTepTinKetQua") for row in rows),
        digest=digest(stored) if takes(peer) else None,
    )


def digest(stored: Mapping[str, object]) -> str:
    """Of all but the addresses, which are others each time."""
    if stored.get("IsDeleted") == YES:
        return ""
    files = stored["DanhSachTepDinhKem"]
    assert isinstance(files, list)
    bare = [{**one, "DuongDan": ""} for one in files]
    text = orjson.dumps({**stored, "DanhSachTepDinhKem": bare}, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def _is_result(result: Result | None) -> bool:
    """A refusal is none."""
    return result is not None and result.kind == Result.Kind.GRANTED and bool(result.number)
