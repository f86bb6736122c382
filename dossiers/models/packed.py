"""How the long texts of the ledger are stored: packed with the words that they all repeat.

A vocabulary has one text of each kind, from rare to frequent, and never changes: a better one is a
further file (`events-2.txt`), with a further line here.
"""

from pathlib import Path

from onestop.compact import PackedJSON, PackedText, Packing, Vocabulary

_FOLDER = Path(__file__).parent / "vocabulary"


class EventText(PackedText):
    """What an event says."""

    packing = Packing(
        Vocabulary(
            _FOLDER / "events-1.txt",
            "12873ed17075451f0d9a3e235cf104d1f203a4ed05dcb053beedbd7b92b86ff5",
        )
    )


class SlipSnapshot(PackedJSON):
    """What the page of a slip shows."""

    packing = Packing(
        Vocabulary(
            _FOLDER / "slips-1.txt",
            "e28ee263d6b9d833555326fe1c8f68e0beef0ad0301b4ff4fc7d31eace0a5b53",
        )
    )
