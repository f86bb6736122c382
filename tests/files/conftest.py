"""Real bytes of each kind, small."""

import io
import zipfile

import pytest
from PIL import Image

from tests.samples import PDF


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, kind)
    return out.getvalue()


def archive(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in members.items():
            path = name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin")
            file.writestr(zipfile.ZipInfo(path), text)  # no time of today in it
    return out.getvalue()


@pytest.fixture(scope="session")
def samples() -> dict[str, bytes]:
    """A valid file of each taken kind, by its extension."""
    return {
        "pdf": PDF,
        "jpg": picture("JPEG"),
        "jpeg": picture("JPEG"),
        "png": picture("PNG"),
        "tif": picture("TIFF"),
        "docx": archive(word__document_xml="<w/>"),
        "xlsx": archive(xl__workbook_xml="<x/>"),
        "odt": archive(mimetype="application/vnd.oasis.opendocument.text", content_xml="<o/>"),
    }


@pytest.fixture(autouse=True)
def _own_storage(each_store: str) -> None:
    """Whatever is proven of files is proven of both stores."""
