"""What a message says, in the names of the national exchange contract (legal fact base 5.8).

States go by their true number (R-69); what is missing here is missing there, or holds the message:
nothing is invented in its place. Sentences that are too long end at a word; names and codes are
never cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dossiers import registry
from dossiers.models import Dossier
from dossiers.models.dossier import IdentityKind
from dossiers.states import State
from exchange.outbox import messages
from exchange.outbox.beside import Beside
from exchange.outbox.owners import OwnerCodes
from exchange.outbox.peers import LENGTHS, Peer
from exchange.outbox.port import Fields, Held
from exchange.outbox.spelling import shortened
from onestop.accounts.models import Agency, Department, Officer
from onestop.rows import as_written
from procedures.channels import Channel

SENTENCES = frozenset(
    {
        "TrichYeuHoSo",
        "NoiDungXuLy",
        "NoiDung",
        "GhiChu",
        "NoiDungBoSung",
        "TenGiayTo",
        "TenPhiLePhi",
    }
)
CHANNELS = {
    Channel.DIRECT: "1",
    Channel.ONLINE_FULL: "2",
    Channel.ONLINE_PART: "2",
    Channel.POST: "3",
}
CITIZEN_CARD, OLD_CARD = 12, 9
# Of what is said of a filing so much is left for who said it.
BY = 300


@dataclass(frozen=True, slots=True)
class People:
    """Agencies, rooms and officers that the messages of a round name (R-93)."""

    officers: Mapping[int, Officer] = field(default_factory=dict)
    departments: Mapping[int, Department] = field(default_factory=dict)
    agencies: Mapping[int, Agency] = field(default_factory=dict)

    def officer(self, payload: Mapping[str, Any]) -> Officer | None:
        return self.officers.get(payload.get("officer") or 0)

    def place(self, payload: Mapping[str, Any]) -> str:
        """The room, where it lies in one, and the agency."""
        room = self.departments.get(payload.get("department") or 0)
        agency = self.agencies.get(payload.get("agency") or 0)
        return ", ".join(one.name for one in (room, agency) if one is not None)

    def who(self, payload: Mapping[str, Any]) -> str:
        """Behind a sentence; "" where neither is known."""
        officer = self.officer(payload)
        said = ", ".join(filter(None, (self.place(payload), officer.full_name if officer else "")))
        return f" ({said})" if said else ""


def state_code(peer: Peer, state: int) -> str:
    """Errors: Held where the peer has none for it."""
    code = peer.codes.get(str(state))
    if not code:
        raise Held(messages.VOIDED if state == State.VOIDED else messages.no_code(state))
    return code


def fitting(peer: Peer, fields: Fields) -> Fields:
    """As long as the peer takes it, in its lists too. Errors: Held where a name is longer than there is
    room for.
    """
    return _fitting(LENGTHS | dict(peer.lengths), fields)


def _fitting(lengths: Mapping[str, int], fields: Fields) -> Fields:
    for name, said in fields.items():
        if isinstance(said, str):
            fields[name] = _short(name, said, lengths.get(name, len(said)))
        else:
            for one in [said] if isinstance(said, dict) else said:
                _fitting(lengths, one)
    return fields


def _short(name: str, text: str, most: int) -> str:
    if len(text) <= most:
        return text
    if name not in SENTENCES:
        raise Held(messages.too_long(name, most))
    return shortened(text, most)


def of_dossier(
    peer: Peer,
    dossier: Dossier,
    payload: Mapping[str, Any],
    beside: Beside,
    owners: OwnerCodes,
    since: datetime,
) -> Fields:
    """The dossier as it was after the act that the payload tells, with its lists; `since`: from when its
    addresses are counted. Errors: Held.
    """
    if not dossier.identity_number:
        raise Held(messages.NO_IDENTITY)
    online = getattr(dossier, "online", None)
    fields: Fields = {
        "MaHoSo": dossier.code,
        "MaTTHC": dossier.version.procedure.code,
        "TenTTHC": dossier.version.name,
        "TenLinhVuc": dossier.field.name,
        "KenhThucHien": CHANNELS[Channel(dossier.channel)],
        "ChuHoSo": dossier.owner_name,
        "SoGiayToChuHoSo": dossier.identity_number,
        "LoaiDoiTuong": owners.code(dossier),
        "Email": dossier.email,
        "SoDienThoai": dossier.phone,
        "TrichYeuHoSo": dossier.summary,
        "NgayNopHoSo": peer.written(online.filed_at if online else dossier.received_at),
        "NgayTiepNhan": peer.written(dossier.received_at),
        "NgayHenTra": peer.written(payload["due"]),
        "NgayKetThucXuLy": peer.written(payload["ended"]),
        "TrangThaiHoSo": state_code(peer, payload["state"]),
        "DonViXuLy": dossier.agency.name,
        "NoiNopHoSo": dossier.received_by_agency.name,
    }
    if payload["state"] == State.RETURNED:
        fields["NgayTra"] = peer.written(dossier.returned_at)
    fields |= beside.fields(peer, dossier, since)
    if known := _identity(dossier):
        fields["DinhDanhCHS"] = known
    return fitting(peer, fields)


def _identity(dossier: Dossier) -> Fields | None:
    """Only the two kinds that the contract has."""
    number, kind = dossier.identity_number, dossier.identity_kind
    if kind == IdentityKind.CITIZEN_CARD and len(number) == CITIZEN_CARD:
        return {"LoaiDinhDanh": "1", "SoDinhDanh": number}
    if kind == IdentityKind.OLD_CARD and len(number) == OLD_CARD:
        return {"LoaiDinhDanh": "2", "SoDinhDanh": number}
    return None


def of_progress(
    peer: Peer,
    code: str,
    payload: Mapping[str, Any],
    people: People,
    why: str = "",
) -> Fields:
    """One step of its handling, with its reason. Errors: Held."""
    act = registry.find(payload["kind"])
    officer = people.officer(payload)
    fields = {
        "MaHoSo": code,
        "NguoiXuLy": officer.full_name if officer else messages.BY_SYSTEM,
        "ChucDanh": officer.title if officer else "",
        "ThoiDiemXuLy": peer.written(payload["at"]),
        "PhongBanXuLy": people.place(payload),
        "NoiDungXuLy": messages.step(act.label if act else payload["kind"], why),
        "TrangThai": state_code(peer, payload["state"]),
        "NgayBatDau": peer.written(payload["at"]),
        "NgayKetThucTheoQuyDinh": peer.written(payload["due"]),
    }
    return fitting(peer, fields)


def of_status(peer: Peer, code: str, payload: Mapping[str, Any], people: People) -> Fields:
    """What became of a filing that is no dossier here (statuses 1 and 3). Its contract has no place for
    the agency and who decided: they stand in its words (R-93). Errors: Held.
    """
    room, by = (LENGTHS | dict(peer.lengths))["NoiDung"], people.who(payload)
    if len(by) > room // 2:
        by = ""  # why it ended goes first
    words = shortened(payload["words"], room - len(by))
    return fitting(
        peer,
        {
            "MaHoSo": code,
            "NoiDung": words + by,
            "NgayXuLy": peer.written(payload["at"]),
            "TrangThai": state_code(peer, payload["state"]),
        },
    )


def as_now(dossier: Dossier) -> dict[str, object]:
    """What a message says of a dossier as it is, and not as it was after some act."""
    return {
        "state": dossier.state,
        "due": as_written(dossier.due_at),
        "ended": as_written(dossier.ended_at),
        "channel": dossier.channel,
    }
