"""How the counter's page stands: one column in the order the clerk talks to the citizen."""

from crispy_forms.layout import Div, Fieldset

from dossiers.forms.intake_papers import PaperRows
from onestop.layout import Fold, Part, laid, line

OWNER = Fieldset(
    "Chủ hồ sơ",
    line(
        "identity_kind",
        Div("identity_number", Part("dossiers/intake/_find.html"), css_class="with-button"),
        Part("dossiers/intake/_identity_word.html", oob=False),
        css="fields-identity",
    ),
    line("owner_name", "owner_kind", css="fields-owner"),
    "address",
    line("phone", "email"),
    Part("dossiers/intake/_phone_word.html"),
    # Below what is typed first: it opens by itself when a number is odd, and moves no field above.
    Fold(
        "Số giấy tờ không đúng định dạng hoặc chưa có số: ghi lý do",
        "identity_note",
        errors_of=("identity_number", "phone", "submitter_identity", "submitter_phone"),
        when=lambda page: bool(page["s"].needs_reason),
        css_id="so-khac-mau",
    ),
    Fold(
        "Người khác nộp thay (được ủy quyền)",
        line("submitter_name", "authorisation", "submitter_identity", "submitter_phone"),
    ),
    css_class="panel",
    css_id="chu-ho-so",
)
CONTENT = Fieldset(
    "Nội dung và trả kết quả",
    line("summary", "sets", css="fields-summary"),
    line("return_by_post", "kiosk", "out_of_area"),
    css_class="panel",
    css_id="noi-dung-yeu-cau",
)
LAYOUT = laid(
    Part("dossiers/intake/_elsewhere.html"),
    Part("dossiers/intake/_case.html"),
    Part("dossiers/intake/_channels.html"),
    OWNER,
    PaperRows(),
    Part("dossiers/intake/_files.html"),
    Part("dossiers/intake/_fee.html"),
    CONTENT,
    Part("dossiers/intake/_not_received.html"),
)
