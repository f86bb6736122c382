"""`move_files`: all files of one store into another, as often as it takes."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from onestop import stores
from onestop.commands import OfficeCommand, Refused, UsageError
from onestop.errors import say
from onestop.files.domain import missing_from
from onestop.stores.moving import Moved, copy_all
from onestop.trouble import is_full

SHOWN = 50


class Command(OfficeCommand):
    help = (
        "Chép mọi tệp từ kho cũ sang kho mới (thư mục hoặc kho tương thích S3), trong khi phần mềm vẫn chạy. Bị dừng giữa chừng thì chạy lại là "
        "làm tiếp; tệp đã có không chép lần nữa; mỗi tệp được đối chiếu mã kiểm tra. Không xóa gì ở kho cũ. Thoát 1 khi còn tệp thiếu hoặc hỏng."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="source", default=settings.STORAGE_BEFORE, metavar="KHO",
            help="kho cũ: disk, file:///thư-mục hoặc s3://…; mặc định là STORAGE_BEFORE",
        )  # fmt: skip
        parser.add_argument(
            "--to", dest="target", default=settings.STORAGE_URL or stores.DISK, metavar="KHO",
            help="kho mới; mặc định là kho đang dùng (STORAGE_URL)",
        )  # fmt: skip
        parser.add_argument(
            "--quick", action="store_true",
            help="tệp đã có ở kho mới và đủ dung lượng thì không đọc lại để đối chiếu",
        )  # fmt: skip

    def work(self, options: dict[str, Any]) -> None:
        if not options["source"]:
            raise UsageError(say("move_no_source"))
        source, target = _config(options["source"]), _config(options["target"])
        if source == target:
            raise UsageError(say("move_same"))
        if target != _config(settings.STORAGE_URL):
            self.note(say("move_not_in_use"))
        store = stores.made(target)
        try:
            moved = copy_all(stores.made(source), store, quick=options["quick"], heard=self._heard)
            missing = list(missing_from(store))
        except stores.StoreAway as away:
            raise Refused(say("move_away")) from away
        except OSError as error:
            raise Refused(say("disk_full" if is_full(error) else "move_away")) from error
        self._answer(moved, missing)

    def _heard(self, folder: str, moved: Moved) -> None:
        self.note(
            say("move_step", {"folder": folder, "copied": moved.copied, "there": moved.there})
        )

    def _answer(self, moved: Moved, missing: list[str]) -> None:
        # What is damaged in the old store is missing from the new one: told once, with its reason.
        lines = [say(f"move_{why}", {"path": path}) for path, why in moved.problems.items()]
        lines += [
            say("move_missing", {"path": path}) for path in missing if path not in moved.problems
        ]
        counts = {"copied": moved.copied, "there": moved.there, "bytes": moved.size}
        data = counts | {"problems": moved.problems, "missing": missing}
        done = (
            say("move_done", counts) if not lines else say("move_not_done", {"count": len(lines)})
        )
        more = [say("move_more", {"count": len(lines) - SHOWN})] if len(lines) > SHOWN else []
        self.show(data, [*lines[:SHOWN], *more, say("move_counts", counts), done])
        if lines:
            raise Refused(done)


def _config(url: str) -> dict[str, Any]:
    from django.core.exceptions import ImproperlyConfigured

    try:
        return stores.backend(url, folder=settings.FILES_DIR)
    except (ValueError, KeyError, ImproperlyConfigured) as wrong:
        raise UsageError(say("move_address", {"url": url})) from wrong
