"""A record that no database can hold is refused with its place and reason; the rest of the file
goes on (F2).
"""

import json
from typing import Any

import pytest

from procedures.domain.processes import import_processes
from procedures.domain.sources import parse_source
from procedures.models import InternalProcess, ProcedureVersion
from tests.procedures.conftest import method, record, run, source
from tests.procedures.test_processes import process
from tests.world import MONDAY

SURROGATE, NUL = "\ud800", "\x00"
BAD: list[Any] = [
    {"name": f"Thủ tục {SURROGATE}"},
    {"name": f"Thủ tục {NUL}"},
    {"name": "x" * 1501},
    {"name": "x" * 30_000},
    {"name": ["Thủ tục"]},
    {"name": {"vi": "Thủ tục"}},
    {"field": [["x"]]},
    {"field": f"{SURROGATE}"},
    {"decision_no": "x" * 101},
    {"results_raw": 5},
    {"legal_codes": [{"a": {"b": 1}}]},
    {"legal_codes": [f"{NUL}"]},
    {"result_codes": "KQ"},
    {"methods": {"channel": "direct"}},
    {"methods": [method() | {"channel": ["direct"]}]},
    {"methods": [method() | {"channel": {}}]},
    {"methods": [method(time_text=f"5 ngày{SURROGATE}")]},
    {"methods": [7]},
    {"components": [{"name": [1], "originals": 1}]},
    {"components": [{"name": f"Đơn{NUL}"}]},
    {"explanations": {"a": 1}},
    {f"mục{SURROGATE}": "x"},
    {"code": f"1.000009{NUL}"},
    {"code": "1.０００００９"},
    {"code": 5},
]


@pytest.mark.parametrize("parts", BAD, ids=repr)
def test_a_bad_record_is_refused_and_the_good_ones_go_on(db: None, parts: dict[str, Any]) -> None:
    report = run(record("1.000001"), record("1.000009") | parts, record("1.000002"))
    assert (report.new, report.rejected) == (2, 1)
    [problem] = report.problems
    assert (problem.place, problem.kind) == (2, "rejected")
    assert problem.reason
    assert ProcedureVersion.objects.count() == 2
    assert json.dumps([problem.code, problem.reason], ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "parts",
    [
        {"decision": f"530{SURROGATE}"},
        {"decision": "x" * 200},
        {"case": f"{NUL}"},
        {"level": ["Cấp xã"]},
        {"steps": [{"no": 1, "actor": f"A{SURROGATE}", "text": "x"}]},
        {"steps": [{"no": [1], "actor": {}, "text": "x"}]},
        {"steps": "x"},
        {"code": {"a": 1}},
    ],
    ids=repr,
)
def test_a_bad_process_is_refused_and_the_good_ones_go_on(db: None, parts: dict[str, Any]) -> None:
    report = import_processes(
        source(process("1.000001"), process("1.000009") | parts, process("1.000002")), at=MONDAY
    )
    assert (report.new, report.rejected, report.problems[0].place) == (2, 1, 2)
    assert InternalProcess.objects.count() == 2


def test_numbers_too_long_for_anything_stop_no_file(db: None) -> None:
    odd = record("1.000009") | {"components": [{"name": "Đơn", "originals": 0, "copies": 0}]}
    text = json.dumps([record("1.000001"), odd], ensure_ascii=False)
    for number in ("9" * 5000, "NaN", "-Infinity", "1e999"):
        again = parse_source(
            text.replace('"originals": 0', f'"originals": {number}').encode(), "thu.json"
        )
        assert run(*again.records, dry_run=True).rejected == 0
        assert {p.place for p in run(*again.records, dry_run=True).problems} <= {2}
