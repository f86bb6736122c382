"""The components render what they promise, escape what people typed, and never say a state by
colour alone.
"""

import gzip
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.validators import MaxLengthValidator
from django.middleware.csrf import get_token
from django.template import TemplateDoesNotExist, engines
from django.test import RequestFactory

from onestop.errors import say
from onestop.forms import AmountField, day_field
from onestop.layout import Fold, Maybe, laid, line
from onestop.results import ALLOWED, Denied
from onestop.templatetags.icons import icon_svg
from onestop.templatetags.ui import undo

EVIL = '<script>alert("1")</script>'
ICONS = sorted(
    path.stem for path in (Path(__file__).resolve().parents[2] / "templates/ui/icons").glob("*.svg")
)
# 17:00 in Vietnam on Monday 30/11/2026
PROMISE = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


def draw(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


class Question(forms.Form):
    name = forms.CharField(label="Họ tên", help_text="Như trên căn cước")
    note = forms.CharField(
        label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    way = forms.ChoiceField(
        label="Cách nhận", choices=[("1", "Tại quầy"), ("2", "Bưu chính")], widget=forms.RadioSelect
    )
    case = forms.ChoiceField(
        label="Trường hợp", choices=[("", "—"), ("Nhóm", [("a", "Thường"), ("b", EVIL)])]
    )
    agreed = forms.BooleanField(label="Đã đối chiếu", required=False)
    scan = forms.FileField(label="Bản quét", required=False)
    token = forms.CharField(widget=forms.HiddenInput)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ at|dt }}", "30/11/2026 17:00"),
        ("{{ at|d }}", "30/11/2026"),
        ("{{ at|hm }}", "17:00"),
        ("{{ at|day_words }}", "17:00 thứ Hai 30/11/2026"),
        (
            "{{ none|dt }}{{ none|d }}{{ none|hm }}{{ none|day_words }}{{ none|money }}{{ none|percent }}",
            "",
        ),
        ("{{ 70000|money }}", "70.000 đồng"),
        ("{{ 0|money }}", "0 đồng"),
        ("{{ 1234567|money }}", "1.234.567 đồng"),
        ("{{ 85.25|percent }}", "85,3%"),
        ("{{ 100|percent }}", "100,0%"),
    ],
)
def test_dates_money_and_shares_are_written_the_vietnamese_way(source: str, said: str) -> None:
    assert draw(source, at=PROMISE, none=None) == said


def test_a_date_without_an_hour_stays_a_date() -> None:
    assert (
        draw("{{ at|dt }} {{ at|day_words }}", at=PROMISE.date()) == "30/11/2026 thứ Hai 30/11/2026"
    )


def test_a_field_ties_label_help_and_input_together() -> None:
    drawn = draw("{{ form.name|as_crispy_field }}", form=Question())
    assert '<label class="form-label" for="id_name">Họ tên</label>' in drawn
    assert 'id="id_name-help">Như trên căn cước' in drawn
    assert 'aria-describedby="id_name-help"' in drawn
    assert "aria-invalid" not in drawn
    assert "(nếu có)" in draw("{{ form.note|as_crispy_field }}", form=Question())


def test_a_wrong_field_says_so_beside_the_input_and_to_screen_readers() -> None:
    drawn = draw("{{ form.name|as_crispy_field }}", form=Question({"name": ""}))
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_name-help id_name-error"' in drawn
    assert 'class="field-error" id="id_name-error"' in drawn
    assert "Lỗi:" in drawn


def test_what_people_typed_is_escaped_in_every_kind_of_input() -> None:
    typed = {"name": EVIL, "note": EVIL, "way": EVIL, "case": EVIL, "token": EVIL}
    form = Question(typed)
    drawn = draw(
        "{% error_summary form %}{% for f in form %}{{ f|as_crispy_field }}{% endfor %}", form=form
    )
    assert "<script>" not in drawn
    assert drawn.count("&lt;script&gt;") >= 4


def test_an_input_is_what_django_draws_but_for_what_a_browser_would_judge() -> None:
    """And tied to its help and error."""
    form = Question({"name": "An", "note": "dòng", "case": "a", "agreed": "on"})
    drawn = dict.fromkeys(("name", "note", "case", "agreed", "scan"), "")
    for name in drawn:
        drawn[name] = draw("{{ f|as_crispy_field }}", f=form[name])
        assert f'name="{name}"' in drawn[name]
        assert f'id="id_{name}"' in drawn[name]
    assert 'value="An"' in drawn["name"]
    assert ">\ndòng</textarea>" in drawn["note"]
    assert '<option value="a" selected>Thường</option>' in drawn["case"]
    assert '<optgroup label="Nhóm">' in drawn["case"]
    assert " checked" in drawn["agreed"]
    assert 'type="file"' in drawn["scan"]
    assert not any(re.search(r"\srequired\b", html) for html in drawn.values())


