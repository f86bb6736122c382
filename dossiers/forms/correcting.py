"""What the counter puts right: the fields of the reception, as they stand, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from dossiers.acts.correcting import Corrected, assessed, problems
from dossiers.forms.fields import reason_field
from dossiers.forms.intake import IDENTITY_LABELS, AskedChoice, part, plain, text_field
from dossiers.forms.intake_papers import COUNTS, MOST, PaperRow, papers_in
from dossiers.intake.assessing import published
from dossiers.intake.brought import Person, SubmitterIn
from dossiers.models.dossier import OwnerKind
from onestop.errors import say
from onestop.forms import NAME, WORDS
from onestop.layout import Part, laid, line
from onestop.texts import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from dossiers.models import Dossier, DossierPaper, Submitter
    from procedures.models import Case

_PAPERS = Part("dossiers/acts/_correct_papers.html")
_OF_SUBMITTER = ("submitter_name", "submitter_identity", "submitter_phone", "authorisation")


class CorrectForm(forms.Form):
    """As it stands at first; who brought it is asked of where there was somebody."""

    use_required_attribute = False

    owner_name = text_field("Họ tên chủ hồ sơ", 200, says=NAME, asked=True, autocapitalize="words")
    owner_kind = AskedChoice(label="Chủ hồ sơ là", choices=OwnerKind.choices)
    identity_kind = AskedChoice(label="Loại giấy tờ", choices=list(IDENTITY_LABELS.items()))
    identity_number = text_field("Số giấy tờ", 30, asked=True, spellcheck="false")
    identity_note = text_field("Lý do chấp nhận số giấy tờ không đúng định dạng", 200, says=WORDS)
    phone = text_field("Điện thoại", 20, inputmode="tel")
    email = text_field("Thư điện tử", 254, inputmode="email")
    address = text_field("Địa chỉ", 300, says=WORDS)
    submitter_name = text_field("Họ tên người nộp thay", 200, says=NAME, autocapitalize="words")
    submitter_identity = text_field("Số căn cước/hộ chiếu của người nộp", 30)
    submitter_phone = text_field("Điện thoại người nộp", 20, inputmode="tel")
    authorisation = text_field("Văn bản ủy quyền", 200, says=WORDS)
    summary = text_field("Nội dung yêu cầu giải quyết", 500, says=WORDS)
    sets = text_field("Số bộ hồ sơ", 14, asked=True, inputmode="numeric")
    papers = part("Giấy tờ đã nộp", "giay-to")
    reason = reason_field(
        "Lý do đính chính", limit=500, rows=2, help_text="Ví dụ: gõ nhầm số nhà so với tờ khai."
    )

    def __init__(
        self,
        data: Any = None,
        *,
        dossier: Dossier,
        case: Case,
        submitter: Submitter | None,
        brought: Iterable[DossierPaper],
        now: datetime,
    ) -> None:
        super().__init__(data, initial=_as_it_stands(dossier, submitter))
        self.dossier, self.case, self.now = dossier, case, now
        if submitter is None:
            for name in _OF_SUBMITTER:
                del self.fields[name]
        self.rows = _rows(case, brought, self.data if self.is_bound else None)

    @property
    def helper(self) -> Any:
        of_submitter = [line(*_OF_SUBMITTER[:3]), "authorisation"]
        return laid(
            line("owner_name", "owner_kind"),
            line("identity_kind", "identity_number"),
            "identity_note",
            "address",
            line("phone", "email"),
            *(of_submitter if "submitter_name" in self.fields else ()),
            line("summary", "sets"),
            _PAPERS,
            "reason",
        )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name, value in data.items():
            most = getattr(self.fields[name], "most", None)
            if most is not None and isinstance(value, str):
                data[name] = plain(value)
                if len(data[name]) > most:
                    self.add_error(name, say("too_long", {"most": most}))
        if not whole_number(data.get("sets") or "", most=99):
            self.add_error("sets", say("sets_unreadable"))
        for row in self.rows:
            if row.error:
                self.add_error("papers", row.error)
        unread = frozenset(self.errors)
        found = assessed(self.dossier, self.case, self.value, at=self.now)
        for problem in problems(self.dossier, found):
            if problem.field not in unread:
                field = problem.field if problem.field in self.fields else None
                self.add_error(field, say(problem.code, problem.data))
        return data

    @property
    def value(self) -> Corrected:
        data = self.cleaned_data
        owner = Person(
            name=data.get("owner_name") or "",
            kind=data.get("owner_kind") or self.dossier.owner_kind,
            identity_kind=data.get("identity_kind") or self.dossier.identity_kind,
            identity_number=data.get("identity_number") or "",
            identity_note=data.get("identity_note") or "",
            phone=data.get("phone") or "",
            email=data.get("email") or "",
            address=data.get("address") or "",
        )
        sets = whole_number(data.get("sets") or "", most=99) or self.dossier.sets
        return Corrected(
            owner, self._submitter(), papers_in(self.rows), data.get("summary") or "", sets
        )

    def _submitter(self) -> SubmitterIn | None:
        if "submitter_name" not in self.fields:
            return None
        told = [self.cleaned_data.get(name) or "" for name in _OF_SUBMITTER]
        name, identity, phone, authorisation = told
        return SubmitterIn(name, authorisation, identity, phone)


def _as_it_stands(dossier: Dossier, submitter: Submitter | None) -> dict[str, Any]:
    names = (
        "owner_name", "owner_kind", "identity_kind", "identity_number", "identity_note", "phone", "email",
        "address", "summary", "sets",
    )  # fmt: skip
    found = {name: getattr(dossier, name) for name in names}
    if submitter is not None:
        found |= {
            "submitter_name": submitter.name,
            "submitter_identity": submitter.identity_number,
            "submitter_phone": submitter.phone,
            "authorisation": submitter.authorisation,
        }
    return found


def _rows(case: Case, brought: Iterable[DossierPaper], data: Any) -> list[PaperRow]:
    """Every paper of the case with its counts as they stand, or as they were typed."""
    known = {row.paper_id: row for row in brought}
    return [_row(paper, known.get(paper.pk), data) for paper in published(case)]


def _row(paper: Any, row: DossierPaper | None, data: Any) -> PaperRow:
    if data is not None and f"g{paper.pk}-o" in data:
        o, c, s = ((data.get(f"g{paper.pk}-{suffix}") or "").strip() for suffix, _ in COUNTS)
        found = PaperRow(paper, (o, c, s), from_database=bool(data.get(f"g{paper.pk}-d")))
        if any(t and whole_number(t, most=MOST) is None for t in found.typed):
            found.error = say("count_unreadable")
        return found
    if row is None:
        return PaperRow(paper, ("", "", ""))
    o, c, s = (str(n) if n else "" for n in (row.originals, row.certified, row.copies))
    return PaperRow(paper, (o, c, s), from_database=row.from_database)
