"""Search keys of names: every word-suffix, folded, so that any run of words of a name is one range scan of an index."""

from dossiers.models import Dossier, NameKey
from onestop.folding import tokens

MAX_KEYS = 8


def keys_of(name: str) -> list[str]:
    """ "Nguyễn Văn Ân" → ["nguyen van an", "van an", "an"]; long names keep their first and last words."""
    words = tokens(name)
    suffixes = [" ".join(words[i:])[:120] for i in range(len(words))]
    return suffixes[: MAX_KEYS - 1] + suffixes[MAX_KEYS - 1 :][-1:]


def rows_for(dossier: Dossier, *names: str) -> list[NameKey]:
    """Unsaved key rows of a dossier for its owner and submitter: each key once at the office that handles it and, where that
    is another one, at the office that received it."""
    texts = dict.fromkeys(key for name in names if name for key in keys_of(name))
    offices = dict.fromkeys([dossier.agency_id, dossier.received_by_agency_id])
    return [NameKey(dossier=dossier, agency_id=office, text=text) for office in offices for text in texts]
