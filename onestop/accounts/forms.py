"""Forms of sign-in and of the administrator. A person's input always passes one of these."""

from datetime import date
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.core.exceptions import ValidationError

from onestop.accounts import passwords
from onestop.accounts.models import (
    AccessKind,
    Agency,
    AgencyKind,
    CalendarDay,
    CalendarYear,
    DayKind,
    Department,
    Level,
    Officer,
    Role,
    Substitution,
    WorkingWeek,
)
from onestop.errors import DomainError, sentence
from onestop.folding import fold
from onestop.forms import WORDS, NameField, TextField, day_field, text_fields
from onestop.layout import Fold, laid, line
from onestop.worktime import WEEKDAYS as NAMES
from onestop.worktime import parse_sessions

# At the head of a line.
WEEKDAYS = tuple(name[0].upper() + name[1:] for name in NAMES)


def add_refusal(form: forms.BaseForm, error: DomainError) -> None:
    """A refusal of the domain, said beside its field (or on top)."""
    form.add_error(error.field if error.field in form.fields else None, sentence(error))


class SignInForm(forms.Form):
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label="Mật khẩu",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    helper = laid("username", "password")


class PasswordForm(forms.Form):
    old = forms.CharField(
        label="Mật khẩu hiện tại",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="Mật khẩu mới",
        strip=False,
        max_length=200,
        help_text=passwords.HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Nhập lại mật khẩu mới",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    helper = laid("old", "new", "again")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "Hai lần nhập mật khẩu mới không giống nhau.")
        return data


class OfficerForm(forms.ModelForm[Officer]):
    """An account of one agency (given by the page); the department is one of that agency's."""

    helper = laid(line("full_name", "username", "title", "department", "email", "phone"))

    class Meta:
        model = Officer
        formfield_callback = text_fields
        fields: ClassVar = ["full_name", "username", "title", "department", "email", "phone"]
        field_classes: ClassVar = {"full_name": NameField}
        help_texts: ClassVar = {
            "username": "Mỗi người một tài khoản, ví dụ nguyenvanan. Chữ thường không dấu."
        }

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agency = agency
        self.fields["department"] = department_field(agency)

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class OfficerField(forms.ModelChoiceField[Officer]):
    """One of several people, each with title and department: read them with the rows."""

    def label_from_instance(self, obj: Officer) -> str:
        return obj.introduced


def department_field(agency: Agency) -> forms.ModelChoiceField[Department]:
    return forms.ModelChoiceField(
        Department.objects.filter(agency=agency, is_active=True),
        label="Phòng ban",
        required=False,
        empty_label="Chưa xếp phòng ban",
    )


class GrantForm(forms.Form):
    role = forms.ChoiceField(label="Vai trò", choices=Role.choices)
    department = forms.ModelChoiceField(Department.objects.none())
    valid_from = day_field("Từ ngày", required=True)
    valid_to = day_field("Đến hết ngày", required=False, help_text="Để trống nếu chưa biết.")
    certificate = TextField(
        says=WORDS, label="Số chứng nhận tập huấn", max_length=60, required=False,
        help_text="Chỉ của nhân viên bưu chính: được tập huấn để nhận hồ sơ thay cơ quan.",
    )  # fmt: skip
    certified_on = day_field("Ngày chứng nhận", required=False)

    helper = laid(
        line("role", "department", "valid_from", "valid_to"),
        Fold(
            "Chứng nhận tập huấn (bưu chính)", line("certificate", "certified_on"), css="more mb-3"
        ),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"] = department_field(agency)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class LeaverForm(forms.Form):
    successor = OfficerField(
        Officer.objects.none(),
        label="Người nhận bàn giao",
        required=False,
        empty_label="Chọn người nhận",
    )

    helper = laid("successor")

    def __init__(self, *args: Any, leaver: Officer, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        home = leaver.agency
        offices = [home, home.in_charge(on)] if home is not None else []
        people = Officer.objects.working().filter(agency__in=offices).exclude(pk=leaver.pk)
        field.queryset = people.select_related("department")


class SubstitutionForm(forms.ModelForm[Substitution]):
    from_date = day_field("Từ ngày", required=True)
    to_date = day_field("Đến hết ngày", required=True)

    helper = laid(line("absent", "substitute", "from_date", "to_date", "reason"))

    class Meta:
        model = Substitution
        formfield_callback = text_fields
        fields: ClassVar = ["absent", "substitute", "from_date", "to_date", "reason"]
        field_classes: ClassVar = {"absent": OfficerField, "substitute": OfficerField}

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("absent", "substitute"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            people = Officer.objects.working().filter(agency=agency)
            field.queryset = people.select_related("department")
            field.empty_label = "Chọn cán bộ"

    def _post_clean(self) -> None:
        """The verb checks what belongs together and says it in its own words."""


class AgencyForm(forms.ModelForm[Agency]):
    opened_on = day_field("Hoạt động từ ngày", required=False)
    closed_on = day_field(
        "Hoạt động đến hết ngày",
        required=False,
        help_text="Khi sáp nhập, giải thể. Ghi cơ quan kế thừa.",
    )
    parent = forms.ModelChoiceField(
        Agency.objects.none(),
        label="Cơ quan cấp trên (mã định danh)",
        required=False,
        to_field_name="code",
        widget=forms.TextInput,
    )
    successor = forms.ModelChoiceField(
        Agency.objects.all(),
        label="Cơ quan kế thừa (mã định danh)",
        required=False,
        to_field_name="code",
        widget=forms.TextInput,
    )

    class Meta:
        model = Agency
        formfield_callback = text_fields
        fields: ClassVar = [
            "name",
            "short_name",
            "code",
            "level",
            "kind",
            "parent",
            "dossier_code",
            "is_one_stop",
            "address",
            "phone",
            "email",
            "website",
            "province_name",
            "opened_on",
            "closed_on",
            "successor",
        ]
        field_classes: ClassVar = {"name": NameField, "short_name": NameField}

    def __init__(self, *args: Any, paths: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, nothing, known in (
            ("level", "Chọn cấp", Level),
            ("kind", "Chọn loại cơ quan", AgencyKind),
        ):
            self.fields[name].choices = [("", nothing), *known.choices]  # type: ignore[attr-defined]
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ModelChoiceField)
        parent.queryset = Agency.objects.under(*paths)
        parent.error_messages["invalid_choice"] = (
            "Không có cơ quan mã này trong phạm vi bạn quản trị."
        )
        self.fields["successor"].error_messages["invalid_choice"] = (
            "Không có cơ quan nào có mã này."
        )
        for name in ("parent", "successor"):
            above = getattr(self.instance, name)
            if above is not None:
                self.initial[name] = above.code
        if self.instance.path in paths:  # the top of one's own tree hangs where it hangs
            del self.fields["parent"]
        elif not self.instance.pk:
            parent.required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            data.get("opened_on")
            and data.get("closed_on")
            and data["closed_on"] < data["opened_on"]
        ):
            self.add_error("closed_on", "Ngày kết thúc không thể trước ngày bắt đầu hoạt động.")
        return data

    @property
    def helper(self) -> FormHelper:
        return laid(line(*self.fields))

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()

    def clean_dossier_code(self) -> str:
        return str(self.cleaned_data["dossier_code"]).strip().upper()


class DepartmentForm(forms.ModelForm[Department]):
    helper = laid("name", "kind", "order", "is_active")

    class Meta:
        model = Department
        formfield_callback = text_fields
        fields: ClassVar = ["name", "kind", "order", "is_active"]
        field_classes: ClassVar = {"name": NameField}

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if (
            Department.objects.filter(agency=self.instance.agency, name=name)
            .exclude(pk=self.instance.pk)
            .exists()
        ):
            raise ValidationError(
                f"Cơ quan đã có phòng ban “{name}”. Hãy đặt tên khác hoặc mở lại phòng ban cũ."
            )
        return name


class DayForm(forms.ModelForm[CalendarDay]):
    date = day_field("Ngày", required=True)
    replaces = day_field(
        "Thay cho ngày", required=False, help_text="Ngày làm bù lấy giờ làm việc của ngày này."
    )

    helper = laid(
        line("date", "kind", "name", "replaces", "sessions", "source", "confidence", css="panel")
    )

    class Meta:
        model = CalendarDay
        formfield_callback = text_fields
        fields: ClassVar = ["date", "kind", "name", "replaces", "sessions", "source", "confidence"]

    def __init__(self, *args: Any, agency: Agency | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.agency = agency
        self.fields["kind"].choices = [("", "Chọn loại ngày"), *DayKind.choices]  # type: ignore[attr-defined]

    def clean_sessions(self) -> str:
        return _sessions(str(self.cleaned_data["sessions"]))


class WeekForm(forms.Form):
    effective_from = day_field("Áp dụng từ ngày", required=True)
    source = TextField(label="Căn cứ", max_length=300)

    helper = laid(
        Div(
            line("effective_from", "source"),
            line(*(f"day_{number}" for number in range(len(WEEKDAYS)))),
            "reception_only",
            css_class="panel",
        )
    )

    def __init__(self, *args: Any, agency: Agency | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        for number, name in enumerate(WEEKDAYS):
            usual = "07:00-11:30, 13:30-17:00" if number < 5 else ""
            self.fields[f"day_{number}"] = forms.CharField(
                label=name, required=False, max_length=120, initial=usual
            )
        self.fields["reception_only"] = forms.MultipleChoiceField(
            label="Ngày chỉ tiếp nhận, không tính vào thời hạn",
            required=False,
            choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
            widget=forms.CheckboxSelectMultiple,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number in range(7):
            name = f"day_{number}"
            try:
                data[name] = _sessions(str(data.get(name, "")))
            except ValidationError as error:
                self.add_error(name, error)
        return data

    def week(self) -> WorkingWeek:
        data = self.cleaned_data
        return WorkingWeek(
            agency=self.agency,
            effective_from=data["effective_from"],
            sessions=[data[f"day_{number}"] for number in range(7)],
            reception_only=sorted(int(number) for number in data["reception_only"]),
            source=data["source"],
        )


class YearForm(forms.ModelForm[CalendarYear]):
    helper = laid("year", "provisional", "source")

    class Meta:
        model = CalendarYear
        formfield_callback = text_fields
        fields: ClassVar = ["year", "provisional", "source"]

    year = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)

    def _post_clean(self) -> None:
        """A year that is there already is changed, not refused."""


class LogFilterForm(forms.Form):
    viec = forms.ChoiceField(
        label="Việc", required=False, choices=[("", "Mọi việc"), *AccessKind.choices]
    )
    tai_khoan = forms.CharField(label="Tài khoản", required=False, max_length=60)
    tu = day_field("Từ ngày", required=False)
    den = day_field("Đến ngày", required=False)

    helper = laid(line("viec", "tai_khoan", "tu", "den"))

    def add_prefix(self, field_name: str) -> str:
        return field_name.replace("_", "-")


def changed_labels(form: forms.BaseForm) -> list[str]:
    """What a form changed, in the words of the page, with what was before and what is now: for the
    access log.
    """
    return [
        f"{form.fields[name].label}: {_said(form, name, form.initial.get(name))} → {_said(form, name)}"
        for name in form.changed_data
    ]


def _said(form: forms.BaseForm, name: str, *before: object) -> str:
    """The value as people read it; `before` is the raw value that the page was opened with."""
    field = form.fields[name]
    value = before[0] if before else form.cleaned_data.get(name)
    if (
        before
        and value
        and isinstance(field, forms.ModelChoiceField)
        and field.queryset is not None
    ):
        model = field.queryset.model
        key = field.to_field_name or "pk"
        value = model._default_manager.filter(**{key: value}).first() or value
    if isinstance(value, bool):
        return "có" if value else "không"
    choices = (
        dict(getattr(field, "choices", ())) if not isinstance(field, forms.ModelChoiceField) else {}
    )
    return f"“{choices.get(value, value)}”" if value not in (None, "") else "trống"


def _sessions(text: str) -> str:
    """One way of writing: no spaces; refuses what cannot be read."""
    plain = fold(text).replace(" ", "").replace("–", "-").replace(";", ",")
    try:
        parse_sessions(plain)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    return plain
