"""Who acts for the owner by authority: never the owner, by name or number (R-19, R-78).

Asked by every act that names such a person: bringing a dossier, taking a result, withdrawing.
"""

from __future__ import annotations

from dossiers.identity import numbers_like
from onestop.folding import fold


def is_owner(*, name: str, identity: str, owner_name: str, owner_identity: str) -> bool:
    """Whether who is said to act for the owner is the owner: the same number, or the same name with
    no other number.
    """
    if owner_identity and owner_identity in numbers_like(identity):
        return True
    return fold(name) == fold(owner_name) and not (identity.strip() and owner_identity)
