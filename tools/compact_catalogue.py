"""Makes the project's own compact catalogue from full national records: facts only, one record a
line.

    python -m tools.compact_catalogue procedures INPUT.json data/catalogue.json
    python -m tools.compact_catalogue processes INPUT.json data/processes.json

Kept, each whole: names, codes, fields, levels, terms and fees with the notes they are read from,
papers, addresses, decisions, results, legal document numbers. Dropped: explanations among the
papers (a mark of 16 digits stands for them), legal prose. The shape stays that of the input:
importing the full records over these finds nothing changed.
"""

import json
import sys
from pathlib import Path
from typing import Any

from procedures.reading import MethodRecord, ProcedureRecord, Rejected, read_record
from procedures.reading.texts import clean

CHANNEL_WORDS = {1: "direct", 2: "online", 3: "post"}


def main(what: str, source: Path, target: Path) -> int:
    raws = json.loads(source.read_text(encoding="utf-8"))
    compact = {"procedures": compact_procedures, "processes": compact_processes}[what](raws)
    lines = ",\n".join(
        json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in compact
    )
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(compact)}/{len(raws)} -> {target} ({target.stat().st_size // 1024} kB)")
    return 0


def compact_procedures(raws: list[Any]) -> list[dict[str, Any]]:
    compact = []
    for place, raw in enumerate(raws, start=1):
        try:
            record = read_record(raw, place)
        except Rejected as refusal:
            print(f"{refusal.place} {refusal.code}: {refusal.reason}", file=sys.stderr)
            continue
        compact.append(_procedure(record))
    return compact


def _procedure(record: ProcedureRecord) -> dict[str, Any]:
    # The rows of one channel in the order of their cases, so that reading them again makes the same
    # cases.
    rows = [method for case in record.cases for method in case.methods]
    return _without_empty(
        {
            "code": record.code,
            "name": record.name,
            "field": record.field,
            "level": record.levels,
            "type": record.nature,
            "decision_no": record.decision_number,
            "applicants": record.applicants,
            "agency_executing": record.agency_executing,
            "agency_authority": record.agency_authority,
            "agency_coordinating": record.agency_coordinating,
            "receiving_address": record.receiving_address,
            "methods": [_method(row) for row in rows],
            "components": [
                {
                    "case": paper.group,
                    "name": paper.name,
                    **_counts(paper.originals, paper.copies, paper.count_text),
                }
                for paper in record.papers
                if not paper.is_note
            ],
            "explanations": record.explanations,
            "results_raw": "".join(
                f"{name}Mã: {code}" if code else name for name, code in record.results
            ),
            "result_codes": [code for _, code in record.results if code],
            "legal_codes": list(record.legal),
        }
    )


def _method(row: MethodRecord) -> dict[str, Any]:
    return {
        "channel": CHANNEL_WORDS[row.channel],
        "time_text": row.term_text,
        "fee_text": row.fee_text,
        "note": row.note,
    }


def _counts(originals: int, copies: int, count_text: str) -> dict[str, int]:
    """Odd counts are kept as they stood, so that they are flagged again."""
    if count_text:
        first, second = (int(part.split()[0]) for part in count_text.split(", "))
        return {"originals": first, "copies": second}
    return {"originals": originals, "copies": copies}


def compact_processes(raws: list[Any]) -> list[dict[str, Any]]:
    return [
        {key: raw.get(key) for key in ("code", "decision", "province", "level", "sum_hours")}
        | {"steps": [{**step, "text": clean(step.get("text"), 200)} for step in raw["steps"]]}
        for raw in raws
        if raw.get("code")
    ]


def _without_empty(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value not in ("", [])}


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("procedures", "processes"):
        print(__doc__)
        raise SystemExit(2)
    raise SystemExit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
