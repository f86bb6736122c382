"""Reading import files: size first, then JSON, each refusal with a sentence that says what to do."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onestop.errors import DomainError

# Ten times the largest catalogue of a ministry; a bigger file is refused before a byte of it is
# read.
LARGEST_FILE = 32 * 1024 * 1024
MOST_FIGURES = 15


@dataclass(frozen=True, slots=True)
class SourceFile:
    name: str
    sha256: str
    records: list[Any]


def read_source(path: Path, *, limit: int = LARGEST_FILE) -> SourceFile:
    """In: a path. Out: its records. Raises DomainError: missing, too big, cut short, not JSON, not
    a list, empty.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise DomainError("procedures.file_missing", file=str(path))
    except OSError as error:
        raise DomainError("procedures.file_missing", file=str(path)) from error
    if size > limit:
        raise DomainError(
            "procedures.file_too_big",
            file=path.name,
            size=round(size / 1024 / 1024),
            most=limit // 1024 // 1024,
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DomainError("procedures.file_missing", file=str(path)) from error
    return parse_source(content, path.name)


def parse_source(content: bytes, name: str) -> SourceFile:
    """The same for bytes already at hand (an upload, whose size has been checked)."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DomainError("procedures.file_not_json", file=name) from error
    try:
        records = json.loads(text, parse_int=_whole, parse_constant=str)
    except json.JSONDecodeError as error:
        begun = text.lstrip()[:1] in ("[", "{")
        cut = begun and not text.rstrip().endswith(("]", "}"))
        raise DomainError(
            "procedures.file_cut_short" if cut else "procedures.file_not_json", file=name
        ) from error
    except (RecursionError, ValueError) as error:
        raise DomainError("procedures.file_not_json", file=name) from error
    if not isinstance(records, list):
        raise DomainError("procedures.file_not_list", file=name)
    if not records:
        raise DomainError("procedures.file_empty", file=name)
    return SourceFile(name, hashlib.sha256(content).hexdigest(), records)


def _whole(figures: str) -> int | str:
    """A number of the file; one that no column could hold stays a text, which its record's reader
    judges.
    """
    return int(figures) if len(figures) <= MOST_FIGURES else figures
