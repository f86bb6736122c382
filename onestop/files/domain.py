"""Keep, open, check and clean up files. The bytes are written before the row, so a row never points at nothing."""

import hashlib
import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from onestop.errors import DomainError
from onestop.files import kinds
from onestop.files.models import Attachment, path_of

logger = logging.getLogger(__name__)
CHUNK = 256 * 1024
# A file without a row younger than this may belong to a request that has not yet written it.
ORPHAN_AFTER = timedelta(hours=24)


def store(
    content: "UploadedFile[Any] | bytes",
    *,
    name: str,
    kind: str,
    object_id: int,
    by: AbstractBaseUser | None,
    at: datetime | None = None,
) -> Attachment:
    """Check, keep and record one file: size, real content against its name, checksum, bytes, then the row.

    Raises DomainError (field "files") with a sentence when the file is empty, too big, of a kind that is not taken,
    not what its name says, or carries macros. Identical content is kept once.
    """
    return attach(keep(content, name=name), kind=kind, object_id=object_id, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are checked and stored and belong to nothing yet; a day later the sweep takes them."""

    name: str
    content_type: str
    size: int
    sha256: str


def keep(content: "UploadedFile[Any] | bytes", *, name: str) -> Kept:
    """The first half of `store`, for verbs that hold a lock while they write the row: checks and keeps the bytes."""
    name = clean_name(name)
    with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as spool:
        spooled = cast(BinaryIO, spool)
        size, sha256 = _copy(content, spooled, name)
        content_type = check(spooled, name)
        _keep(spooled, sha256, size)
    return Kept(name, content_type, size, sha256)


def attach(kept: Kept, *, kind: str, object_id: int, by: AbstractBaseUser | None, at: datetime | None = None) -> Attachment:
    """The second half: the row. Touches nothing but the database."""
    return Attachment.objects.create(
        kind=kind,
        object_id=object_id,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        uploaded_by_id=by.pk if by is not None else None,
        uploaded_at=at or timezone.now(),
    )


def check(content: BinaryIO, name: str) -> str:
    """The content type when the bytes are what the name says; DomainError when not."""
    said = kinds.EXTENSIONS.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if said is None:
        raise DomainError("file_kind", field="files", name=name, allowed=kinds.ALLOWED)
    if kinds.has_macros(content):
        raise DomainError("file_macros", field="files", name=name)
    if kinds.sniff(content) != said:
        raise DomainError("file_not_what", field="files", name=name, said=kinds.LABELS[said])
    return said


def open_attachment(attachment: Attachment) -> "File[bytes]":
    """The content, positioned at its start, after its checksum was compared with the row (R-149)."""
    try:
        content = default_storage.open(attachment.path, "rb")
    except FileNotFoundError as gone:
        raise DomainError("file_missing", name=attachment.name) from gone
    digest = hashlib.sha256()
    for chunk in iter(lambda: content.read(CHUNK), b""):
        digest.update(chunk)
    if digest.hexdigest() != attachment.sha256:
        content.close()
        logger.error("attachment changed", extra={"attachment": attachment.pk})
        raise DomainError("file_changed", name=attachment.name)
    content.seek(0)
    return content


def damaged(attachments: Iterable[Attachment]) -> Iterator[tuple[Attachment, str]]:
    """Those whose content is gone or changed, with the code of what is wrong; for the nightly check and `verify`."""
    for attachment in attachments:
        try:
            open_attachment(attachment).close()
        except DomainError as error:
            yield attachment, error.code


def adopt(attachments: Iterable[int], *, from_kind: str, from_id: int, kind: str, object_id: int) -> int:
    """Files of a draft become files of what grew out of it; returns how many moved. Ids of others are left alone."""
    return Attachment.objects.of(from_kind, from_id).filter(pk__in=list(attachments)).update(kind=kind, object_id=object_id)


def sweep_orphans(now: datetime, storage: Storage = default_storage) -> int:
    """Delete contents no row points at: what a crash or a discarded draft left behind. Returns how many."""
    removed = 0
    for path in _all_paths(storage):
        if storage.get_modified_time(path) > now - ORPHAN_AFTER:
            continue
        if Attachment.objects.filter(sha256=path.rsplit("/", 1)[-1]).exists():
            continue
        storage.delete(path)
        removed += 1
    return removed


def clean_name(name: str) -> str:
    """The bare file name: no folders, no control characters, at most 200 characters with its extension kept."""
    bare = "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip() or "tep"
    path = PurePosixPath(bare)
    return bare if len(bare) <= 200 else path.stem[: 200 - len(path.suffix[:10])] + path.suffix[:10]


def _copy(content: "UploadedFile[Any] | bytes", spool: BinaryIO, name: str) -> tuple[int, str]:
    limit = settings.UPLOAD_MAX_BYTES
    digest = hashlib.sha256()
    size = 0
    for chunk in [content] if isinstance(content, bytes) else content.chunks(CHUNK):
        size += len(chunk)
        if size > limit:
            raise DomainError("file_too_big", field="files", name=name, limit=limit // (1024 * 1024))
        digest.update(chunk)
        spool.write(chunk)
    if not size:
        raise DomainError("file_empty", field="files", name=name)
    return size, digest.hexdigest()


def _keep(content: BinaryIO, sha256: str, size: int) -> None:
    path = path_of(sha256)
    if default_storage.exists(path):
        if default_storage.size(path) == size and Attachment.objects.filter(sha256=sha256).exists():
            return
        # Left by a crash half-way, or an orphan the sweep is about to take: write it anew.
        default_storage.delete(path)
    content.seek(0)
    saved = default_storage.save(path, File(content))
    if saved != path:  # somebody stored the same bytes at the same moment
        with suppress(OSError):
            default_storage.delete(saved)


def _all_paths(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _all_paths(storage, f"{folder}{name}/")