class Judged(forms.Form):
    name = forms.CharField(label="Họ tên")
    age = forms.IntegerField(label="Tuổi", min_value=1, max_value=200)
    hours = AmountField(label="Giờ", decimal_places=2)
    email = forms.EmailField(label="Thư điện tử")
    site = forms.URLField(label="Trang", assume_scheme="https")
    way = forms.ChoiceField(
        label="Cách nhận", choices=[("1", "Tại quầy")], widget=forms.RadioSelect
    )
    day = day_field("Ngày ký", required=True)


def test_no_field_is_judged_by_the_browser_in_its_own_words() -> None:
    drawn = "".join(draw("{{ f|as_crispy_field }}", f=bound) for bound in Judged())
    tags = [attrs for tag, attrs, _ in _tags(drawn) if tag == "input"]
    assert {attrs["type"] for attrs in tags} == {"text", "radio"}, (
        "number, e-mail and date boxes refuse in the browser's language"
    )
    assert not any({"required", "min", "max", "step", "pattern"} & set(attrs) for attrs in tags)
    assert drawn.count('aria-required="true"') == 6
    assert 'inputmode="decimal"' in drawn
    assert Judged({"hours": "1,5"}).fields["hours"].clean("1,5") == Decimal("1.5")


def test_the_error_summary_follows_the_page_whatever_was_refused_first() -> None:
    form = Question({"way": "1", "note": "x", "case": "a", "token": "1"})
    assert not form.is_valid()
    form.add_error("note", "Ghi chú sai")
    form.add_error("name", "Thêm một lỗi")
    form.add_error(None, "Cả tờ chưa đúng")
    summary = draw("{% error_summary form %}", form=form)
    places = [
        summary.index(words)
        for words in ("Cả tờ chưa đúng", "Họ tên: ", "Thêm một lỗi", "Ghi chú sai")
    ]
    assert places == sorted(places)


def test_the_error_summary_follows_the_layout_where_the_page_is_laid_out() -> None:
    class Laid(forms.Form):
        note = forms.CharField(label="Căn cứ")
        term = forms.CharField(label="Thời hạn")
        helper = laid("term", "note")

    summary = draw("{% error_summary form %}", form=Laid({}))
    assert summary.index("Thời hạn: ") < summary.index("Căn cứ: ")


def _tags(html: str) -> list[tuple[str, dict[str, str | None], str]]:
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[tuple[str, dict[str, str | None], str]] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found.append((tag, dict(attrs), ""))

        def handle_data(self, data: str) -> None:
            if data.strip():
                self.found.append(("", {}, data.strip()))

    reader = Reader()
    reader.feed(html)
    return reader.found


def test_choices_are_a_group_with_its_question() -> None:
    drawn = draw("{{ form.way|as_crispy_field }}", form=Question({"way": "2"}))
    assert "<legend" in drawn
    assert drawn.count('type="radio"') == 2
    assert 'for="id_way_1">Bưu chính' in drawn
    assert drawn.count("checked") == 1


def test_the_error_summary_links_to_the_fields_of_all_forms() -> None:
    first, second = Question({"way": "1"}), Question({}, prefix="b")
    drawn = draw("{% error_summary a b %}", a=first, b=second)
    assert 'href="#id_name"' in drawn
    assert 'href="#id_b-way"' in drawn, "a group is linked by its fieldset"
    assert f"{len(first.errors) + len(second.errors)} chỗ cần sửa" in drawn
    assert draw("{% error_summary a b %}", a=Question(), b=None).strip() == ""


def test_a_denied_verb_is_grey_with_its_reason() -> None:
    drawn = draw('{% verb "Giao hồ sơ" answer %}', answer=Denied("not_allowed"))
    assert "disabled" in drawn
    assert say("not_allowed") in drawn
    assert 'type="submit"' in draw(
        '{% verb "Giao hồ sơ" answer kind="primary" icon="handover" %}', answer=ALLOWED
    )


