"""The rows of the catalogue whose every change is noted (onestop.changes)."""

from onestop.changes.domain import keep
from procedures.models import (
    Answer,
    Case,
    CatalogueAct,
    Field,
    FocalPoint,
    ImportRun,
    InternalProcess,
    ListDecision,
    ListLine,
    Method,
    Paper,
    Procedure,
    ProcedureTexts,
    ProcedureVersion,
    Step,
    Unpublished,
    VersionSource,
)


def keep_all() -> None:
    keep(Field, "lĩnh vực", open_text=("name",))
    keep(Procedure, "thủ tục", open_text=("code",))
    keep(
        ProcedureVersion,
        "phiên bản thủ tục",
        aside={"initial_runs": "worked out from the initials, for the search alone"},
        open_text=("name", "decision_number", "content_hash"),
    )
    keep(VersionSource, "bản ghi gốc của phiên bản thủ tục")
    keep(Case, "trường hợp của thủ tục", open_text=("name",))
    keep(Method, "cách thức thực hiện", open_text=("term", "fee_per"))
    keep(Paper, "thành phần hồ sơ", open_text=("name",))
    keep(Answer, "câu trả lời chung cho nhiều thủ tục", open_text=("what", "text", "reading"))
    keep(CatalogueAct, "việc đã làm với danh mục thủ tục")
    keep(ImportRun, "lần nhập danh mục", open_text=("what", "file_name", "sha256"))
    keep(
        InternalProcess,
        "quy trình nội bộ",
        open_text=("procedure_code", "decision", "case_name", "edition", "iso_link"),
    )
    keep(Step, "bước của quy trình nội bộ", open_text=("actor", "task"))
    keep(FocalPoint, "đầu mối kiểm soát thủ tục", open_text=("decision",))
    keep(ProcedureTexts, "nội dung của thủ tục", open_text=("steps", "requirements"))
    keep(
        Unpublished,
        "thủ tục chưa công bố",
        open_text=("basis", "title", "issuer", "published_by_decision"),
    )
    keep(
        ListDecision,
        "quyết định công bố danh mục",
        open_text=("number", "about", "signer", "no_file_reason"),
    )
    keep(
        ListLine,
        "dòng của danh mục công bố",
        open_text=(
            "why_not",
            "online_why",
            "handled_by",
            "coordinated_by",
            "decided_by",
            "shortened",
            "note",
        ),
    )
