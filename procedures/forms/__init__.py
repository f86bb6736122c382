"""Forms of the catalogue: public search, the controller's readings, dates, bulk acts."""

from collections.abc import Container, Iterable, Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms

from onestop.forms import NAME, WORDS, TextField, day_field
from onestop.layout import Part, laid, line
from onestop.texts import MOST_ID, whole_number
from onestop.worktime import TermError, parse_term
from procedures.domain.confirming import Readings
from procedures.domain.left_out import is_left_out
from procedures.domain.questions import Question
from procedures.models import Case, ProcedureVersion, SupplementMode

OTHER = "khac"
MOST_FEE = 9_999_999_999


class CatalogueSearch(forms.Form):
    """The public search; every part may be missing."""

    q = forms.CharField(
        label="Tìm thủ tục",
        required=False,
        max_length=200,
        help_text="Tên hoặc mã, có dấu hay không dấu đều được",
    )
    linh_vuc = forms.IntegerField(label="Lĩnh vực", required=False, min_value=1, max_value=MOST_ID)
    sau = forms.CharField(required=False, max_length=40)


class BoardSearch(forms.Form):
    """Whose notice board."""

    q = forms.CharField(
        label="Tìm Bộ phận Một cửa",
        required=False,
        max_length=100,
        help_text="Tên xã, phường, cơ quan; có dấu hay không dấu đều được",
    )

    helper = laid("q")


def read_term_field(text: str) -> str:
    """Canonical text of a typed term; the term's own sentence as the form's error."""
    try:
        return str(parse_term(text))
    except TermError as error:
        raise forms.ValidationError(str(error)) from error


class PublicationForm(forms.Form):
    """The decision that publishes: number, signing, first day in force."""

    decision = TextField(
        says=WORDS,
        label="Số quyết định công bố",
        max_length=100,
        error_messages={"required": "Hãy ghi số quyết định, ví dụ 12/QĐ-UBND."},
    )
    signed = day_field("Ngày ký", required=True)
    effective = day_field("Có hiệu lực từ", required=True)

    helper = laid(line("decision", "signed", "effective"))

    def __init__(self, *args: Any, on: date | None = None, **kwargs: Any) -> None:
        """`on`: today, which no decision is signed after."""
        super().__init__(*args, **kwargs)
        self.on = on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("signed") and self.on is not None and data["signed"] > self.on:
            self.add_error("signed", "Ngày ký không thể sau hôm nay.")
        if data.get("signed") and data.get("effective") and data["effective"] < data["signed"]:
            self.add_error("effective", "Ngày hiệu lực không thể trước ngày ký.")
        return data


