"""A procedure in the national database's own fields (LayThuTuc) → a record as files of the catalogue hold
it, for `procedures` to read. Plain functions: what cannot be read is passed on as it stands, so that the
preview names it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from onestop.folding import fold
from procedures.channels import CATALOGUE_CHANNELS
from procedures.reading.records import PaperRecord, ProcedureRecord

# KENH: a number of the national list, or words.
_CHANNEL_WORDS = {"truc tiep": "direct", "truc tuyen": "online", "buu chinh": "post"}
_CHANNELS = {str(int(channel)): word for word, channel in CATALOGUE_CHANNELS.items()}
_NUMBER = "Mã: "


def record(said: Mapping[str, Any], before: ProcedureRecord | None) -> dict[str, Any]:
    """`said`: the answer's procedure; `before`: the record that the newest version here was made from.

    What this contract has no field for (level, decision, authority, counts of copies…) stays as it
    was, so that fetching never empties it; of a procedure that is new here it is empty.
    """
    field = _of(said.get("LINHVUCTHUCHIEN"))
    results = [_of(one) for one in _each(said.get("KETQUATHUCHIEN"))]
    kept = _kept(before)
    return (
        kept
        | _told(said)
        | {
            "code": _text(said.get("MATTHC")),
            "name": _text(said.get("TENTTHC")),
            "field": _text(field.get("TENLINHVUC")) or kept.get("field", ""),
            "applicants": _joined(said.get("DOITUONGTHUCHIEN")) or kept.get("applicants", ""),
            "agency_executing": _joined(said.get("COQUANTHUCHIEN"))
            or kept.get("agency_executing", ""),
            "methods": _methods(said),
            "components": _papers(said, before),
            "results_raw": "".join(
                _text(one.get("TENKETQUA"))
                + (f"{_NUMBER}{code} " if (code := _text(one.get("MAKETQUA"))) else "; ")
                for one in results
            ).rstrip("; "),
            "result_codes": [code for one in results if (code := _text(one.get("MAKETQUA")))],
            "legal_codes": [
                number
                for one in _each(said.get("CANCUPHAPLY"))
                if (number := _text(_of(one).get("SOVANBAN")))
            ],
        }
    )


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    """What the catalogue keeps beside a version; nothing of what is not told, which empties nothing."""
    forms = [
        {"name": name, "url": _text(one.get("URL"))}
        for group in map(_of, _each(said.get("THANHPHANHOSO")))
        for one in map(_of, _each(group.get("GIAYTO")))
        if (name := _text(one.get("TENMAUDON")))
    ]
    told = {
        "steps": list(filter(None, map(_text, _each(said.get("TRINHTUTHUCHIEN"))))),
        "requirements": "\n".join(filter(None, map(_text, _each(said.get("YEUCAU"))))),
        "forms": forms,
    }
    return {key: value for key, value in told.items() if value}


def _kept(before: ProcedureRecord | None) -> dict[str, Any]:
    if before is None:
        return {}
    return {
        "field": before.field,
        "level": before.levels,
        "type": before.nature,
        "decision_no": before.decision_number,
        "applicants": before.applicants,
        "agency_executing": before.agency_executing,
        "agency_authority": before.agency_authority,
        "agency_coordinating": before.agency_coordinating,
        "receiving_address": before.receiving_address,
        "explanations": before.explanations,
    }


def _methods(said: Mapping[str, Any]) -> list[dict[str, str]]:
    """A row for each way and term; several fees of one row stand behind each other, for a controller
    to say which.
    """
    rows = []
    for way in map(_of, _each(said.get("CACHTHUCTHUCHIEN"))):
        # A way without a term is one nevertheless: the preview asks for it.
        for term in map(_of, _each(way.get("THOIGIAN")) or [{}]):
            fees = [_of(one) for one in _each(term.get("PHILEPHI"))]
            rows.append(
                {
                    "channel": _channel(way.get("KENH")),
                    "time_text": _words(term.get("THOIGIANGIAIQUYET"), term.get("DONVITINH")),
                    "fee_text": "; ".join(
                        _words(one.get("SOTIEN"), one.get("DONVI")) for one in fees
                    ),
                    "note": _text(term.get("MOTA")),
                }
            )
    return rows


def _channel(said: Any) -> str:
    words = _text(said)
    folded = fold(words)
    named = next((word for part, word in _CHANNEL_WORDS.items() if part in folded), words)
    return _CHANNELS.get(words, named)


def _papers(said: Mapping[str, Any], before: ProcedureRecord | None) -> list[dict[str, Any]]:
    """Counts are those of the same paper of the same case here: the contract tells none."""
    known: dict[tuple[str, str], list[PaperRecord]] = defaultdict(list)
    for paper in before.papers if before else ():
        known[fold(paper.group), fold(paper.name)].append(paper)
    rows = []
    for group in map(_of, _each(said.get("THANHPHANHOSO"))):
        case = _text(group.get("TRUONGHOP"))
        for one in map(_of, _each(group.get("GIAYTO"))):
            name = _text(one.get("TENGIAYTO"))
            here = known[fold(case), fold(name)]
            rows.append({"case": case, "name": name, **_counts(here.pop(0) if here else None)})
    return rows


def _counts(here: PaperRecord | None) -> dict[str, int]:
    """Unbelievable ones as the file told them, so that they are doubted as before."""
    if here is None:
        return {"originals": 0, "copies": 0}
    told = [int(number) for number in re.findall(r"\d+", here.count_text)]
    originals, copies = told if len(told) == 2 else (here.originals, here.copies)
    return {"originals": originals, "copies": copies}


def _each(value: Any) -> list[Any]:
    """One thing is told bare, several as a list."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _of(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, Mapping | list | bool) else str(value).strip()


def _joined(value: Any) -> str:
    return "; ".join(filter(None, map(_text, _each(value))))


def _words(*values: Any) -> str:
    return " ".join(filter(None, map(_text, values)))
