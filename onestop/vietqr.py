"""VietQR: a transfer that a bank's application reads from a picture (EMVCo merchant-presented QR, as
NAPAS uses it). Plain text in, plain text out.
"""

from __future__ import annotations

GUID = "A000000727"
# To an account, at once.
SERVICE = "QRIBFTTA"
# What tag 62-08 holds.
MOST_PURPOSE = 25
MOST_AMOUNT = 9_999_999_999_999


class QrError(ValueError):
    """What no bank would read."""


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 1021, begun with FFFF."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
            crc &= 0xFFFF
    return crc


def transfer_text(*, bank: str, account: str, amount: int, purpose: str) -> str:
    """The text of the picture. In: the bank's BIN, the account, whole đồng, what the transfer is for
    (letters and digits). Errors: QrError.
    """
    if not (len(bank) == 6 and bank.isdecimal() and bank.isascii()):
        raise QrError("bank")
    if not (0 < len(account) <= 19 and account.isalnum() and account.isascii()):
        raise QrError("account")
    if not 0 < amount <= MOST_AMOUNT:
        raise QrError("amount")
    if not (0 < len(purpose) <= MOST_PURPOSE and purpose.isalnum() and purpose.isascii()):
        raise QrError("purpose")
    payee = _tag("00", bank) + _tag("01", account)
    body = "".join(
        (
            _tag("00", "01"),
            _tag("01", "12"),  # for one payment: it holds an amount
            _tag("38", _tag("00", GUID) + _tag("01", payee) + _tag("02", SERVICE)),
            _tag("53", "704"),
            _tag("54", str(amount)),
            _tag("58", "VN"),
            _tag("62", _tag("08", purpose)),
            "6304",
        )
    )
    return f"{body}{crc16(body.encode('ascii')):04X}"


def _tag(number: str, value: str) -> str:
    return f"{number}{len(value):02d}{value}"
