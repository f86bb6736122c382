"""What an .xlsx holds, read from its XML: value and kind of each cell."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

_NAME = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cell = tuple[str, str]


def sheet(content: bytes, number: int) -> list[dict[str, Cell]]:
    """The rows of a sheet: kind ("s" text, "n" number, "f" formula) and value by column letter."""
    with ZipFile(BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    return [dict(_cell(cell) for cell in row) for row in root.iter(f"{_NAME}row")]


def _cell(cell: ElementTree.Element) -> tuple[str, Cell]:
    column = re.sub(r"\d", "", cell.attrib["r"])
    if cell.find(f"{_NAME}f") is not None:
        return column, ("f", "")
    text = "".join(one.text or "" for one in cell.iter(f"{_NAME}t"))
    value = cell.find(f"{_NAME}v")
    kind = "s" if cell.attrib.get("t") == "inlineStr" else "n"
    return column, (kind, text if kind == "s" else (value.text or "") if value is not None else "")
