"""Which originals go home with the result (R-80): what was shown or compared does, what was handed
in to stay does not.

Read from the published words, so it is a proposal: the clerk at the return desk decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from onestop.folding import fold

if TYPE_CHECKING:
    from dossiers.models import DossierPaper

_STAYS = (
    "to khai",
    "don ",
    "giay de nghi",
    "van ban de nghi",
    "phieu ",
    "ban khai",
    "mau ",
    "cong van",
)
_IDENTITY = (
    "ho chieu",
    "the can cuoc",
    "can cuoc",
    "the cccd",
    "cccd",
    "giay to tuy than",
    "chung minh nhan dan",
)
_SHOWN = re.compile(r"(?<!khong phai )(?<!khong can )(?<!bat buoc )\bxuat trinh\b")
_COMPARED = re.compile(
    r"(de|va) doi chieu|doi chieu (voi )?ban (chinh|goc)|lam co so de chung thuc"
)


def is_request(name: str) -> bool:
    """The application itself: declaration, form, letter."""
    return fold(name).lstrip("-+*•. ").startswith(_STAYS)


def goes_home(name: str, group: str = "") -> bool:
    """Whether the original of a paper goes back with the result by itself: it was shown, compared,
    certified from, or proves who one is.

    In: the paper's published name and the heading it stands under.
    """
    if is_request(name):
        return False
    words, heading = fold(name).lstrip("-+*•. "), fold(group)
    if _SHOWN.search(heading) or _COMPARED.search(words):
        return True
    if "phai nop" in heading:
        return False
    return bool(_SHOWN.search(words)) or words.startswith(_IDENTITY)


def goes_back(name: str, group: str, *, refused: bool) -> bool:
    """Whether it is proposed to go home: of a refused dossier all does, but for the request itself."""
    return not is_request(name) if refused else goes_home(name, group)


def going_back(papers: Iterable[DossierPaper], *, refused: bool = False) -> list[DossierPaper]:
    """Which of the papers go over the counter with a result that is given back at once."""
    held = (one for one in papers if one.originals and not one.originals_returned)
    return [one for one in held if goes_back(one.name, one.paper.group, refused=refused)]
