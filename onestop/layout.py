"""How forms are laid out: crispy-forms with the bootstrap5 pack, and what our pages need beside it.

A form names its layout once, `helper = laid("name", line("phone", "email"))`; a page draws it by
{% crispy form %}. The page owns the form element, its address, token and buttons. How one question
looks stands in templates/bootstrap5/field.html.
"""

from collections.abc import Callable, Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def laid(*objects: Any) -> FormHelper:
    """The helper of a form whose fields stand in this order."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    # All errors stand in the summary on top of the page, which other forms may share.
    helper.form_show_errors = False
    helper.template = "bootstrap5/display_form.html"
    helper.layout = Layout(*objects)
    return helper


def line(*objects: Any, css: str = "") -> Div:
    """Questions beside each other where the screen is wide enough."""
    return Div(*objects, css_class=f"fields {css}".strip())


class Maybe(Field):
    """Questions that some of these forms do not ask."""

    def render(self, form: BaseForm, context: Context, **kwargs: Any) -> SafeString:
        there = [name for name in self.fields if name in form.fields]
        css = {"wrapper_class": self.wrapper_class}
        drawn = (render_field(name, form, context, extra_context=css) for name in there)
        return SafeString("".join(drawn))


class Fold(LayoutObject):
    """Questions behind a summary that few have to answer. Open when one of them (`answers_of`: of
    these) has an answer, when one of them or of `errors_of` is wrong, or `when` the page says so.
    """

    template = "%s/layout/fold.html"

    def __init__(
        self,
        summary: str,
        *fields: Any,
        answers_of: Iterable[str] | None = None,
        errors_of: Iterable[str] = (),
        when: Callable[[Context], bool] | None = None,
        css: str = "",
        css_id: str = "",
    ) -> None:
        self.summary, self.fields, self.css, self.css_id = summary, list(fields), css, css_id
        own = {pointer.name for pointer in self.get_field_names()}
        self.answers_of = own if answers_of is None else frozenset(answers_of)
        self.errors_of, self.when = own | frozenset(errors_of), when

    def render(
        self, form: BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        is_open = (
            any(form[name].value() for name in self.answers_of & form.fields.keys())
            or not self.errors_of.isdisjoint(form.errors)
            or (self.when is not None and self.when(context))
        )
        inner = self.get_rendered_fields(form, context, template_pack, **kwargs)
        given = {"fold": self, "fields": inner, "is_open": is_open}
        return render_to_string(self.get_template_name(template_pack), given)


class Part(LayoutObject):
    """A part of a page that stands among the questions and has a template of its own. It sees what
    the page sees, and what is given here.
    """

    def __init__(self, template: str, **given: Any) -> None:
        self.template, self.given = template, given
        self.fields: list[Any] = []

    def render(self, form: BaseForm, context: Context, **kwargs: Any) -> SafeString:
        page: dict[str, Any] = {str(name): value for name, value in context.flatten().items()}
        return render_to_string(self.template, page | {"form": form} | self.given)
