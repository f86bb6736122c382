"""What a record says otherwise than the version before, part by part, for people."""

from __future__ import annotations

from typing import Any

from procedures.channels import Channel

# A preview is read, not copied: the record itself stands in the file.
LONGEST = 400
PART_LABELS = {
    "name": "tên",
    "field": "lĩnh vực",
    "levels": "cấp thực hiện",
    "nature": "loại thủ tục",
    "decision_number": "số quyết định",
    "applicants": "đối tượng",
    "agency_executing": "cơ quan thực hiện",
    "agency_authority": "cơ quan có thẩm quyền",
    "agency_coordinating": "cơ quan phối hợp",
    "receiving_address": "địa chỉ tiếp nhận",
    "results": "kết quả",
    "legal": "căn cứ pháp lý",
    "cases": "thời hạn, phí, hình thức nộp",
    "papers": "thành phần hồ sơ",
    "explanations": "giải thích về thành phần hồ sơ",
}


def line_of(
    place: int,
    code: str,
    name: str,
    what: str,
    *,
    parts: list[list[str]] | None = None,
    reason: str = "",
    base: int | None = None,
) -> dict[str, Any]:
    """A record of a preview. `base`: the version it is compared with."""
    return {
        "place": place,
        "code": code,
        "name": name[:LONGEST],
        "what": what,
        "parts": parts or [],
        "reason": reason,
        "base": base,
    }


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The parts that differ, by name."""
    return [key for key in PART_LABELS if before.get(key) != after.get(key)]


def parts_of(before: dict[str, Any], after: dict[str, Any]) -> list[list[str]]:
    """[label, before, after] of each part that differs; of lists only what went and what came."""
    found = []
    for key in differing(before, after):
        old, new = _said(key, before.get(key)), _said(key, after.get(key))
        if key in ("papers", "legal", "results"):
            old, new = [x for x in old if x not in new], [x for x in new if x not in old]
        found.append([PART_LABELS[key], _text(old), _text(new)])
    return found


def _said(key: str, value: Any) -> list[str]:
    """A part of a canonical record as the lines that people compare."""
    if key == "cases":
        return [line for case in value or [] for line in _ways(case)]
    if key == "papers":
        return [_paper(paper) for paper in value or []]
    if key == "results":
        return [str(name) for name, *_ in value or []]
    if key == "legal":
        return [str(one) for one in value or []]
    if key == "explanations":
        return ["có ghi chú khác" if value else "không có"]
    return [str(value or "")]


def _ways(case: dict[str, Any]) -> list[str]:
    name = f"{case['name']}, " if case.get("name") else ""
    return [
        f"{name}{Channel(way['channel']).label}: {way['term_text'] or 'để trống'}, {way['fee_text'] or 'để trống'}"
        + (f" ({way['note']})" if way["note"] else "")
        for way in case["methods"]
    ]


def _paper(paper: dict[str, Any]) -> str:
    counts = f"{paper['originals']} bản chính, {paper['copies']} bản sao"
    group = f"{paper['group']} " if paper["group"] else ""
    return f"{group}{paper['name']} ({counts})"


def _text(lines: list[str]) -> str:
    text = "; ".join(line for line in lines if line) or "để trống"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
