"""The catalogue the project ships: made from full records, every name whole, without explanations;
the full records change nothing.
"""

import json
from typing import Any

from procedures.models import Paper
from procedures.reading import read_record
from tests.procedures.conftest import CATALOGUE, method, record, run, version_of
from tools.compact_catalogue import compact_procedures

LONG = "Giấy tờ " + "rất dài " * 140
NOTE = {
    "case": "Lưu ý",
    "name": "Người yêu cầu đăng ký hộ tịch có thể nộp bản chụp kèm bản chính",
    "originals": 0,
    "copies": 0,
}
PAPER = {
    "case": "Trường hợp " + "khác " * 120 + ":",
    "name": LONG + ";",
    "originals": 1,
    "copies": 0,
}


def full(note: dict[str, Any] = NOTE) -> dict[str, Any]:
    return record(
        name="Thủ tục " + "cấp giấy phép " * 60,
        methods=[
            method(
                "direct", "1", note="Lệ phí: " + "theo quy định của Hội đồng nhân dân tỉnh; " * 30
            )
        ],
        components=[note, PAPER],
        results_raw="Quyết định " + "về việc " * 90 + "Mã: KQ.G15.000001",
        receiving_address="Số 2 đường Nguyễn Chí Thanh",
        legal_raw="Lời văn của luật",
    )


def test_names_are_whole_and_explanations_left_out() -> None:
    (compact,) = compact_procedures([full()])
    (paper,) = compact["components"]
    assert paper["name"] == LONG.strip()
    assert "…" not in json.dumps(compact, ensure_ascii=False)
    assert "bản chụp" not in json.dumps(compact, ensure_ascii=False)
    assert "Lời văn" not in json.dumps(compact, ensure_ascii=False)


def test_importing_the_full_record_over_the_compact_one_changes_nothing(db: None) -> None:
    run(*compact_procedures([full()]))
    report = run(full())
    assert (report.unchanged, report.changed) == (1, 0)
    assert Paper.objects.get().name == LONG.strip()


def test_other_explanations_are_a_change(db: None) -> None:
    run(*compact_procedures([full()]))
    report = run(full(NOTE | {"name": "Người yêu cầu phải xuất trình thẻ căn cước"}))
    assert report.changes == [("1.000001", ["giải thích về thành phần hồ sơ"])]
    assert version_of().number == 2


def test_the_shipped_file_is_what_the_tool_makes_of_it() -> None:
    shipped = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    assert compact_procedures(shipped) == shipped
    assert CATALOGUE.stat().st_size < 1_500_000
    papers = [
        paper
        for place, raw in enumerate(shipped, start=1)
        for paper in read_record(raw, place).papers
    ]
    assert not any(paper.is_note for paper in papers)
    # One form is called "… của tờ khai tạm nhập số …"; every other name ends with a word.
    assert sum(paper.name.endswith("…") or paper.group.endswith("…") for paper in papers) == 1