class DatesForm(PublicationForm):
    """The same for the unverified versions that were picked."""

    version = forms.TypedMultipleChoiceField(
        coerce=int, label="Thủ tục", error_messages={"required": "Hãy chọn ít nhất một thủ tục."}
    )

    def __init__(self, *args: Any, versions: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = [(version_id, str(version_id)) for version_id in versions]  # type: ignore[attr-defined]


MODE_WORDS = (
    (SupplementMode.RESTART, "tính lại từ đầu khi nhận đủ (mặc định)"),
    (
        SupplementMode.PAUSE,
        "tạm dừng trong lúc chờ, tính tiếp khi nhận đủ (khi pháp luật chuyên ngành quy định, phải ghi căn cứ)",
    ),
)


def mode_field(*, required: bool) -> forms.TypedChoiceField:
    """What completion does to the term, in plain words."""
    return forms.TypedChoiceField(
        label="Khi hồ sơ phải bổ sung, thời hạn",
        choices=MODE_WORDS,
        coerce=lambda value: SupplementMode(int(value)),
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn một cách tính."},
    )


class ModeForm(forms.Form):
    """The same for a published version, with its basis."""

    version = forms.TypedChoiceField(
        label="Phiên bản",
        coerce=int,
        error_messages={"invalid_choice": "Hãy chọn một phiên bản đã công bố."},
    )
    mode = mode_field(required=True)
    basis = TextField(says=WORDS,
        label="Căn cứ", max_length=500, help_text="Văn bản quy định cách tính này: số, ký hiệu, điều, khoản",
        error_messages={"required": "Hãy ghi văn bản quy định cách tính này."},
    )  # fmt: skip

    helper = laid("version", "mode", "basis")

    def __init__(self, *args: Any, versions: Sequence[ProcedureVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (one.pk, f"phiên bản {one.number}, hiệu lực từ {one.effective_from:%d/%m/%Y}")
            for one in versions
        ]
        self.fields["version"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["version"].widget = forms.HiddenInput()
        if versions:
            self.initial = {"version": versions[0].pk, "mode": versions[0].supplement_mode}


class ConfirmForm(forms.Form):
    """A controller's reading of one version. Fields: term_<key>, other_<key>, fee_<key>;
    name_<case>, out_<case>; mode; note.
    """

    # What is asked once, after the questions.
    parts_after: tuple[str, ...] = ("mode", "note")

    mode = mode_field(required=True)
    note = TextField(
        says=WORDS,
        label="Căn cứ",
        required=False,
        max_length=500,
        help_text="Văn bản nêu thời hạn, nếu có",
    )

    def __init__(
        self, *args: Any, version: ProcedureVersion, questions: Sequence[Question], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["mode"] = version.supplement_mode
        self.version = version
        self.questions = questions
        self.cases = list(dict.fromkeys(question.case for question in questions))
        self.use_required_attribute = False  # a typed term of one's own stands for a chosen one
        self.first: dict[Case, Question] = {}
        for question in questions:
            self.first.setdefault(question.case, question)
            self._ask(question)
        self._ask_every()
        if questions:
            self.fields[f"term_{questions[0].key}"].widget.attrs["autofocus"] = True
        if len(self.cases) > 1:
            for case in self.cases:
                self.fields[f"name_{case.pk}"] = TextField(
                    says=NAME,
                    label="Tên trường hợp",
                    max_length=500,
                    initial=case.name,
                    required=not self._is_out(case),
                    error_messages={
                        "required": "Hãy đặt tên trường hợp, hoặc đánh dấu không dùng."
                    },
                )
                self.fields[f"out_{case.pk}"] = forms.BooleanField(
                    label="Không dùng ở cơ quan này", required=False
                )

    def _ask_every(self) -> None:
        """Where the ways of a case are asked one by one: the first answer may stand for all."""
        for case in self.cases:
            if sum(question.case == case for question in self.questions) > 1:
                self.fields[f"every_{case.pk}"] = forms.BooleanField(
                    label="Áp dụng thời hạn này cho mọi cách nộp"
                    + (" của trường hợp" if len(self.cases) > 1 else ""),
                    required=False,
                )

    def _is_out(self, case: Case) -> bool:
        return bool(self.data.get(f"out_{case.pk}"))

    def _follows(self, question: Question) -> bool:
        """Whether the answer to the first way of its case stands for this one."""
        every = bool(self.data.get(f"every_{question.case.pk}"))
        return every and self.first[question.case] is not question

    def _ask(self, question: Question) -> None:
        key = question.key
        choices = [
            (one.term, f"{one.term} – {one.why}" if one.why else one.term)
            for one in question.proposals
        ]
        choices.append((OTHER, "thời hạn khác, ghi ở ô dưới"))
        label = f"Thời hạn ({question.channels})"
        self.fields[f"term_{key}"] = forms.ChoiceField(
            label=label,
            choices=choices,
            widget=forms.RadioSelect,
            required=not (
                self._is_out(question.case)
                or self._follows(question)
                or self.data.get(f"other_{key}")
            ),
            error_messages={"required": "Hãy chọn hoặc ghi thời hạn."},
        )
        self.fields[f"other_{key}"] = forms.CharField(
            label="Thời hạn khác",
            required=False,
            max_length=60,
            help_text="Ví dụ: 5 ngày làm việc, 10 ngày, trong ngày",
        )
        if question.needs_fee:
            self.fields[f"fee_{key}"] = forms.CharField(
                label="Phí, lệ phí (đồng)",
                required=False,
                max_length=20,
                initial=question.fee_before,
                help_text="Để trống: người tiếp nhận ghi mức thu kèm lý do",
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kept = [case for case in self.cases if not data.get(f"out_{case.pk}")]
        if not kept:
            raise forms.ValidationError("Phải giữ lại ít nhất một trường hợp.")
        for question in self.questions:
            if question.case in kept:
                self._clean_question(question, data)
        if len(kept) > 1:
            self._clean_names(kept, data)
        return data

    def _clean_question(self, question: Question, data: dict[str, Any]) -> None:
        key = question.key
        if self._follows(question):
            data[f"term_{key}"] = data.get(f"term_{self.first[question.case].key}") or ""
        else:
            self._clean_term(question, data)
        fee = str(data.get(f"fee_{key}") or "").strip()
        if fee:
            try:
                data[f"fee_{key}"] = read_amount(fee)
            except forms.ValidationError as error:
                self.add_error(f"fee_{key}", error)

    def _clean_term(self, question: Question, data: dict[str, Any]) -> None:
        key = question.key
        other, chosen = (
            str(data.get(f"other_{key}") or "").strip(),
            str(data.get(f"term_{key}") or ""),
        )
        if chosen and chosen != OTHER and other and not self._is_default(question, chosen):
            self.add_error(
                f"other_{key}",
                "Đã chọn một cách đọc ở trên. Hãy bỏ trống ô này hoặc chọn “thời hạn khác”.",
            )
        elif other:
            try:
                data[f"term_{key}"] = read_term_field(other)
            except forms.ValidationError as error:
                self.add_error(f"other_{key}", error)
        elif chosen == OTHER:
            self.add_error(f"other_{key}", "Hãy ghi thời hạn, ví dụ: 5 ngày làm việc.")

    def _is_default(self, question: Question, chosen: str) -> bool:
        """Whether the page chose this by itself: then what was typed is what is meant."""
        return False

    def _clean_names(self, kept: list[Case], data: dict[str, Any]) -> None:
        seen: set[str] = set()
        for case in kept:
            name = str(data.get(f"name_{case.pk}") or "").strip()
            if name and name.casefold() in seen:
                self.add_error(f"name_{case.pk}", "Các trường hợp phải có tên khác nhau.")
            seen.add(name.casefold())

    @property
    def helper(self) -> FormHelper:
        """Each case with its questions; its name and whether it is left out where there are
        several.
        """
        parts = []
        for case in self.cases:
            named = [line(f"name_{case.pk}", f"out_{case.pk}")] if len(self.cases) > 1 else []
            asked = [row for row in self.questions if row.case == case]
            drawn = [_question(row, self.fields, self.first[case]) for row in asked]
            parts.append(Div(*named, *drawn, css_class="panel"))
        return laid(*parts, *self.parts_after)

    def fee_of(self, question: Question) -> dict[int, int | None]:
        """What was typed, by row; nothing where nothing was."""
        said = self.cleaned_data.get(f"fee_{question.key}")
        return {one.pk: said for one in question.methods} if isinstance(said, int) else {}

    def readings(self) -> Readings:
        """What the verb wants, from a valid form."""
        data = self.cleaned_data
        out = {case.pk for case in self.cases if data.get(f"out_{case.pk}")}
        aside = {case.pk for case in self.cases if is_left_out(case)}
        asked = [
            (question, method)
            for question in self.questions
            if question.case.pk not in out
            for method in question.methods
        ]
        return Readings(
            terms={method.pk: data[f"term_{question.key}"] for question, method in asked},
            fees={
                pk: fee
                for question in self.questions
                if question.case.pk not in out
                for pk, fee in self.fee_of(question).items()
            },
            case_names={
                case.pk: data[f"name_{case.pk}"]
                for case in self.cases
                if data.get(f"name_{case.pk}")
            },
            left_out=frozenset(out - aside),
            back=frozenset(aside - out),
            mode=data.get("mode"),
        )


def _question(question: Question, asked: Container[str], first: Question) -> Layout:
    """What the national database says, and how it is to be read."""
    key = question.key
    answers = [f"other_{key}", *([f"fee_{key}"] if f"fee_{key}" in asked else [])]
    facts = Part("procedures/control/_question.html", question=question)
    every = f"every_{question.case.pk}"
    more = [every] if every in asked and first is question else []
    return Layout(facts, f"term_{key}", line(*answers), *more)


def read_amount(text: str) -> int:
    """Đồng as people type it: 70000, 70.000, 70.000đ."""
    plain = text.casefold().removesuffix("đồng").removesuffix("đ").replace(".", "").replace(" ", "")
    amount = whole_number(plain, most=MOST_FEE)
    if amount is None:
        raise forms.ValidationError("Mức phí phải là số tiền, ví dụ 70.000.")
    return amount
