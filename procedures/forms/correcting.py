"""The forms of what is put right: a version confirmed anew, one answer to many questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms

from onestop.errors import say
from onestop.forms import WORDS, TextField
from onestop.layout import Part, laid, line
from onestop.texts import MOST_ID
from procedures.asked_of import AskedOf
from procedures.conditions import read, words_of
from procedures.domain.correcting_papers import Said
from procedures.domain.groups import FEE, OWN, TERM, Asked
from procedures.domain.groups import Question as Group
from procedures.domain.left_out import is_left_out
from procedures.domain.questions import Question
from procedures.forms import OTHER, ConfirmForm, read_amount, read_term_field
from procedures.models import Case, Paper, ProcedureVersion
from procedures.reading import Proposal

LEFT_OUT = "Đang không dùng. Bỏ dấu để dùng lại, rồi chọn thời hạn, đặt tên."
# One of them is always chosen: in a form also what is not said has a word.
AS_READ = "nhu-doc"
_ASKED = [(value or AS_READ, words) for value, words in AskedOf.choices]
KINDS = ((TERM, "thời hạn"), (OWN, "xem riêng từng thủ tục"), (FEE, "phí, lệ phí"))


def reason_field(label: str, help_text: str, required: str) -> TextField:
    return TextField(
        says=WORDS,
        label=label,
        max_length=500,
        help_text=help_text,
        error_messages={"required": required},
    )


class CorrectForm(ConfirmForm):
    """A published version's reading, as it stands, to be put right. Fields as ConfirmForm's."""

    parts_after = ("note",)
    note = reason_field(
        "Lý do, căn cứ",
        "Vì sao xác nhận lại: chỗ sai và văn bản nêu thời hạn đúng",
        "Hãy ghi lý do xác nhận lại: hồ sơ thủ tục lưu lý do này.",
    )

    def __init__(
        self, *args: Any, version: ProcedureVersion, questions: Sequence[Question], **kwargs: Any
    ) -> None:
        super().__init__(*args, version=version, questions=questions, **kwargs)
        # What completion does to the term has an act of its own.
        del self.fields["mode"]
        for case in self.cases:
            if is_left_out(case):
                self.fields[f"out_{case.pk}"].initial = True
                self.fields[f"out_{case.pk}"].help_text = LEFT_OUT
        if sum(not self._is_out(case) for case in self.cases) == 1:
            # The only case of a version needs no name.
            for case in self.cases:
                if f"name_{case.pk}" in self.fields:
                    self.fields[f"name_{case.pk}"].required = False

    def _is_out(self, case: Case) -> bool:
        """As it stands now, until something else is said."""
        return super()._is_out(case) if self.is_bound else is_left_out(case)

    def _is_default(self, question: Question, chosen: str) -> bool:
        return chosen == question.methods[0].term

    def _ask(self, question: Question) -> None:
        now = question.methods[0].term
        super()._ask(question)
        self.initial[f"term_{question.key}"] = now
        # One of them is always chosen: what is published, until something else is said.
        self.fields[f"term_{question.key}"].required = not self._is_out(question.case)
        fee = question.methods[0].fee_amount
        self.fields[f"fee_{question.key}"] = forms.CharField(
            label="Phí, lệ phí (đồng)",
            required=False,
            max_length=20,
            initial="" if fee is None else fee,
            help_text="Để trống: người tiếp nhận ghi mức thu kèm lý do",
        )

    def fee_of(self, question: Question) -> dict[int, int | None]:
        said = self.cleaned_data.get(f"fee_{question.key}")
        fee = said if isinstance(said, int) else None
        return {method.pk: fee for method in question.methods}


class PapersForm(forms.Form):
    """Of whom each line of a published list is asked. Fields by the place of the line: asked_<n>,
    situation_<n>; note.
    """

    note = reason_field(
        "Lý do, căn cứ",
        "Chỗ đọc sai và văn bản nêu đúng ai phải nộp",
        "Hãy ghi lý do: hồ sơ thủ tục lưu lý do này.",
    )

    def __init__(self, *args: Any, papers: Sequence[Paper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [
            (paper, words)
            for paper, words in zip(papers, words_of(read(papers)), strict=True)
            if not paper.is_note
        ]
        for paper, _ in self.lines:
            self.fields[f"asked_{paper.order}"] = forms.ChoiceField(
                label="Ai phải nộp",
                choices=_ASKED,
                initial=paper.asked_of or AS_READ,
            )
            self.fields[f"situation_{paper.order}"] = TextField(
                says=WORDS,
                label="Tên trường hợp",
                required=False,
                max_length=200,
                initial=paper.situation,
                help_text="Chỉ khi chọn “theo trường hợp”",
            )

    @property
    def helper(self) -> FormHelper:
        parts = [
            Div(
                Part("procedures/control/_paper.html", paper=paper, words=words),
                line(f"asked_{paper.order}", f"situation_{paper.order}"),
                css_class="panel",
            )
            for paper, words in self.lines
        ]
        return laid(*parts, "note")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for paper, _ in self.lines:
            asked = data.get(f"asked_{paper.order}")
            name = f"situation_{paper.order}"
            if asked == AskedOf.SITUATION and not data.get(name) and name not in self.errors:
                self.add_error(name, say("procedures.situation_missing"))
            elif data.get(name) and asked != AskedOf.SITUATION:
                self.add_error(name, "Đã ghi tên trường hợp: hãy chọn “theo trường hợp”.")
        return data

    def said(self) -> dict[int, Said]:
        """What the verb wants, from a valid form."""
        data = self.cleaned_data
        return {
            paper.order: Said(
                AskedOf(data[f"asked_{paper.order}"].removeprefix(AS_READ)),
                data.get(f"situation_{paper.order}") or "",
            )
            for paper, _ in self.lines
        }


class QuestionFilter(forms.Form):
    """Filters of the list of questions, kept in the address; what cannot be read is not asked."""

    q = forms.CharField(label="Tìm", required=False, max_length=200)
    linh_vuc = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    loai = forms.ChoiceField(required=False, choices=KINDS)
    thoi_han = forms.CharField(required=False, max_length=300, strip=False)
    ho_so = forms.ChoiceField(required=False, choices=[("co", "đã nhận"), ("khong", "chưa nhận")])

    def asked(self) -> Asked:
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        received = {"co": True, "khong": False}.get(data.get("ho_so") or "")
        return Asked(
            data.get("linh_vuc"),
            data.get("loai") or "",
            data.get("q") or "",
            received,
            data.get("thoi_han") or "",
        )


class AnswerForm(forms.Form):
    """One answer for the procedures of one question that stay ticked."""

    version = forms.TypedMultipleChoiceField(
        coerce=int, label="Thủ tục", error_messages={"required": "Hãy chọn ít nhất một thủ tục."}
    )
    note = reason_field(
        "Căn cứ",
        "Văn bản nêu thời hạn hoặc mức thu này",
        "Hãy ghi căn cứ: văn bản nêu thời hạn hoặc mức thu này.",
    )

    def __init__(self, *args: Any, versions: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [(one, str(one)) for one in versions]  # type: ignore[attr-defined]
        self.use_required_attribute = False


class TermAnswer(AnswerForm):
    """What the same words of many records mean."""

    choice = forms.ChoiceField(
        label="Thời hạn",
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn hoặc ghi thời hạn, ví dụ: trong ngày."},
    )
    term = forms.CharField(
        label="Thời hạn khác",
        required=False,
        max_length=60,
        help_text="Ví dụ: 5 ngày làm việc, 10 ngày, trong ngày, trả ngay",
    )
    helper = laid("choice", line("term", "note"))

    def __init__(self, *args: Any, group: Group | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposals: list[Proposal] = group.proposals() if group is not None else []
        # A typed term stands for a chosen one.
        self.fields["choice"].required = not self.data.get("term", "").strip()
        choices = [
            (one.term, f"{one.term} – {one.why}" if one.why else one.term) for one in self.proposals
        ]
        self.fields["choice"].choices = [*choices, (OTHER, "thời hạn khác, ghi ở ô dưới")]  # type: ignore[attr-defined]
        self.fields["choice" if choices else "term"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen, other = str(data.get("choice") or ""), str(data.get("term") or "").strip()
        if chosen not in ("", OTHER) and other:
            self.add_error(
                "term", "Đã chọn một cách đọc ở trên. Hãy bỏ trống ô này hoặc chọn “thời hạn khác”."
            )
        elif not other and chosen == OTHER:
            self.add_error("term", "Hãy ghi thời hạn, ví dụ: 5 ngày làm việc.")
        elif other or chosen:
            try:
                data["term"] = read_term_field(other or chosen)
            except forms.ValidationError as error:
                self.add_error("term", error)
        return data


class FeeAnswer(AnswerForm):
    """What is charged where many records say it in the same unclear words."""

    fee = forms.CharField(
        label="Phí, lệ phí (đồng)",
        max_length=20,
        help_text="Ghi 0 nếu miễn phí",
        error_messages={"required": "Hãy ghi mức thu, ví dụ 8.000; ghi 0 nếu miễn phí."},
    )
    helper = laid(line("fee", "note"))

    def __init__(self, *args: Any, group: Group | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee"].widget.attrs["autofocus"] = True

    def clean_fee(self) -> int:
        return read_amount(self.cleaned_data["fee"])
