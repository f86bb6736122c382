"""Two stores while files move from one to the other (`manage.py move_files`)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.core.files.base import File
from django.core.files.storage import Storage

from onestop.stores import Found, made, walk

T = TypeVar("T")


class BothFiles(Storage):
    """All is written to `now`; what has not come there yet is read from `before`."""

    def __init__(self, now: Mapping[str, Any], before: Mapping[str, Any]) -> None:
        self.now, self.before = made(now), made(before)

    def _where(self, ask: Callable[[Storage], T]) -> T:
        try:
            return ask(self.now)
        except FileNotFoundError:
            return ask(self.before)

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        return self._where(lambda storage: storage.open(name, mode))

    def _save(self, name: str, content: Any) -> str:
        return self.now.save(name, content)

    def exists(self, name: str) -> bool:
        return self.now.exists(name) or self.before.exists(name)

    def delete(self, name: str) -> None:
        """In both: what was let go does not come back with the next move."""
        self.now.delete(name)
        self.before.delete(name)

    def size(self, name: str) -> int:
        return self._where(lambda storage: storage.size(name))

    def get_modified_time(self, name: str) -> datetime:
        return self._where(lambda storage: storage.get_modified_time(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Of both, each name once: a backup in the middle of a move leaves nothing out."""
        folders: set[str] = set()
        files: set[str] = set()
        missing = []
        for storage in (self.now, self.before):
            try:
                found = storage.listdir(path)
            except FileNotFoundError as error:
                missing.append(error)
                continue
            folders.update(found[0])
            files.update(found[1])
        if len(missing) == 2:
            raise missing[0]
        return sorted(folders), sorted(files)

    def walk(self, folder: str = "") -> Iterator[Found]:
        """What lies in `now`: nobody sweeps a store that is being left."""
        return walk(self.now, folder)

    def probe(self) -> None:
        """Errors: StoreAway. A folder is asked by whoever asks for the room on its disk."""
        ask = getattr(self.now, "probe", None)
        if ask is not None:
            ask()
        self.before.exists("san-sang")
