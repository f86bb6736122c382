"""`state_diagram`: rewrites docs/states.md from what the acts declare."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from dossiers.registry import Act, all_acts
from dossiers.states import ENDED, WAITING, ClockEffect, State
from onestop.accounts.models import Role
from onestop.commands import OfficeCommand, Refused

COLUMNS = (
    "Việc",
    "Tên trong mã",
    "Từ trạng thái",
    "Sang trạng thái",
    "Ai làm",
    "Thời hạn",
    "Hoàn tác",
)
FILE = Path(settings.BASE_DIR) / "docs" / "states.md"


class Command(OfficeCommand):
    help = "Viết lại docs/states.md (bảng và sơ đồ vòng đời hồ sơ) từ khai báo của từng việc trong mã nguồn."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="chỉ kiểm tra tệp có còn khớp không; không khớp thì kết thúc với mã 1",
        )

    def work(self, options: dict[str, Any]) -> None:
        text = page()
        fresh = FILE.exists() and FILE.read_text(encoding="utf-8") == text
        if options["check"] and not fresh:
            raise Refused(
                "docs/states.md đã cũ so với bảng chuyển trạng thái. Hãy chạy: manage.py state_diagram"
            )
        if not fresh:
            FILE.parent.mkdir(exist_ok=True)
            FILE.write_text(text, encoding="utf-8")
        self.show(
            {"file": "docs/states.md", "changed": not fresh},
            ["docs/states.md đã khớp." if fresh else "Đã viết docs/states.md."],
        )


def page() -> str:
    """The whole page: statuses, transitions, diagram."""
    parts = [
        "# Vòng đời hồ sơ\n",
        "Tệp này được sinh từ các khai báo trong `dossiers/acts/` bằng `manage.py state_diagram`; sửa ở đó, không sửa ở đây.\n",
        "## Mười trạng thái quốc gia\n",
        _table(
            ("Số", "Trạng thái", "Thời hạn"),
            ((str(s.value), s.label, _clock(s)) for s in State if s.is_national),
        ),
        f"Ngoài mười trạng thái: {State.VOIDED.value} {State.VOIDED.label} – tiếp nhận nhầm, coi như chưa tiếp nhận, không báo cho hệ thống khác.\n",
        "## Các việc được phép\n",
        _table(COLUMNS, map(_row, all_acts())),
        "## Sơ đồ\n",
        "```mermaid\n" + "\n".join(_diagram()) + "\n```\n",
        "Không vẽ các việc giữ nguyên trạng thái: "
        + ", ".join(
            t.label.lower() for t in all_acts() if t.target is None and t.name != "take_back"
        )
        + ".\n",
    ]
    return "\n".join(parts)


def _clock(state: State) -> str:
    if state in WAITING:
        return "dừng, chờ người dân"
    return (
        "đã kết thúc"
        if state in ENDED
        else "chạy"
        if state in (State.RECEIVED, State.IN_PROGRESS)
        else "chưa tính"
    )


def _row(row: Act) -> tuple[str, ...]:
    sources = sorted((s.value if s is not None else 0) for s in row.sources)
    words = (
        "mọi trạng thái"
        if len(sources) == len(State)
        else ", ".join("(chưa có)" if n == 0 else str(n) for n in sources)
    )
    if row.name == "take_back":
        target = "trạng thái trước việc vừa làm"
    else:
        target = (
            f"{row.target.value} {row.target.label}" if row.target is not None else "giữ nguyên"
        )
    roles = ", ".join(role.label for role in Role if role in row.roles)
    return (
        row.label,
        f"`{row.name}`",
        words,
        target,
        roles,
        _effect(row.clock),
        "được" if row.can_be_taken_back else row.way_back,
    )


def _effect(effect: ClockEffect) -> str:
    return "" if effect is ClockEffect.NONE else effect.value


def _diagram() -> list[str]:
    lines = ["stateDiagram-v2", "  direction LR"]
    lines += [f"  s{s.value}: {s.value}. {s.label}" for s in State]
    for row in all_acts():
        if row.target is None:
            continue
        for source in sorted(row.sources, key=lambda s: s.value if s is not None else 0):
            start = "[*]" if source is None else f"s{source.value}"
            lines.append(f"  {start} --> s{row.target.value}: {row.label}")
    return lines


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