def test_lists_have_their_bar_pager_chips_and_empty_state() -> None:
    bar = draw('{% bulk_bar "f" %}<button>{{ x }}</button>{% endbulk_bar %}', x=EVIL)
    assert 'data-bulk-bar="f"' in bar
    assert "<script>" not in bar
    assert draw("{% pager next prev %}", next="", prev=None).strip() == ""
    assert 'rel="next" href="?sau=1&amp;x=2"' in draw("{% pager next %}", next="?sau=1&x=2")
    assert "bỏ lọc" in draw("{% chip t u %}", t="Hộ tịch", u="?")
    assert "Chưa có" in draw('{% empty_state "Chưa có hồ sơ" hint="Sẽ hiện ở đây" %}')
    assert "33,3%" in draw('{% progress 1 3 "Đang in" %}')
    assert "0,0%" in draw("{% progress 0 0 %}")
    assert "stat-late" in draw('{% stat "Quá hạn" 1 "/viec/" "late" %}')
    assert "stat-quiet" in draw('{% stat "Quá hạn" 0 "/viec/" "late" %}')


def test_an_act_that_can_be_taken_back_offers_it_by_post_with_a_token() -> None:
    request = RequestFactory().get("/")
    message = SimpleNamespace(
        level_tag="success", message="Đã giao 3 hồ sơ", extra_tags=undo("/ban-giao/7/thu-hoi/")
    )
    drawn = draw("{% flash m %}", m=message, csrf_token=get_token(request))
    assert 'action="/ban-giao/7/thu-hoi/" method="post"' in drawn
    assert "csrfmiddlewaretoken" in drawn
    assert 'role="status"' in drawn


def test_errors_stay_on_the_page_as_alerts() -> None:
    message = SimpleNamespace(level_tag="error", message=EVIL, extra_tags="")
    drawn = draw("{% flash m %}", m=message)
    assert 'role="alert"' in drawn
    assert "<script>" not in drawn


def test_every_icon_is_decoration_and_a_missing_one_is_found() -> None:
    for name in ICONS:
        assert 'aria-hidden="true"' in icon_svg(name)
    with pytest.raises(TemplateDoesNotExist):
        icon_svg("no-such-icon")


def test_every_icon_named_in_a_template_exists() -> None:
    root = Path(__file__).resolve().parents[2] / "templates"
    for page in root.rglob("*.html"):
        for name in re.findall(r'\{% icon "([^"]+)" %\}', page.read_text()):
            assert name in ICONS, f"{page.name}: {name}"


def test_all_script_of_a_page_is_under_forty_kilobytes_compressed() -> None:
    own = ("app.js", "session.js", "box.js")
    files = [finders.find("django_htmx/htmx-2.min.js"), *map(finders.find, own)]
    assert sum(len(gzip.compress(Path(str(file)).read_bytes())) for file in files) <= 40 * 1024


class Laid(forms.Form):
    name = forms.CharField(label="Họ tên", required=False)
    phone = forms.CharField(label="Điện thoại", required=False)
    helper = laid(
        "name", Maybe("gone"), Fold("Ít khi cần", line("phone", css="two"), errors_of=["name"])
    )


def test_a_form_is_laid_out_as_it_says() -> None:
    drawn = draw("{% crispy form %}", form=Laid())
    assert drawn.index('name="name"') < drawn.index("<summary>") < drawn.index('name="phone"')
    assert 'class="fields two"' in drawn
    assert "<form" not in drawn
    assert "csrf" not in drawn


@pytest.mark.parametrize("data", [None, {"phone": ""}, {"phone": "0912"}, {"name": "x" * 9}])
def test_what_few_have_to_answer_is_folded_unless_it_is_answered_or_wrong(
    data: dict[str, str] | None,
) -> None:
    form = Laid(data)
    form.fields["name"].validators.append(MaxLengthValidator(5))
    is_open = bool(data and (data.get("phone") or data.get("name")))
    assert (" open" in draw("{% crispy form %}", form=form)) == is_open


def test_a_layout_that_names_no_field_is_a_mistake() -> None:
    class Wrong(forms.Form):
        helper = laid("nobody")

    with pytest.raises(Exception, match="nobody"):
        draw("{% crispy form %}", form=Wrong())


def test_a_search_does_not_call_its_questions_optional() -> None:
    class Search(forms.Form):
        q = forms.CharField(label="Tìm", required=False)

    assert "nếu có" not in draw("{{ form.q|as_crispy_field }}", form=Search())


def test_what_turns_out_to_be_mandatory_is_not_called_optional() -> None:
    class Asked(forms.Form):
        name = forms.CharField(label="Họ tên")
        basis = forms.CharField(label="Căn cứ", required=False, help_text="Bắt buộc khi nộp muộn.")
        number = forms.CharField(label="Số", required=False)
        note = forms.CharField(label="Ghi chú", required=False)
        sometimes = frozenset({"number"})

    for field, said in (("basis", False), ("number", False), ("note", True)):
        drawn = draw(f"{{{{ form.{field}|as_crispy_field }}}}", form=Asked())
        assert ("(nếu có)" in drawn) is said
