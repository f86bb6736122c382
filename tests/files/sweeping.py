"""What the sweep of orphaned files leaves in a folder of uploads."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from onestop.files.domain import sweep_orphans


def left_after_days(folder: str) -> list[str]:
    """The paths there after a sweep for which all are old; a file that no row names goes."""
    stray = default_storage.save(f"{folder}/stray", ContentFile(b"x"))
    sweep_orphans(default_storage.get_modified_time(stray) + timedelta(days=2))
    left = sorted(f"{folder}/{name}" for name in default_storage.listdir(folder)[1])
    assert stray not in left
    return left
