"""Fetching procedures from the portal: each is asked for by its code, and what it says goes the way of a
file of the catalogue, which a controller looks through before anything is written (R-132).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import orjson
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.catalogue.translating import record
from exchange.outbox.peers import Peer, peers
from exchange.outbox.port import Away, CannotAsk, Held, Port
from exchange.outbox.profiles import port_of
from onestop.errors import DomainError
from onestop.worktime import VN
from procedures.domain import uploading
from procedures.models import Upload, VersionSource
from procedures.reading.records import CODE, ProcedureRecord, from_canonical

if TYPE_CHECKING:
    from onestop.accounts.models import Officer

# A page waits for the answers, so that a press asks for few; `manage.py pull_procedures` for any number.
MOST = 5
_APART = re.compile(r"[\s,;]+")


def codes_in(text: str) -> list[str]:
    """Codes as they are typed, each once. Errors: DomainError("pull_no_code"), ("pull_bad_code")."""
    codes = list(dict.fromkeys(filter(None, _APART.split(text))))
    if not codes:
        raise DomainError("pull_no_code")
    for code in codes:
        if not CODE.match(code):
            raise DomainError("pull_bad_code", given=code[:60])
    return codes


def source() -> Peer | None:
    """The first of the peers that tells procedures."""
    return next((peer for peer in peers() if peer.paths.get("procedure")), None)


def pull(
    codes: Sequence[str], *, by: Officer, at: datetime, port: Port | None = None
) -> tuple[Upload, list[str]]:
    """The upload that holds what the portal says of them, to be looked through, and the codes that it
    does not know. Errors: DomainError("pull_no_peer"), ("pull_away"), ("pull_unknown"), and those of
    uploading.start.
    """
    peer = source()
    if peer is None:
        raise DomainError("pull_no_peer")
    asked = port or port_of(peer)
    before, records, unknown = _newest(codes), [], []
    for code in codes:
        try:
            said = asked.pull_procedure(code)
        except (Away, Held, CannotAsk) as error:
            raise DomainError("pull_away", name=peer.name, why=str(error)) from error
        if said is None:
            unknown.append(code)
        elif str(said["MATTHC"]).strip() != code:
            raise DomainError(
                "pull_away", name=peer.name, why=f"trả lời về thủ tục khác với {code}"
            )
        else:
            records.append(record(said, before.get(code)))
    if not records:
        raise DomainError("pull_unknown", codes=", ".join(unknown), name=peer.name)
    name = f"{peer.code} {at.astimezone(VN):%d-%m-%Y %H-%M}.json"
    file = SimpleUploadedFile(name, orjson.dumps(records), "application/json")
    run = uploading.start(file, what=uploading.PROCEDURES, publication=None, by=by, at=at)
    return run, unknown


def _newest(codes: Sequence[str]) -> dict[str, ProcedureRecord]:
    """By code the record of the newest version, also of one that ended. One query."""
    rows = VersionSource.objects.filter(version__procedure__code__in=codes)
    rows = rows.order_by("version__number")
    pairs = rows.values_list("version__procedure__code", "content")
    return {code: from_canonical(content) for code, content in pairs}
