"""What the scheduled jobs are called. Each app names its own when it starts (AppConfig.ready)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """`task`: its name; `remedy`: what an administrator does when it fails; `is_by_hand`: not of the
    schedule, somebody presses for it.
    """

    task: str
    label: str
    remedy: str
    is_by_hand: bool = False


_listed: dict[str, Job] = {}


def list_jobs(*jobs: Job) -> None:
    """Listing the same again changes nothing."""
    _listed.update({one.task: one for one in jobs})


def listed() -> dict[str, Job]:
    return dict(_listed)
