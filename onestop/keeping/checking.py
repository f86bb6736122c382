"""What has to fit when all is back: numbers that run on, contents against their checksums, and what
the apps above check.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from datetime import datetime
from typing import cast

from django.db import connection

from onestop.files.models import Attachment, path_of
from onestop.keeping import kept, offered
from onestop.keeping.manifest import Manifest, numbers_of

# A list of faults for people ends here.
_NAMED = 20


def faults(
    manifest: Manifest, *, now: datetime, progress: Callable[[int], None] = lambda _: None
) -> list[str]:
    """Everything of the database and the file store of this process that is not as the manifest
    says, or does not fit by itself; each as a sentence.
    """
    found = [*_numbers(manifest), *_contents(manifest), *_others(manifest)]
    for check in offered.checks.values():
        found += check(now, progress)
    return found


def _numbers(manifest: Manifest) -> list[str]:
    wrong = []
    for name, expected in manifest.numbers.items():
        counter = offered.counters.get(name)
        if counter is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute(offered.statement_of(counter))
            if numbers_of(iter(cursor.fetchall())) != expected:
                wrong.append(f"Bảng đếm {name} không đúng với bản sao lưu.")
    return wrong


def _contents(manifest: Manifest) -> list[str]:
    """The contents that rows name. What was gone or changed when the archive was made is no fault of
    the restore: the manifest tells of it.
    """
    before = {*manifest.files.missing, *manifest.files.changed}
    names = Attachment.objects.order_by("sha256").values_list("sha256", flat=True).distinct()
    # A store that goes away in the middle leaves no cursor behind.
    with closing(cast(Generator[str, None, None], names.iterator(chunk_size=2_000))) as all_names:
        wrong = [
            sha256
            for sha256 in all_names
            if kept.checksum(path_of(sha256)) != sha256 and sha256 not in before
        ]
    lines = [f"Tệp {sha256} mất hoặc sai nội dung." for sha256 in wrong[:_NAMED]]
    return lines + ([f"Và {len(wrong) - _NAMED} tệp khác."] if len(wrong) > _NAMED else [])


def _others(manifest: Manifest) -> list[str]:
    return [
        f"Tệp {one.path} mất hoặc sai nội dung."
        for one in manifest.files.others
        if kept.checksum(one.path) != one.sha256
    ]
