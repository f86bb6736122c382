"""One question of a form: label, help, input, error — and the list of all errors on top of the
page.

Plain inputs are written by hand: the same HTML as Django's widget templates, several times faster.
Nothing is drawn that a browser would judge by itself, in words of its own and its own language:
what is asked for is `aria-required`, numbers and addresses are text with the right keyboard. The
server says what is wrong, in the summary and beside the field.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    HiddenInput,
    RadioSelect,
    Select,
    Widget,
)
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from onestop.templatetags.icons import icon_svg

KINDS = (
    "input",
    "text",
    "number",
    "email",
    "url",
    "password",
    "date",
    "datetime",
    "time",
    "file",
    "checkbox",
)
INPUTS = frozenset(f"django/forms/widgets/{kind}.html" for kind in KINDS)
TEXTAREA = "django/forms/widgets/textarea.html"
SELECT = "django/forms/widgets/select.html"
NOTHING = SafeString("")


def option_html(option: dict[str, Any]) -> SafeString:
    return format_html(
        '<option value="{}"{}>{}</option>',
        option["value"],
        flatatt(option["attrs"]),
        option["label"],
    )


def group_html(group: tuple[str | None, list[dict[str, Any]], int]) -> SafeString:
    name, options, _ = group
    inner = format_html_join("", "{}", ((option_html(o),) for o in options))
    return format_html('<optgroup label="{}">{}</optgroup>', name, inner) if name else inner


def unjudged(kind: str, attrs: dict[str, Any]) -> str:
    """The type of the input to draw, with the attributes that a browser would refuse by taken off."""
    if attrs.pop("required", False):
        attrs["aria-required"] = "true"
    if kind == "number":
        whole = str(attrs.pop("step", 1)) == "1"
        attrs.pop("min", None)
        attrs.pop("max", None)
        attrs.setdefault("inputmode", "numeric" if whole else "decimal")
        attrs.setdefault("autocomplete", "off")
    elif kind in {"email", "url"}:
        attrs.setdefault("inputmode", kind)
    return "text" if kind in {"number", "email", "url"} else kind


def render_widget(bound: BoundField, attrs: dict[str, Any]) -> SafeString:
    """The widget of a bound field with extra attributes; widgets with a template of their own
    render themselves.
    """
    widget = bound.field.widget
    shape = getattr(widget, "template_name", "")
    if shape not in INPUTS and shape not in {TEXTAREA, SELECT}:
        return SafeString(bound.as_widget(attrs=attrs))
    attrs = bound.build_widget_attrs(dict(attrs), widget)
    if bound.auto_id and "id" not in widget.attrs:
        attrs.setdefault("id", bound.auto_id)
    if bound.field.localize:
        widget.is_localized = True
    data: dict[str, Any] = widget.get_context(bound.html_name, bound.value(), attrs)["widget"]
    kind = unjudged(data.get("type", ""), data["attrs"])
    if shape == TEXTAREA:
        return format_html(
            '<textarea name="{}"{}>\n{}</textarea>',
            data["name"],
            flatatt(data["attrs"]),
            data["value"] or "",
        )
    if shape == SELECT:
        groups = format_html_join("", "{}", ((group_html(g),) for g in data["optgroups"]))
        return format_html(
            '<select name="{}"{}>{}</select>', data["name"], flatatt(data["attrs"]), groups
        )
    value = format_html(' value="{}"', data["value"]) if data["value"] is not None else ""
    return format_html(
        '<input type="{}" name="{}"{}{}>', kind, data["name"], value, flatatt(data["attrs"])
    )


def has_choices_as_boxes(widget: Widget) -> bool:
    return isinstance(widget, RadioSelect | CheckboxSelectMultiple)


def widget_class(widget: Widget) -> str:
    if isinstance(widget, CheckboxInput) or has_choices_as_boxes(widget):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


def widget_attrs(bound: BoundField, described: list[str]) -> dict[str, Any]:
    widget = bound.field.widget
    classes = [
        widget_class(widget),
        "is-invalid" if bound.errors else "",
        str(widget.attrs.get("class", "")),
    ]
    attrs: dict[str, Any] = {"class": " ".join(c for c in classes if c)}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def choice_rows(bound: BoundField, attrs: dict[str, Any]) -> Iterable[tuple[SafeString, str, str]]:
    for choice in bound.subwidgets:
        data = (
            choice.data["attrs"]
            | attrs
            | {
                "type": choice.data["type"],
                "name": choice.data["name"],
                "value": choice.data["value"],
            }
        )
        data.pop("required", None)
        yield format_html("<input{}>", flatatt(data)), choice.id_for_label, choice.choice_label


def asks_for_something(form: BaseForm) -> bool:
    """Whether any question must be answered; in a search or a filter none must, and "nếu có" would
    only be noise.
    """
    return any(field.required for field in form.fields.values())


def note(kind: str, ident: str, content: object) -> SafeString:
    return format_html('<div class="{}" id="{}">{}</div>', kind, ident, content)


def field_html(bound: BoundField, help: str, cls: str, label: str) -> SafeString:
    widget = bound.field.widget
    if isinstance(widget, HiddenInput):
        return SafeString(bound.as_widget())
    base = bound.auto_id or bound.html_name
    notes: list[SafeString] = []
    described: list[str] = []
    if help_text := help or bound.help_text:
        notes.append(note("form-text", f"{base}-help", help_text))
        described.append(f"{base}-help")
    if bound.errors:
        lines = format_html_join(" ", "{}", ((e,) for e in bound.errors))
        warning = format_html(
            '{}<span class="visually-hidden">Lỗi:</span> {}', icon_svg("alert"), lines
        )
        notes.append(note("field-error", f"{base}-error", warning))
        described.append(f"{base}-error")
    attrs = widget_attrs(bound, described)
    text = format_html("{}", label or bound.label or "")
    if (
        not bound.field.required
        and not isinstance(widget, CheckboxInput)
        and asks_for_something(bound.form)
    ):
        text += format_html(' <span class="optional">{}</span>', "(nếu có)")
    wrapper = " ".join(c for c in ("field", "has-error" if bound.errors else "", cls) if c)
    said = format_html_join("", "{}", ((n,) for n in notes))
    ident = bound.id_for_label or base
    if has_choices_as_boxes(widget):
        box = '<div class="form-check">{}<label class="form-check-label" for="{}">{}</label></div>'
        boxes = format_html_join("", box, choice_rows(bound, attrs))
        shape = '<fieldset class="{}" id="{}"><legend class="form-label">{}</legend>{}{}</fieldset>'
        return format_html(shape, wrapper, base, text, said, boxes)
    control = render_widget(bound, attrs)
    if isinstance(widget, CheckboxInput):
        shape = '<div class="{}"><div class="form-check">{}<label class="form-check-label" for="{}">{}</label></div>{}</div>'
        return format_html(shape, wrapper, control, ident, text, said)
    return format_html(
        '<div class="{}"><label class="form-label" for="{}">{}</label>{}{}</div>',
        wrapper,
        ident,
        text,
        said,
        control,
    )


def error_lines(form: BaseForm) -> Iterable[SafeString]:
    """What concerns the whole form first, then field by field in the order of the form, which is
    that of the page.
    """
    found = form.errors
    for error in chain.from_iterable(
        errors for name, errors in found.items() if name not in form.fields
    ):
        yield format_html("{}", error)
    for name in form.fields:
        if name not in found:
            continue
        bound = form[name]
        target = bound.auto_id if has_choices_as_boxes(bound.field.widget) else bound.id_for_label
        for error in found[name]:
            yield format_html('<a href="#{}">{}: {}</a>', target, bound.label, error)


def error_summary_html(forms: Iterable[BaseForm | None]) -> SafeString:
    bound = (form for form in forms if form is not None and form.is_bound)
    rows = [(line,) for line in chain.from_iterable(error_lines(form) for form in bound)]
    if not rows:
        return NOTHING
    shape = '<div class="error-summary" role="alert" tabindex="-1" data-focus><h2>{}Chưa lưu được: {} chỗ cần sửa</h2><ul>{}</ul></div>'
    return format_html(
        shape, icon_svg("alert"), len(rows), format_html_join("", "<li>{}</li>", rows)
    )
