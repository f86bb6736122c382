"""The common manners of our commands: Vietnamese help, a table for people or JSON, exit codes 0 / 1
(refused) / 2 (wrong usage).

A command subclasses OfficeCommand, names its options in `add_options`, does its work in
`work(options)` and answers with `show`. Refusals are `raise Refused("câu tiếng Việt")` or any
DomainError.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from onestop.errors import DomainError, sentence

_WORDS = {
    "positional arguments": "Tham số",
    "options": "Tuỳ chọn",
    "optional arguments": "Tuỳ chọn",
    "show this help message and exit": "in phần trợ giúp này rồi thoát",
}
# Django's own options, said in Vietnamese.
_OPTIONS = {
    "--version": "in phiên bản Django rồi thoát",
    "--verbosity": "mức chi tiết: 0 ít nhất, 1 bình thường, 2 nhiều, 3 rất nhiều",
    "--settings": "mô-đun cấu hình Python, ví dụ onestop.settings",
    "--pythonpath": "thư mục thêm vào đường dẫn Python",
    "--traceback": "in toàn bộ vết lỗi khi có lỗi",
    "--no-color": "không tô màu kết quả",
    "--force-color": "luôn tô màu kết quả",
    "--skip-checks": "bỏ qua bước kiểm tra hệ thống",
}


NO_DATABASE = (
    "Cơ sở dữ liệu chưa dùng được: chưa được tạo, máy chủ chưa chạy hoặc đang bận. "
    "Hãy chạy make run một lần (hoặc manage.py migrate) rồi thử lại; thêm --traceback để xem chỗ lỗi."
)


class Refused(CommandError):
    """Something was refused: the sentence goes to standard error, the command exits with 1."""


class UsageError(CommandError):
    """An argument that cannot be used: the sentence goes to standard error, the command exits with
    2.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=2)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class _Parser(CommandParser):
    """Speaks Vietnamese, also when it refuses."""

    def error(self, message: str) -> NoReturn:
        text = f"Sai cách dùng: {_in_vietnamese(message)}\nXem cách dùng: thêm --help."
        if self.called_from_command_line:
            self.exit(2, text + "\n")
        raise UsageError(text)


def _in_vietnamese(message: str) -> str:
    for english, words in (
        ("the following arguments are required:", "thiếu tham số"),
        ("unrecognized arguments:", "không có tham số"),
        ("not allowed with argument", "không dùng cùng với"),
        ("expected one argument", "cần một giá trị"),
        ("expected at least one argument", "cần ít nhất một giá trị"),
        ("invalid choice:", "không có lựa chọn"),
        ("choose from", "chọn trong"),
        ("invalid int value:", "không phải số nguyên:"),
        ("invalid float value:", "không phải số:"),
        ("ambiguous option:", "chưa rõ là tham số nào:"),
        ("could match", "có thể là"),
        ("ignored explicit argument", "không nhận giá trị"),
        ("one of the arguments", "cần một trong các tham số"),
        ("is required", ""),
        ("argument ", "tham số "),
        ("arguments", "giá trị"),
        ("expected ", "cần "),
    ):
        message = message.replace(english, words)
    return message.strip()


class OfficeCommand(BaseCommand):
    """Base of every command of the product."""

    called_from_shell = False
    _json = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = _Parser(
            prog=f"{prog_name.rsplit('/', 1)[-1]} {subcommand}",
            description=self.help,
            formatter_class=_Formatter,
            missing_args_message=getattr(self, "missing_args_message", None),
            called_from_command_line=getattr(self, "_called_from_command_line", None),
            **kwargs,
        )
        # Let Django add its own options, then say all of them in Vietnamese.
        django_parser = super().create_parser(prog_name, subcommand)
        own = {option for action in parser._actions for option in action.option_strings}
        self.add_options(parser)
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON cho máy đọc")
        group = parser.add_argument_group("Tuỳ chọn chung của Django")
        for action in django_parser._actions:
            if (
                action.option_strings
                and not own.intersection(action.option_strings)
                and "--json" not in action.option_strings
            ):
                long = next(
                    (option for option in action.option_strings if option.startswith("--")), ""
                )
                if long in _OPTIONS:
                    action.help = _OPTIONS[long]
                    group._add_action(action)
        for titled in parser._action_groups:
            titled.title = _WORDS.get(titled.title or "", titled.title)
        for action in parser._actions:
            action.help = _WORDS.get(action.help or "", action.help)
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's hook; ours is add_options."""

    def add_options(self, parser: CommandParser) -> None:
        """The command's own arguments, with Vietnamese help."""

    def handle(self, *args: Any, **options: Any) -> None:
        self._json = bool(options.get("json"))
        self.work(options)

    def work(self, options: dict[str, Any]) -> None:
        """Do it; answer with `show`; refuse with Refused or a DomainError."""
        raise NotImplementedError

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Refusals become a sentence on standard error and exit code 1 (2 for wrong usage); callers
        in Python get the exception.
        """
        try:
            return super().execute(*args, **options)
        except DomainError as error:
            refusal: CommandError = Refused(sentence(error))
            refusal.__cause__ = error
        except (Refused, UsageError) as error:
            refusal = error
        except (OperationalError, ProgrammingError) as error:
            # No tables, no server, or a disk that is full: nothing a person can mend by reading a
            # traceback.
            refusal = Refused(NO_DATABASE)
            refusal.__cause__ = error
        if getattr(self, "_called_from_command_line", False) and not options.get("traceback"):
            self.stderr.write(str(refusal))
            sys.exit(refusal.returncode)
        raise refusal

    def show(self, data: Any, lines: Iterable[str]) -> None:
        """The answer: `data` as JSON with --json, else `lines` for people."""
        if self._json:
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        else:
            for line in lines:
                self.stdout.write(line)

    def note(self, line: str) -> None:
        """Progress for people: standard error, so that JSON on standard output stays clean."""
        self.stderr.write(line, style_func=str)


def day(text: str) -> date:
    """A day as an option takes it: 2026-01-20, or 20/01/2026 as people write it. Raises argparse's
    error with a sentence.
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 (a day has no zone)
    raise argparse.ArgumentTypeError(f"“{text}” không phải một ngày có thật, dạng 2026-01-20")


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Rows as aligned text; numbers to the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    numeric = [
        bool(texts) and all(_is_number(row[i]) for row in texts) for i in range(len(headers))
    ]
    widths = [max(len(headers[i]), *(len(row[i]) for row in texts), 0) for i in range(len(headers))]
    lines = [list(headers), ["-" * width for width in widths], *texts]
    return [
        "  ".join(
            c.rjust(w) if n else c.ljust(w) for c, w, n in zip(line, widths, numeric, strict=True)
        ).rstrip()
        for line in lines
    ]


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").replace("-", "").strip().isdigit()
