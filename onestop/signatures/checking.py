"""Whether the digital signatures of a PDF hold: asked once, when it comes, and kept beside it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import models

from onestop.signatures import apart
from onestop.worktime import local

logger = logging.getLogger(__name__)
# Each signature says by it which bytes it is over; no signed file is without.
_MARK = b"/ByteRange"
CHUNK = 256 * 1024
MOST_WORDS = 300


class Verdict(models.IntegerChoices):
    NONE = 0, "Không có chữ ký số"
    VALID = 1, "Chữ ký số hợp lệ"
    UNKNOWN = 2, "Nội dung nguyên vẹn từ khi ký, chưa xác định được ai cấp chứng thư số"
    INVALID = 3, "Chữ ký số không hợp lệ"
    UNCHECKED = 4, "Có chữ ký số, chưa kiểm tra được"
    ALTERED = 5, "Đã bị sửa sau khi ký số"


# A signature is there and vouches for nothing: somebody looks at the file.
DOUBTFUL = (Verdict.INVALID, Verdict.UNCHECKED)


def signature_words(verdict: int) -> str:
    return str(Verdict(verdict).label)


# The worst first: of several signatures it tells of the file.
_VERDICTS = {
    "altered": Verdict.ALTERED,
    "invalid": Verdict.INVALID,
    "unknown": Verdict.UNKNOWN,
    "valid": Verdict.VALID,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a file. `by`: who signed it and when, in words, as the signatures say it."""

    verdict: Verdict = Verdict.NONE
    by: str = ""


NOTHING = Found()


def found_in(content: BinaryIO, *, at: datetime) -> Found:
    """Asks a process of its own, where the file has signatures at all. Certificates are judged by
    `at`, or by a time stamp that an authority known here gave. Whether a certificate was revoked is
    not asked over the network.
    """
    if not _has_mark(content):
        return NOTHING
    content.seek(0)
    said = {"do": "check", "at": at.isoformat(), "trust": settings.SIGN_TRUST}
    try:
        answer, _ = apart.run(said, content.read())
    except apart.Failed as failed:
        logger.warning("signatures not checked", extra={"error": str(failed)})
        return Found(Verdict.UNCHECKED)
    if unread := answer.get("unread"):
        logger.error("revocation lists not read", extra={"files": unread})
    signatures = answer["signatures"]
    if not signatures:
        return NOTHING
    told = {one["verdict"] for one in signatures}
    worst = next(verdict for words, verdict in _VERDICTS.items() if words in told)
    by = "; ".join(dict.fromkeys(_words(one) for one in signatures))
    return Found(worst, by[:MOST_WORDS])


def _has_mark(content: BinaryIO) -> bool:
    content.seek(0)
    before = b""
    while chunk := content.read(CHUNK):
        if _MARK in before + chunk:
            return True
        before = chunk[-len(_MARK) :]
    return False


def _words(one: dict[str, str]) -> str:
    name, agency = one["name"], one["agency"]
    who = ", ".join(dict.fromkeys(part for part in (name, agency) if part)) or "không rõ tên"
    try:
        at = local(datetime.fromisoformat(one["at"]))
    except (ValueError, OverflowError):  # none, or a stranger's clock: no day of this calendar
        return who
    return f"{who}, ký lúc {at:%H:%M %d/%m/%Y}"
