"""What the field template (templates/bootstrap5/field.html) asks about one question of a form.

Nothing is drawn that a browser would judge by itself, in words of its own and its own language:
what is asked for is `aria-required`, numbers and addresses are text with the right keyboard
(templates/django/forms/widgets/). The server says what is wrong, in the summary and beside the
field.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Widget,
)
from django.utils.safestring import SafeString

register = template.Library()


def has_choices_as_boxes(widget: Widget) -> bool:
    return isinstance(widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def shape(bound: BoundField) -> str:
    """How a question stands on the page: "boxes" to choose among, one box to "tick", an "input"."""
    widget = bound.field.widget
    if has_choices_as_boxes(widget):
        return "boxes"
    return "tick" if isinstance(widget, CheckboxInput) else "input"


@register.filter
def place(bound: BoundField) -> str:
    """The id that help and errors of a question are named after."""
    return bound.auto_id or bound.html_name


# How a help text begins that says when a question must be answered.
SAYS_WHEN = ("Chỉ khi ", "Bắt buộc khi ", "Cần khi ")


@register.filter
def is_optional(bound: BoundField) -> bool:
    """Whether to say "nếu có". In a search or a filter nothing must be answered, and it would only
    be noise; a box that need not be ticked says so by itself. Not where the help says when it must
    be answered, nor of what the form names `sometimes`: it would turn out to be mandatory.
    """
    return (
        not bound.field.required
        and not str(bound.field.help_text).startswith(SAYS_WHEN)
        and bound.name not in getattr(bound.form, "sometimes", ())
        and not isinstance(bound.field.widget, CheckboxInput)
        and any(field.required for field in bound.form.fields.values())
    )


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """The input itself, tied to its help and its errors."""
    return SafeString(bound.as_widget(attrs=_attrs(bound)))


@register.filter
def boxes(bound: BoundField) -> list[dict[str, Any]]:
    """The choices of a question, each as the widget that the input template draws."""
    attrs = _attrs(bound)
    found = []
    for choice in bound.subwidgets:
        # One of them is wanted, not each.
        own = {name: value for name, value in choice.data["attrs"].items() if name != "required"}
        found.append(choice.data | {"attrs": own | attrs})
    return found


def _attrs(bound: BoundField) -> dict[str, Any]:
    classes = (
        _widget_class(bound.field.widget),
        "is-invalid" if bound.errors else "",
        str(bound.field.widget.attrs.get("class", "")),
    )
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    said = (("help", bound.help_text), ("error", bound.errors))
    described = " ".join(f"{place(bound)}-{kind}" for kind, is_said in said if is_said)
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return attrs


def _widget_class(widget: Widget) -> str:
    if isinstance(widget, CheckboxInput) or has_choices_as_boxes(widget):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


def error_lines(form: BaseForm) -> Iterator[dict[str, Any]]:
    """What concerns the whole form first, then field by field in the order of the page. Each with
    the id it leads to and its question; without both when it is the form's.
    """
    found = form.errors
    for error in chain.from_iterable(
        errors for name, errors in found.items() if name not in form.fields
    ):
        yield {"error": error}
    for name in _as_laid(form):
        if name not in found:
            continue
        bound = form[name]
        target = bound.auto_id if has_choices_as_boxes(bound.field.widget) else bound.id_for_label
        for error in found[name]:
            yield {"target": target, "label": bound.label, "error": error}


def _as_laid(form: BaseForm) -> list[str]:
    """The names of the fields as they stand on the page: as they are laid out. Where a template
    places some of what is wrong itself, as the form names them.
    """
    layout = getattr(getattr(form, "helper", None), "layout", None)
    laid = [pointer.name for pointer in layout.get_field_names()] if layout is not None else []
    whole = set(form.errors) & set(form.fields) <= set(laid)
    return [name for name in laid if name in form.fields] if whole else list(form.fields)
