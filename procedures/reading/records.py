"""One raw record of the catalogue -> a ProcedureRecord, or Rejected with place and reason (R-132,
R-135).
"""

import hashlib
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from procedures.channels import CATALOGUE_CHANNELS, Channel
from procedures.reading.fees import FeeReading, per_what, read_fee
from procedures.reading.shapes import misfit
from procedures.reading.terms import TermReading, read_term
from procedures.reading.texts import (
    believable,
    clean,
    is_note,
    item_text,
    legal_codes,
    split_results,
)

CODE = re.compile(r"[1-9]\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?\Z", re.ASCII)


class Rejected(Exception):
    """A record that cannot be imported: where it stands (1-based), its code if any, and why."""

    def __init__(self, place: int, code: str, reason: str) -> None:
        super().__init__(reason)
        self.place = place
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class MethodRecord:
    channel: int
    term_text: str
    fee_text: str
    note: str


@dataclass(frozen=True, slots=True)
class PaperRecord:
    group: str
    name: str
    originals: int
    copies: int
    is_note: bool
    count_text: str = ""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The methods that belong together; a channel with several rows makes as many cases."""

    order: int
    name: str
    methods: tuple[MethodRecord, ...]


@dataclass(frozen=True, slots=True)
class ProcedureRecord:
    """A record made tidy: no reading in it, so that a better reader never makes a stored version
    look changed.
    """

    code: str
    name: str
    field: str
    levels: str
    nature: str
    decision_number: str
    applicants: str
    agency_executing: str
    agency_authority: str
    agency_coordinating: str
    receiving_address: str
    results: tuple[tuple[str, str], ...]
    legal: tuple[str, ...]
    cases: tuple[CaseRecord, ...]
    papers: tuple[PaperRecord, ...]
    # Stands for the notes among the papers, so that a record without them is known to be the same
    # one (see `explanations_mark`).
    explanations: str = ""

    def canonical(self) -> str:
        """The text the content hash covers and a later record is compared with; notes among the
        papers by their mark only.
        """
        words = asdict(self) | {
            "papers": [asdict(paper) for paper in self.papers if not paper.is_note]
        }
        return json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def content_hash(self) -> str:
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def term_of(self, method: MethodRecord) -> TermReading:
        names = tuple(name for name, _ in self.results)
        return read_term(
            method.term_text, note=method.note, field=self.field, name=self.name, results=names
        )

    def fee_of(self, method: MethodRecord) -> FeeReading:
        """The fee of a row; a channel with two different fees is not readable."""
        fees = {
            other.fee_text
            for case in self.cases
            for other in case.methods
            if other.channel == method.channel
        }
        if len(fees) > 1:
            return FeeReading(
                None,
                f"“{method.fee_text}”: cùng hình thức nộp có nhiều mức phí",
                per_what(method.note),
            )
        return read_fee(method.fee_text, note=method.note)

    def terms_agree(self) -> bool:
        """Whether all rows say the same term; several different ones wait for a controller,
        readable or not.
        """
        return (
            len({method.term_text.casefold() for case in self.cases for method in case.methods})
            == 1
            and len(self.cases) == 1
        )


def from_canonical(text: str) -> ProcedureRecord:
    """The record of such a text, without the notes among its papers."""
    told: dict[str, Any] = json.loads(text)
    cases = [
        CaseRecord(one["order"], one["name"], tuple(MethodRecord(**row) for row in one["methods"]))
        for one in told["cases"]
    ]
    return ProcedureRecord(
        **told
        | {
            "results": tuple((name, code) for name, code in told["results"]),
            "legal": tuple(told["legal"]),
            "cases": tuple(cases),
            "papers": tuple(PaperRecord(**paper) for paper in told["papers"]),
        }
    )


TEXTS = frozenset({
    "code", "name", "field", "level", "type", "decision_no", "applicants", "agency_executing", "agency_authority",
    "agency_coordinating", "receiving_address", "explanations", "results_raw",
    "requirements",
})  # fmt: skip
# What names a procedure is never cut short.
LONGEST = {"name": 1500, "field": 250, "decision_no": 100}


def code_of(raw: dict[str, Any]) -> str:
    """The code of a record that is refused for another part, if it has one that can be told."""
    code = raw.get("code")
    return code if isinstance(code, str) and CODE.match(code) else ""


def read_record(raw: object, place: int) -> ProcedureRecord:
    """In: one element of the file and its 1-based place. Out: the tidy record. Raises Rejected."""
    if not isinstance(raw, dict):
        raise Rejected(place, "", "không phải một bản ghi thủ tục")
    if why := misfit(raw, texts=TEXTS):
        raise Rejected(place, code_of(raw), why)
    code = clean(raw.get("code"), 60)
    if not code:
        raise Rejected(place, "", "thiếu mã thủ tục")
    if not CODE.match(code):
        raise Rejected(place, code, "mã thủ tục sai mẫu (đúng: 1.001193)")
    for key, most in LONGEST.items():
        if len(clean(raw.get(key), most + 1)) > most:
            raise Rejected(place, code, f"mục “{key}” dài quá {most} ký tự")
    name = clean(raw.get("name"), 1500)
    if not name:
        raise Rejected(place, code, "thiếu tên thủ tục")
    field = clean(raw.get("field"), 250)
    if not field:
        raise Rejected(place, code, "thiếu lĩnh vực")
    papers = _papers(_list(raw, "components", place, code), place, code)
    results = split_results(
        _text(raw, "results_raw", place, code),
        [clean(x, 60) for x in _list(raw, "result_codes", place, code)],
    )
    return ProcedureRecord(
        code=code,
        name=name,
        field=field,
        levels=clean(raw.get("level"), 200),
        nature=clean(raw.get("type"), 200),
        decision_number=clean(raw.get("decision_no"), 100),
        applicants=clean(raw.get("applicants"), 1000),
        agency_executing=clean(raw.get("agency_executing")),
        agency_authority=clean(raw.get("agency_authority")),
        agency_coordinating=clean(raw.get("agency_coordinating")),
        receiving_address=clean(raw.get("receiving_address")),
        results=tuple((result["name"], result["code"]) for result in results),
        legal=tuple(legal_codes([clean(x, 60) for x in _list(raw, "legal_codes", place, code)])),
        cases=_cases(_list(raw, "methods", place, code), place, code),
        papers=papers,
        explanations=explanations_mark(papers) or clean(raw.get("explanations"), 16),
    )


def _cases(raws: list[Any], place: int, code: str) -> tuple[CaseRecord, ...]:
    """The n-th row of each channel belongs to the n-th case; a row said twice counts once."""
    if not raws:
        raise Rejected(place, code, "không có cách thức thực hiện nào")
    rows: list[MethodRecord] = []
    for raw in raws:
        if not isinstance(raw, dict) or raw.get("channel") not in CATALOGUE_CHANNELS:
            raise Rejected(place, code, "hình thức nộp không đọc được (đúng: direct, online, post)")
        row = MethodRecord(
            channel=int(CATALOGUE_CHANNELS[raw["channel"]]),
            term_text=clean(raw.get("time_text"), 300),
            fee_text=clean(raw.get("fee_text"), 300),
            note=clean(raw.get("note")),
        )
        if row not in rows:
            rows.append(row)
    seen: Counter[int] = Counter()
    by_case: dict[int, list[MethodRecord]] = {}
    for row in rows:
        seen[row.channel] += 1
        by_case.setdefault(seen[row.channel], []).append(row)
    single = len(by_case) == 1
    return tuple(
        CaseRecord(
            order,
            "" if single else f"Trường hợp {order}",
            tuple(sorted(methods, key=lambda m: Channel(m.channel).value)),
        )
        for order, methods in sorted(by_case.items())
    )


def _papers(raws: list[Any], place: int, code: str) -> tuple[PaperRecord, ...]:
    papers = []
    for raw in raws:
        if not isinstance(raw, dict):
            raise Rejected(place, code, "thành phần hồ sơ không đọc được")
        name, group = item_text(raw.get("name")), clean(raw.get("case"), 1500)
        if not name:
            continue
        counts = (raw.get("originals") or 0, raw.get("copies") or 0)
        doubtful = not all(believable(count) for count in counts)
        originals, copies = (count if believable(count) else 1 for count in counts)
        said = clean(f"{counts[0]} bản chính, {counts[1]} bản sao", 60) if doubtful else ""
        papers.append(
            PaperRecord(
                group, name, originals, copies, is_note(name, group, originals, copies), said
            )
        )
    return tuple(papers)


def explanations_mark(papers: tuple[PaperRecord, ...]) -> str:
    """16 hexadecimal digits for the notes among the papers, "" without any: what a compact record
    carries in place of them.
    """
    notes = [[paper.group, paper.name] for paper in papers if paper.is_note]
    return (
        hashlib.sha256(json.dumps(notes, ensure_ascii=False).encode()).hexdigest()[:16]
        if notes
        else ""
    )


def _list(raw: dict[str, Any], key: str, place: int, code: str) -> list[Any]:
    value = raw.get(key) or []
    if not isinstance(value, list):
        raise Rejected(place, code, f"mục “{key}” phải là một danh sách")
    return value


def _text(raw: dict[str, Any], key: str, place: int, code: str) -> str:
    value = raw.get(key) or ""
    if not isinstance(value, str):
        raise Rejected(place, code, f"mục “{key}” phải là chữ")
    return value
