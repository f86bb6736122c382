"""Where the bytes of files lie: a folder of this machine, or a bucket of any S3-compatible store.

`STORAGE_URL` chooses; nothing of S3 is imported where a folder is used. Whoever keeps or opens a file
uses Django's `default_storage` and meets three answers on both: the content, FileNotFoundError, or
StoreAway when the store does not answer.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from django.core.files.storage import Storage

DISK = "disk"
# A file that is being written; nobody has named it yet.
PART = ".part"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


class StoreAway(Exception):
    """The store of files does not answer, or refuses us: nothing is wrong with the file. No OSError,
    so that nobody takes it for a damaged one.
    """


class Found(NamedTuple):
    path: str
    size: int
    modified: datetime


def backend(
    url: str, *, folder: Path, key: Callable[[str], str] = os.environ.__getitem__
) -> dict[str, Any]:
    """What Django's STORAGES wants for `url`: "" or "disk" is `folder`, file:///… another one,
    s3://bucket/prefix?endpoint=https://host&region=name a bucket. `key` gives the credentials by name.

    Errors: ValueError for any other address; those of `key`.
    """
    if url in ("", DISK):
        return _on_disk(folder)
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.strip("/"):
        return _on_disk(Path(parts.path))
    query = parse_qs(parts.query, strict_parsing=bool(parts.query))
    known = {"endpoint", "region"}
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or query.keys() - known:
        raise ValueError("not the address of a store of files")
    access_key, secret_key = map(key, KEYS)
    return {
        "BACKEND": "onestop.stores.s3.S3Files",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": query.get("endpoint", [None])[0],
            "region_name": query.get("region", ["us-east-1"])[0],
            "access_key": access_key,
            "secret_key": secret_key,
        },
    }


def while_moving(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """While files move: written to `now`, read from `before` where they are not there yet."""
    options = {"now": now, "before": before}
    return {"BACKEND": "onestop.stores.both.BothFiles", "OPTIONS": options}


def made(config: Mapping[str, Any]) -> "Storage":
    """The store itself."""
    from django.utils.module_loading import import_string

    found: Storage = import_string(config["BACKEND"])(**config["OPTIONS"])
    return found


def _on_disk(folder: Path) -> dict[str, Any]:
    return {"BACKEND": "onestop.stores.disk.DiskFiles", "OPTIONS": {"location": str(folder)}}


def folder_of(storage: "Storage") -> Path | None:
    """The folder of this machine that files are written to; None for a store elsewhere."""
    from django.core.files.storage import FileSystemStorage

    written: Storage = getattr(storage, "now", storage)
    return Path(written.location) if isinstance(written, FileSystemStorage) else None


def walk(storage: "Storage", folder: str = "") -> Iterator[Found]:
    """All files below `folder` ("ab/" or ""), in no order; of a store that lists them itself in one
    request a thousand.
    """
    listed: Callable[[str], Iterator[Found]] | None = getattr(storage, "walk", None)
    if listed is not None:
        yield from listed(folder)
        return
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        path = f"{folder}{name}"
        try:
            found = Found(path, storage.size(path), storage.get_modified_time(path))
        except FileNotFoundError:  # taken away meanwhile
            continue
        yield found
    for name in folders:
        yield from walk(storage, f"{folder}{name}/")
