"""The Vietnamese sentences of the catalogue's errors and denials."""

from onestop.errors import SENTENCES

SENTENCES.update(
    {
        "procedures.published": "Phiên bản thủ tục đã công bố không sửa được. Hãy nhập bản ghi mới: hệ thống lập phiên bản mới.",
    }
)
