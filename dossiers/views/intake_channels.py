"""The ways in which a dossier may be handed in at the counter's page, and why one may not be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dossiers.intake.online import CHANNELS
from onestop.errors import say
from procedures.channels import Channel

if TYPE_CHECKING:
    from procedures.models import Case, ProcedureVersion


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    value: int
    label: str
    checked: bool
    why_not: str = ""

    @property
    def is_online(self) -> bool:
        return self.value in CHANNELS


def channels_of(
    version: ProcedureVersion, case: Case | None, *, chosen: int
) -> list[ChannelChoice]:
    """Every channel, as far as it is known what is chosen."""
    return [
        ChannelChoice(value, label, value == chosen, _why_not(version, case, value))
        for value, label in Channel.choices
    ]


def _why_not(version: ProcedureVersion, case: Case | None, channel: int) -> str:
    if channel == Channel.POST and not version.post_allowed:
        return say("procedures.no_post", {"procedure": version.code})
    if case is not None and case.method_for(channel) is None:
        return say(
            "procedures.no_method",
            {"procedure": version.code, "channel": Channel(channel).label},
        )
    return ""
