"""The rows of dossiers that belong to no dossier and whose every change is noted (onestop.changes)."""

from dossiers.models import (
    AnsweredRound,
    CounterVisit,
    OfficeDecision,
    OfficeSettings,
    OnlineFiling,
    OnlineList,
    OnlineSource,
    PartnerCounter,
    PartnerOffice,
    PartnerOfficer,
    Slip,
    SlipPrint,
)
from dossiers.models.agreeing import Agreement
from dossiers.models.banking import BankAccount
from dossiers.models.elsewhere import Outage, PaperPack
from dossiers.models.envelopes import Envelope, EnvelopeSlip
from dossiers.models.guiding import GuidanceApproval
from dossiers.models.helping import OnlineHelp, OwnAccount
from dossiers.models.money import CashCount, CashHandOver, ReceiptSeries, SpoiledReceipt
from dossiers.models.outgoing import HeldNumber
from dossiers.models.payments import BankStatement, Payment
from dossiers.models.post import PostalLine, PostalNote
from dossiers.models.registers import RegisterMark
from dossiers.models.sent import SentPapers, SentTakenBack
from dossiers.models.voiding import VoidRequest
from onestop.changes.domain import keep
from onestop.files.models import Attachment

# Files that no event of a dossier tells.
FILES = ("slip", "visit")


def keep_all() -> None:
    keep(OfficeSettings, "thiết lập của Bộ phận Một cửa", open_text=("code_pattern",))
    keep(OfficeDecision, "quyết định của cơ quan", open_text=("value",))
    keep(Agreement, "yêu cầu bổ sung trình người duyệt")
    keep(GuidanceApproval, "hướng dẫn bổ sung lần nữa trình người duyệt")
    keep(RegisterMark, "việc mở quyển, khóa sổ theo dõi hồ sơ")
    keep(VoidRequest, "đề nghị hủy tiếp nhận trình người duyệt")
    keep(Envelope, "hồ sơ nộp tập thể")
    keep(EnvelopeSlip, "giấy tiếp nhận của lần nộp tập thể")
    keep(HeldNumber, "số văn bản đi được giữ", open_text=("kind",))
    keep(
        ReceiptSeries,
        "quyển biên lai",
        open_text=("name", "form_symbol", "symbol", "provider", "tax_code"),
        aside={"given": "every number up to it has its receipt, or stands as spoiled (numbers.py)"},
    )
    keep(SpoiledReceipt, "biên lai hỏng, mất")
    keep(CashHandOver, "tiền mặt giao giữa người thu")
    keep(CashCount, "lần chốt quỹ")
    keep(BankStatement, "sao kê ngân hàng", open_text=("sha256",))
    keep(Payment, "khoản tiền đến", open_text=("source", "reference", "code"))
    keep(BankAccount, "tài khoản nhận phí, lệ phí", open_text=("bank", "number", "holder"))
    keep(PostalNote, "biên bản giao nhận với bưu chính", open_text=("office",))
    keep(PostalLine, "dòng của biên bản nhận hồ sơ từ bưu chính", open_text=("number", "code"))
    keep(PaperPack, "gói biểu mẫu ngày giấy")
    keep(Outage, "sự cố phải làm trên giấy")
    keep(SlipPrint, "lần in phiếu")
    keep(OnlineSource, "nguồn hồ sơ trực tuyến", open_text=("name", "code_pattern"))
    keep(
        PartnerOffice,
        "đơn vị gửi hộ",
        aside={"handed": "every number up to it stands in the code of a filing"},
    )
    keep(PartnerCounter, "nơi nhận của đơn vị gửi hộ")
    keep(PartnerOfficer, "nhân viên của đơn vị gửi hộ")
    keep(OnlineList, "danh sách của Cổng", open_text=("sha256",))
    keep(
        OnlineFiling,
        "hồ sơ nộp trực tuyến chờ tiếp nhận",
        open_text=("code",),
        aside={
            "soon_flagged": "set by the scheduler when it has told somebody",
            "late_flagged": "set by the scheduler when it has told somebody",
        },
    )
    keep(AnsweredRound, "lượt trả lời đã qua của hồ sơ nộp trực tuyến")
    keep(SentPapers, "bổ sung gửi trực tuyến")
    keep(SentTakenBack, "tệp bổ sung người nộp lấy lại", open_text=("sha256",))
    keep(OnlineHelp, "lượt hỗ trợ nộp trực tuyến", open_text=("source_code",))
    keep(OwnAccount, "tài khoản nộp của cán bộ, cơ quan")
    keep(
        CounterVisit,
        "lượt tiếp không thành hồ sơ",
        aside={"dossier_id": "stands in the event of the dossier that followed"},
    )
    keep(
        Slip,
        "phiếu của lượt tiếp, của lần nộp tập thể",
        only={"dossier_id": None},
        open_text=("slug", "sha256"),
        aside={
            "snapshot": "its sha256 is told, and compared whenever the slip is drawn or verified",
            "pdf_id": "made by the worker afterwards; the file must name this slip",
        },
    )
    keep(
        Attachment,
        "tệp",
        only={"kind__in": FILES},
        open_text=("kind", "content_type", "sha256"),
    )
