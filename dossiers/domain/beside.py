"""What lies beside the events of a dossier, against what they say of it: sealed rows, reception, intervals. Read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from dossiers.domain import events, seals, spans
from dossiers.models import Dossier, Span

# What is wrong, and at which event.
Fault = tuple[str, int | None]

_WORDS = {
    "papers": "giấy tờ đã nhận",
    "submitter": "người nộp thay",
    "files": "tệp đính kèm",
    "hand_overs": "các lần bàn giao",
    "clock": "sổ thời hạn",
    "supplements": "các lần yêu cầu bổ sung",
    "results": "kết quả giải quyết",
    "returns": "lần trả kết quả",
    "endings": "việc rút hoặc dừng hồ sơ",
    "authorised": "văn bản ủy quyền của người đề nghị rút hoặc dừng",
    "visits": "các lần đến trước khi tiếp nhận",
}
# What the first event names of what was received, and the column that keeps it.
_RECEIVED = {
    "code": ("mã hồ sơ", "code"),
    "case": ("trường hợp của thủ tục", "case_id"),
    "channel": ("hình thức nộp", "channel"),
    "term": ("thời hạn", "term"),
    "fee": ("phí, lệ phí", "fee_amount"),
}


class Beside:
    """The rows beside these dossiers. One query a table."""

    def __init__(self, dossier_ids: Sequence[int]) -> None:
        self._parts = {name: seals.rows_of(name, dossier_ids) for name in seals.PARTS}
        self._spans: dict[int, list[spans.Interval]] = defaultdict(list)
        rows = Span.objects.filter(dossier__in=dossier_ids).order_by("id").values_list("dossier_id", *spans.COLUMNS)
        for dossier_id, *values in rows:
            self._spans[dossier_id].append(spans.interval(values))

    def faults(self, dossier: Dossier, payloads: Sequence[dict[str, Any]]) -> Iterator[Fault]:
        """What does not fit. In: the contents of the dossier's events, in order, their hashes proven."""
        told: dict[str, tuple[str, int]] = {}
        for payload in payloads:
            for name, seal in payload.get("rows", {}).items():
                told[name] = (seal, payload["seq"])
        sealed: tuple[str | None, int | None] = told.get(seals.DOSSIER, (None, 1))
        if sealed[0] != seals.fixed_of(dossier):
            yield (f"dữ liệu hiện lưu khác với lúc tiếp nhận: {_received_otherwise(dossier, payloads[0])}", sealed[1])
        for name, rows in self._parts.items():
            sealed = told.get(name, (None, None))
            if sealed[0] != seals.seal(dossier.salt, rows.get(dossier.pk, ())):
                yield (f"{_WORDS[name]} hiện lưu khác với sự kiện đã ghi: có dòng bị sửa, bị xóa hoặc thêm vào", sealed[1])
        if spans.folded(payloads, dossier) != self._spans.get(dossier.pk, []):
            yield ("các khoảng thời gian dùng cho báo cáo không khớp với các sự kiện", None)


def _received_otherwise(dossier: Dossier, first: dict[str, Any]) -> str:
    """Which of the columns that reception wrote are others now, in words; the event names some, of the rest it has a digest."""
    data = first["data"]
    found = [word for name, (word, column) in _RECEIVED.items() if data.get(name) != getattr(dossier, column)]
    if data.get("owner") != events.digest(dossier.salt, dossier.owner_name, dossier.identity_number):
        found.append("họ tên hoặc số giấy tờ của chủ hồ sơ")
    if first["at"] != events.instant(dossier.received_at):
        found.append("lúc tiếp nhận")
    return ", ".join(found) or "số vào sổ, thủ tục, chủ hồ sơ, liên hệ hoặc hình thức nộp"
