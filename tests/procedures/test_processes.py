"""Internal processes: key, replacement, which one a dossier follows, the next step."""

from datetime import timedelta
from typing import Any

import pytest

from procedures.domain.processes import guess_role, import_processes, process_for
from procedures.domain.sources import read_source
from procedures.models import InternalProcess, Step, StepRole
from tests.procedures.conftest import PROCESSES, record, run, source, version_of
from tests.world import MONDAY


def process(code: str = "1.000001", **parts: Any) -> dict[str, Any]:
    return {
        "code": code,
        "decision": "530/QĐ-UBND",
        "province": "Cao Bằng",
        "level": "Cấp xã",
        "sum_hours": 8.0,
        "steps": [
            {
                "no": 1,
                "actor": "Bộ phận Một cửa",
                "text": "Tiếp nhận",
                "time_text": "0,5 ngày",
                "hours": 4.0,
            },
            {
                "no": 2,
                "actor": "Chuyên viên phòng Kinh tế",
                "text": "Xử lý",
                "time_text": "04 giờ",
                "hours": 4.0,
            },
            {
                "no": 3,
                "actor": "Bộ phận Một cửa",
                "text": "Trả",
                "time_text": "Không tính thời gian",
                "hours": None,
            },
        ],
    } | parts


def load(*processes: Any):
    return import_processes(source(*processes), at=MONDAY)


def test_steps_keep_role_task_and_minutes(db: None) -> None:
    assert load(process()).new == 1
    assert [(s.order, s.role, s.task, s.minutes) for s in Step.objects.all()] == [
        (1, StepRole.COUNTER, "Tiếp nhận", 240),
        (2, StepRole.SPECIALIST, "Xử lý", 240),
        (3, StepRole.COUNTER, "Trả", None),
    ]


def test_twice_changes_nothing_and_a_change_replaces(db: None) -> None:
    load(process())
    assert load(process()).unchanged == 1
    assert load(process(sum_hours=16.0)).changed == 1
    assert InternalProcess.objects.filter(replaced=True).count() == 1
    assert InternalProcess.objects.filter(replaced=False).get().total_minutes == 960


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (process(""), "thiếu mã thủ tục (quyết định 530/QĐ-UBND)"),
        (process("12"), "sai mẫu"),
        (process(decision=""), "thiếu quyết định"),
        (process(steps=[]), "không có bước"),
        ("chữ", "không phải một bản ghi"),
    ],
)
def test_rejected_with_a_reason(db: None, raw: Any, reason: str) -> None:
    report = load(raw, process())
    assert (report.new, report.rejected, report.problems[0].place) == (1, 1, 1)
    assert reason in report.problems[0].reason


def test_one_key_with_different_steps_is_two_cases(db: None) -> None:
    report = load(process(), process(sum_hours=24.0), process())
    assert (report.new, report.needs_decision, report.rejected) == (2, 2, 1)
    assert sorted(InternalProcess.objects.values_list("case_name", flat=True)) == [
        "Trường hợp 1 (8 giờ làm việc)",
        "Trường hợp 2 (24 giờ làm việc)",
    ]
    run(record())
    assert process_for(version_of(), level="Cấp xã").is_default  # neither fits for sure


def test_the_process_of_the_level_is_found(db: None) -> None:
    run(record())
    load(process(), process(level="Cấp tỉnh", sum_hours=80.0))
    for level in ("Cấp xã", "commune"):
        assert process_for(version_of(), None, level).level == "Cấp xã"
    assert process_for(version_of(), None, "province").total_minutes == 4800
    assert process_for(version_of(), None, "central").is_default


def test_a_newer_decision_wins(db: None) -> None:
    run(record())
    load(process())
    load(process(decision="999/QĐ-UBND"))
    assert process_for(version_of(), level="commune").decision == "999/QĐ-UBND"


def test_the_default_suggests_four_steps_and_is_marked(db: None) -> None:
    run(record())
    found = process_for(version_of())
    assert found.is_default
    assert found == process_for(version_of())
    assert [step.task for step in found.steps.all()] == [
        "Tiếp nhận hồ sơ",
        "Xử lý hồ sơ",
        "Duyệt kết quả",
        "Trả kết quả",
    ]
    assert [step.minutes for step in found.steps.all()] == [None] * 4


@pytest.mark.parametrize(
    ("actor", "role"),
    [
        ("Công chức tại Trung tâm Phục vụ hành chính công cấp xã", StepRole.COUNTER),
        ("Bộ phận Văn thư Sở Y tế", StepRole.DOCUMENTS),
        ("Lãnh đạo Phòng BTXH và Trẻ em", StepRole.HEAD),
        ("Trưởng phòng Văn hoá Xã hội", StepRole.HEAD),
        ("Lãnh đạo UBND xã, phường", StepRole.LEADER),
        ("Chuyên viên Phòng Khoa giáo - Văn xã", StepRole.SPECIALIST),
        ("Hội đồng tuyển dụng", StepRole.OTHER),
    ],
)
def test_roles_are_read_from_the_actor(actor: str, role: StepRole) -> None:
    assert guess_role(actor) == role


def test_the_projects_own_processes(catalogue) -> None:
    report = import_processes(read_source(PROCESSES), at=MONDAY)
    assert (report.new, report.rejected) == (24, 0)
    found = process_for(version_of("1.008603"), None, "commune")
    assert (found.decision, found.total_minutes, found.steps.count()) == ("1948/QĐ-UBND", 4800, 7)
    again = import_processes(read_source(PROCESSES), at=MONDAY + timedelta(days=1))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 24)
