"""A folder of this machine."""

import os
import posixpath
from contextlib import suppress
from typing import Any
from uuid import uuid4

from django.core.files.storage import FileSystemStorage

from onestop.stores import PART


class DiskFiles(FileSystemStorage):
    """A file has its name when all of it is written: who is killed half-way leaves nothing that
    anybody could read. The sweep takes what he was writing.
    """

    def _save(self, name: str, content: Any) -> str:
        folder = posixpath.dirname(name)
        part = posixpath.join(folder, f".{uuid4().hex}{PART}")
        try:
            super()._save(part, content)  # type: ignore[misc]
            os.replace(self.path(part), self.path(name))  # noqa: PTH105
        except BaseException:
            with suppress(OSError):
                self.delete(part)
            raise
        return name
