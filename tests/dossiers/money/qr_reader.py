"""A reader of drawn QR codes, written from ISO/IEC 18004 alone: modules out of the picture, format,
mask, codewords in their order, text. It mends nothing: what is drawn wrongly is read wrongly.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from urllib.parse import unquote

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# Of versions 5 to 10 at level M: data codewords of each block, and where alignment patterns stand.
BLOCKS = {5: [43] * 2, 6: [27] * 4, 7: [31] * 4, 8: [38] * 2 + [39] * 2, 9: [36] * 3 + [37] * 2, 10: [43] * 4 + [44]}  # fmt: skip
ALIGNED = {5: [6, 30], 6: [6, 34], 7: [6, 22, 38], 8: [6, 24, 42], 9: [6, 26, 46], 10: [6, 28, 50]}
MASKS: list[Callable[[int, int], int]] = [
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
]


def read(uri: str, quiet: int = 4) -> str:
    """The text of a picture: an SVG of strokes, a row of dark modules each, inside a data address."""
    head, _, body = uri.partition(",")
    svg = b64decode(body).decode() if "base64" in head else unquote(body)
    dark = _dark(re.search(r'\bd=[\'"]([^\'"]+)', svg)[1])  # type: ignore[index]
    size = max(row for row, _ in dark) - quiet + 1
    grid = [[(r + quiet, c + quiet) in dark for c in range(size)] for r in range(size)]
    version = (size - 17) // 4
    return _text(_data(grid, version))


def _dark(path: str) -> set[tuple[int, int]]:
    found, x, y = set(), 0, 0.0
    for letter, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?:[ ,](-?[\d.]+))?", path):
        if letter == "h":
            found |= {(int(y), x + step) for step in range(int(first))}
            x += int(first)
        elif letter == "M":
            x, y = int(first), float(second)
        else:
            x, y = x + int(first), y + float(second)
    return found


def _data(grid: list[list[bool]], version: int) -> list[int]:
    """The data codewords, in their order."""
    size = len(grid)
    along = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    said = int("".join(str(int(grid[r][c])) for r, c in along), 2) ^ 0x5412
    assert said >> 13 == 0, "level M"
    mask = MASKS[said >> 10 & 7]
    bits = [grid[r][c] ^ (mask(r, c) == 0) for r, c in _walk(size, _fixed(size, version))]
    words = [
        int("".join(str(int(bit)) for bit in bits[at : at + 8]), 2)
        for at in range(0, len(bits) // 8 * 8, 8)
    ]
    blocks: list[list[int]] = [[] for _ in BLOCKS[version]]
    stream = iter(words)
    for place in range(max(BLOCKS[version])):
        for block, length in zip(blocks, BLOCKS[version], strict=True):
            if place < length:
                block.append(next(stream))
    return [word for block in blocks for word in block]


def _fixed(size: int, version: int) -> set[tuple[int, int]]:
    """Where no data stands: finders, format, timing, alignment, version."""
    found = {(6, n) for n in range(size)} | {(n, 6) for n in range(size)}
    for rows, columns in ((range(9), range(9)), (range(9), range(size - 8, size)), (range(size - 8, size), range(9))):  # fmt: skip
        found |= {(r, c) for r in rows for c in columns}
    last = ALIGNED[version][-1]
    for r in ALIGNED[version]:
        for c in ALIGNED[version]:
            if (r, c) not in {(6, 6), (6, last), (last, 6)}:
                found |= {(r + dr, c + dc) for dr in range(-2, 3) for dc in range(-2, 3)}
    if version >= 7:
        for r in range(6):
            for c in range(size - 11, size - 8):
                found |= {(r, c), (c, r)}
    return found


def _walk(size: int, fixed: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Two columns at a time from the right, up and down in turn, past the timing column."""
    up = True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for r in range(size - 1, -1, -1) if up else range(size):
            for c in (right, right - 1):
                if (r, c) not in fixed:
                    yield r, c
        up = not up


def _text(words: list[int]) -> str:
    bits = "".join(f"{word:08b}" for word in words)
    assert bits[:4] == "0010", "letters and digits"
    count, at = int(bits[4:13], 2), 13
    found = ""
    while len(found) < count:
        if count - len(found) == 1:
            return found + SIGNS[int(bits[at : at + 6], 2)]
        pair, at = int(bits[at : at + 11], 2), at + 11
        found += SIGNS[pair // 45] + SIGNS[pair % 45]
    return found
