"""How the long texts of the ledger are stored: packed with words that they all repeat.

`vocabulary/1.txt` has one text of each kind, in the order from rare to frequent. It never changes: a
better one is `2.txt`, with its line below.
"""

from pathlib import Path

from onestop.compact import PackedJSON, PackedText, Packing, Vocabulary

_FOLDER = Path(__file__).parent / "vocabulary"
PACKING = Packing(
    Vocabulary(
        _FOLDER / "1.txt", "fcf57ecc03c23618dc3512b4c77464cb993e5e46efc746c3a54484f59e68b4fb"
    ),
)


class LedgerText(PackedText):
    packing = PACKING


class LedgerJSON(PackedJSON):
    packing = PACKING
