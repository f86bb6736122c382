"""A reader of EMVCo QR texts written from the rules of the standard alone: tag, length, value; the last
tag checks all before it. It knows nothing of who wrote the text.
"""

from __future__ import annotations

from binascii import crc_hqx

NESTED = {"38", "62"}


def read(text: str) -> dict[str, str]:
    """Every value by the way of its tags ("38.01.00"). Errors: ValueError for what is no such text."""
    data = text.encode("ascii")
    if data[-8:-4] != b"6304" or f"{crc_hqx(data[:-4], 0xFFFF):04X}".encode() != data[-4:]:
        raise ValueError("checksum")
    found = _values(text[:-8])
    if list(found)[:1] != ["00"]:
        raise ValueError("does not begin with its format")
    flat: dict[str, str] = {}
    for tag, value in found.items():
        flat[tag] = value
        for inner, said in (_values(value) if tag in NESTED else {}).items():
            flat[f"{tag}.{inner}"] = said
            if (tag, inner) == ("38", "01"):
                flat |= {f"38.01.{last}": one for last, one in _values(said).items()}
    return flat


def _values(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], int(text[at + 2 : at + 4])
        value = text[at + 4 : at + 4 + length]
        if len(value) != length or tag in found:
            raise ValueError(f"tag {tag}")
        found[tag] = value
        at += 4 + length
    return found
