"""What the scheduled jobs are called. Each app names its own when it starts (AppConfig.ready)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """`task`: its name in the schedule; `remedy`: what an administrator does when it fails."""

    task: str
    label: str
    remedy: str


_listed: dict[str, Job] = {}


def list_jobs(*jobs: Job) -> None:
    """Listing the same again changes nothing."""
    _listed.update({one.task: one for one in jobs})


def listed() -> dict[str, Job]:
    return dict(_listed)
