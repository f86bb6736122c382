"""Keep, open, check and clean up files. The bytes are written before the row, so a row never points
at nothing.
"""

import errno
import hashlib
import io
import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files import File
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.dispatch import Signal
from django.utils import timezone

from onestop.errors import DomainError
from onestop.files import kinds, office
from onestop.files.models import Attachment, path_of
from onestop.signatures import checking
from onestop.stores import walk
from onestop.trouble import is_full
from onestop.viruses import refuse_infected

logger = logging.getLogger(__name__)
# (attachment, code, at): a kept content is gone or changed; receivers tell whoever answers for it,
# once a file.
damage_found = Signal()
CHUNK = 256 * 1024
# A file without a row younger than this may belong to a request that has not yet written it.
ORPHAN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that are checked and stored and belong to nothing yet; a day later the sweep takes
    them. `pages`: of a scan; 0 of what has none.
    """

    name: str
    content_type: str
    size: int
    sha256: str
    pages: int = 0
    signed: checking.Found = checking.NOTHING


def keep(content: "UploadedFile[Any] | bytes", *, name: str, made_as: str = "") -> Kept:
    """Check and keep one file: size, viruses, real content against its name, checksum, bytes. `attach` then
    writes its row, so that a verb holds its lock for that only. Identical content is kept once.

    Raises DomainError (field "files") with a sentence when the file is empty, too big, of a kind
    that is not taken, not what its name says, damaged, behind a password, infected, or carries
    macros; was altered after it was signed; or cannot be checked for viruses now.

    `made_as`: the content type of what this program made itself, in which nobody hid anything.
    """
    name = clean_name(name)
    try:
        with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as spool:
            spooled = cast(BinaryIO, spool)
            size, sha256 = _copy(content, spooled, name)
            if not made_as:
                refuse_infected(spooled, name=name, field="files")
            name, content_type = (name, made_as) if made_as else check(spooled, name)
            pages = 0 if made_as else kinds.pages_of(spooled, content_type)
            signed = checking.NOTHING
            if content_type == kinds.PDF and not made_as:
                signed = _signed(spooled, name)
            _keep(spooled, sha256)
    except OSError as error:
        if not is_full(error):
            raise
        logger.error(
            "no room for a file", extra={"error": errno.errorcode.get(error.errno or 0, "")}
        )
        raise DomainError("file_no_room", field="files", name=name) from error
    return Kept(name, content_type, size, sha256, pages, signed)


def _signed(content: BinaryIO, name: str) -> checking.Found:
    """What its signatures are worth. Errors: DomainError("file_altered")."""
    found = checking.found_in(content, at=timezone.now())
    if found.verdict == checking.Verdict.ALTERED:
        raise DomainError("file_altered", field="files", name=name, by=found.by)
    return found


def attach(
    kept: Kept,
    *,
    kind: str,
    object_id: int,
    by: AbstractBaseUser | None,
    at: datetime | None = None,
) -> Attachment:
    """The row of what was kept. Touches nothing but the database."""
    return Attachment.objects.create(
        kind=kind,
        object_id=object_id,
        name=kept.name,
        content_type=kept.content_type,
        size=kept.size,
        sha256=kept.sha256,
        uploaded_by_id=by.pk if by is not None else None,
        uploaded_at=at or timezone.now(),
        pages=kept.pages or None,
        signature=kept.signed.verdict,
        signed_by=kept.signed.by,
    )


def check(content: BinaryIO, name: str) -> tuple[str, str]:
    """The name to keep it under and the content type, when the bytes are what the name says and can
    be opened; DomainError when not.

    The content decides: a JPEG that a telephone sent as .heic is kept as .jpg.
    """
    said = kinds.EXTENSIONS.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if office.has_macros(content):
        raise DomainError("file_macros", field="files", name=name)
    if said is None:
        raise DomainError("file_kind", field="files", name=name, allowed=kinds.ALLOWED)
    if office.is_locked(content):
        raise DomainError("file_password", field="files", name=name)
    found = kinds.sniff(content) or ""
    if found in kinds.NOT_TAKEN:
        raise DomainError(
            "file_really",
            field="files",
            name=name,
            found=kinds.NOT_TAKEN[found],
            allowed=kinds.ALLOWED,
        )
    if found == office.CUT and said in kinds.OFFICE:
        raise DomainError("file_broken", field="files", name=name)
    if (said, found) in kinds.SENT_AS:
        name = str(PurePosixPath(name).with_suffix(f".{kinds.SENT_AS[said, found]}"))
    elif found != said:
        raise DomainError("file_not_what", field="files", name=name, said=kinds.LABELS[said])
    if fault := kinds.fault(found, content):
        raise DomainError(f"file_{fault}", field="files", name=name)
    return name, found


def open_attachment(attachment: Attachment) -> "File[bytes]":
    """The content, positioned at its start, after its checksum was compared with the row (R-149)."""
    try:
        content = default_storage.open(attachment.path, "rb")
    except FileNotFoundError as gone:
        logger.error("attachment lost", extra={"attachment": attachment.pk})
        raise DomainError("file_missing", name=attachment.name) from gone
    except OSError as unreadable:
        raise _unreadable(attachment, unreadable) from unreadable
    try:
        digest = _digest(content)
        content.seek(0)
    except OSError as unreadable:
        content.close()
        raise _unreadable(attachment, unreadable) from unreadable
    if digest != attachment.sha256:
        content.close()
        logger.error("attachment changed", extra={"attachment": attachment.pk})
        raise DomainError("file_changed", name=attachment.name)
    return content


def _unreadable(attachment: Attachment, error: OSError) -> DomainError:
    """Rights that were taken away, a folder in its place, a disk with a bad sector."""
    logger.error(
        "attachment unreadable",
        extra={"attachment": attachment.pk, "error": errno.errorcode.get(error.errno or 0, "")},
    )
    return DomainError("file_unreadable", name=attachment.name)


def _digest(content: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in iter(lambda: content.read(CHUNK), b""):
        digest.update(chunk)
    return digest.hexdigest()


def report(attachment: Attachment, code: str, *, at: datetime) -> None:
    """Tell the apps above that this content is gone or changed; whoever asked for it is answered
    all the same.
    """
    for _, answer in damage_found.send_robust(
        sender=Attachment, attachment=attachment, code=code, at=at
    ):
        if isinstance(answer, Exception):
            logger.error(
                "damage not told",
                extra={"attachment": attachment.pk, "error": type(answer).__name__},
            )


def restore(attachment: Attachment, content: bytes) -> bool:
    """Put the content back when these are the bytes the row speaks of; False (and nothing done)
    when they are others.
    """
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        return False
    _keep(io.BytesIO(content), attachment.sha256)
    return True


def damaged(attachments: Iterable[Attachment]) -> Iterator[tuple[Attachment, str]]:
    """Those whose content is gone or changed, with the code of what is wrong; for the nightly check
    and `verify`.
    """
    for attachment in attachments:
        try:
            open_attachment(attachment).close()
        except DomainError as error:
            yield attachment, error.code


def adopt(
    attachments: Iterable[int], *, from_kind: str, from_id: int, kind: str, object_id: int
) -> int:
    """Files of a draft become files of what grew out of it; returns how many moved. Ids of others
    are left alone.
    """
    return (
        Attachment.objects.of(from_kind, from_id)
        .filter(pk__in=list(attachments))
        .update(kind=kind, object_id=object_id)
    )


# Folders whose files are no attachments: which of them their own rows still need.
_spared: dict[str, Callable[[], Iterable[str]]] = {}


def spare(folder: str, needed: Callable[[], Iterable[str]]) -> None:
    """From now on the sweep takes from this folder ("imports") only what is not among the `needed`
    paths, however old it is.
    """
    _spared[folder] = needed


def sweep_orphans(now: datetime, storage: Storage = default_storage) -> int:
    """Delete contents no row points at or needs: what a crash or a discarded draft left behind.
    Returns how many.
    """
    needed = {folder: frozenset(paths()) for folder, paths in _spared.items()}
    removed = 0
    for path, _, modified in walk(storage):
        # Younger files may belong to a running request; one that lies a day ahead was written by a
        # clock that was wrong.
        if abs(now - modified) < ORPHAN_AFTER:
            continue
        if _is_needed(path, needed):
            continue
        storage.delete(path)
        removed += 1
    return removed


def _is_needed(path: str, needed: Mapping[str, Set[str]]) -> bool:
    folder = path.partition("/")[0]
    if folder in needed:
        return path in needed[folder]
    return Attachment.objects.filter(sha256=path.rsplit("/", 1)[-1]).exists()


def clean_name(name: str) -> str:
    """The bare file name: no folders, no control characters, at most 200 characters with its
    extension kept.
    """
    bare = (
        "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable()).strip()
        or "tep"
    )
    path = PurePosixPath(bare)
    return bare if len(bare) <= 200 else path.stem[: 200 - len(path.suffix[:10])] + path.suffix[:10]


def _copy(content: "UploadedFile[Any] | bytes", spool: BinaryIO, name: str) -> tuple[int, str]:
    limit = settings.UPLOAD_MAX_BYTES
    digest = hashlib.sha256()
    size = 0
    for chunk in [content] if isinstance(content, bytes) else content.chunks(CHUNK):
        size += len(chunk)
        if size > limit:
            raise DomainError(
                "file_too_big", field="files", name=name, limit=limit // (1024 * 1024)
            )
        digest.update(chunk)
        spool.write(chunk)
    if not size:
        raise DomainError("file_empty", field="files", name=name)
    return size, digest.hexdigest()


def _keep(content: BinaryIO, sha256: str) -> None:
    path = path_of(sha256)
    if default_storage.exists(path):
        if _is_whole(path, sha256):
            return
        # Left by a crash half-way, or changed since: these are the bytes that belong there.
        default_storage.delete(path)
    content.seek(0)
    try:
        saved = default_storage.save(path, File(content))
    except OSError:
        with suppress(OSError):
            if not _is_whole(path, sha256):
                default_storage.delete(
                    path
                )  # half of it; somebody else may have stored all of it meanwhile
        raise
    if saved != path:  # somebody stored the same bytes at the same moment
        with suppress(OSError):
            default_storage.delete(saved)


def _is_whole(path: str, sha256: str) -> bool:
    try:
        with default_storage.open(path, "rb") as content:
            return _digest(content) == sha256
    except OSError:
        return False


def missing_from(storage: Storage) -> Iterator[str]:
    """The paths of what rows speak of and the store has not."""
    sums = Attachment.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
    for start, group in groupby(sums.iterator(chunk_size=2000), lambda sha256: sha256[:2]):
        there = {found.path for found in walk(storage, f"{start}/")}
        yield from (path for path in map(path_of, group) if path not in there)
    for needed in _spared.values():
        yield from (path for path in needed() if path and not storage.exists(path))
