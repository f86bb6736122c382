"""The shell in Chromium: keys, selection, sending once, drafts, accessibility. Pages come from
templates, no server needed.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from playwright.sync_api import expect

from onestop.forms import day_field
from tests.browser.fitting import too_wide
from tests.ui.test_shell import visit

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request, Route

pytestmark = pytest.mark.browser
HOST = "http://shell.test"
POLICY = "; ".join(
    f"{name} {' '.join(values)}"
    for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)

LIST = """{% extends "base_officer.html" %}{% load desks %}
{% block title %}Việc của tôi{% endblock %}
{% block heading %}Việc của tôi{% endblock %}
{% block content %}
  <form method="post" action="/giao/" id="f">
    <table class="list" data-list>
      <thead><tr><th class="pick"><input type="checkbox" class="form-check-input" data-check-all aria-label="Chọn tất cả" /></th><th>Mã</th><th>Trạng thái</th></tr></thead>
      <tbody>{% for n in rows %}<tr>
        <td class="pick"><input type="checkbox" class="form-check-input" name="ids" value="{{ n }}" aria-label="Chọn {{ n }}" /></td>
        <td><a data-row-link href="/ho-so/{{ n }}/">H-{{ n }}</a></td><td>{% state_badge n %}</td>
      </tr>{% endfor %}</tbody>
    </table>
    {% bulk_bar %}{% verb "Giao hồ sơ" kind="primary" %}{% endbulk_bar %}
  </form>
  {% include "ui/toast.html" with text="Đã giao 2 hồ sơ" undo_url="/thu-hoi/" undo_label="Hoàn tác" %}
{% endblock %}"""

FORM = """{% extends "base_officer.html" %}
{% block title %}Tiếp nhận{% endblock %}
{% block heading %}Tiếp nhận{% endblock %}
{% block content %}
  {% error_summary form %}
  <p data-draft-status role="status"></p>
  <form method="post" action="/nhan/" data-primary data-draft-url="/nhap/">
    {{ form.name|as_crispy_field }}{{ form.way|as_crispy_field }}{{ form.note|as_crispy_field }}
    {% verb "Tiếp nhận" kind="primary" %}
  </form>
  <p data-print-url="/in/">In giấy tiếp nhận</p>
{% endblock %}"""


class Question(forms.Form):
    name = forms.CharField(label="Họ tên")
    way = forms.ChoiceField(
        label="Cách nhận", choices=[("1", "Tại quầy"), ("2", "Bưu chính")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea)


@pytest.fixture
def serve() -> "Callable[..., list[Request]]":
    """`serve(page, source)`: the page at HOST/ is that template; returns the list its later
    requests are put into.
    """

    def start(page: "Page", source: str, *, form: forms.Form | None = None) -> "list[Request]":
        from onestop.accounts.models import Role

        seen: list[Request] = []
        request = visit("/viec/", roles={Role.CLERK, Role.CONTROLLER})
        context = {
            "rows": range(1, 7),
            "form": form or Question(),
            "user": request.user,
            "DEMO": True,
            "rail_counts": {"viec": 6},
            "unread": 2,
        }
        html = engines["django"].from_string(source).render(context, request)

        def answer(route: "Route") -> None:
            path = urlparse(route.request.url).path
            if path.startswith("/static/"):
                give(route, path=str(finders.find(path.removeprefix("/static/"))))
                return
            if path != "/":
                seen.append(route.request)
            give(
                route,
                body=html,
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": POLICY},
            )

        page.route("**/*", answer)
        page.goto(HOST)
        page.evaluate("document.activeElement.blur()")
        return seen

    return start


def give(route: "Route", **answer: Any) -> None:
    """Answer a request, unless the browser let go of it meanwhile (a page that closes drops its
    icon).
    """
    from playwright.sync_api import Error

    try:
        route.fulfill(**answer)
    except Error as error:
        if "already handled" not in str(error) and "closed" not in str(error):
            raise


def picked(page: "Page") -> list[str]:
    return page.eval_on_selector_all(
        "input[name=ids]:checked", "boxes => boxes.map(box => box.value)"
    )  # type: ignore[no-any-return]


def test_a_list_is_worked_by_keys_alone(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    seen = serve(page, LIST)
    assert page.locator("[data-bulk-bar]").is_hidden()
    for key in ("j", "j", " "):
        page.keyboard.press(key)
    assert picked(page) == ["2"]
    assert page.locator("[data-bulk-bar]").is_visible()
    for key in ("j", "j", "Shift+ "):
        page.keyboard.press(key)
    assert picked(page) == ["2", "3", "4"]
    assert page.locator("[data-bulk-count]").inner_text() == "3"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ho-so/3/")
    assert [urlparse(request.url).path for request in seen] == ["/ho-so/3/"]


def test_the_mouse_picks_ranges_and_all_and_escape_drops_them(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    serve(page, LIST)
    page.locator("input[value='2']").click()
    page.locator("input[value='5']").click(modifiers=["Shift"])
    assert picked(page) == ["2", "3", "4", "5"]
    assert page.locator("[data-check-all]").evaluate("box => box.indeterminate")
    page.locator("[data-check-all]").click()
    assert len(picked(page)) == 6
    page.keyboard.press("Escape")
    assert picked(page) == []
    assert page.locator("[data-bulk-bar]").is_hidden()


def test_without_script_the_bulk_bar_is_always_there(
    new_page: "Callable[..., Page]", serve: "Callable[..., list[Request]]"
) -> None:
    page = new_page(java_script_enabled=False)
    page.route("**/*", lambda route: route.abort())
    request = visit("/viec/", roles=set())
    html = (
        engines["django"]
        .from_string(LIST)
        .render({"rows": range(1, 3), "user": request.user, "unread": 0}, request)
    )
    page.set_content(html)
    assert page.get_by_role("button", name="Giao hồ sơ").is_visible()


def test_slash_finds_the_search_but_stays_a_letter_inside_a_field(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    serve(page, FORM)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "o-tim"
    page.locator("#id_name").click()
    page.keyboard.type("1/2")
    assert page.locator("#id_name").input_value() == "1/2"


def test_control_enter_sends_the_form_once_however_often_it_is_pressed(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    serve(page, FORM)
    page.locator("#id_name").fill("An")
    page.locator("#id_way_0").check()
    sent: list[str] = []

    def nothing_to_show(route: "Route") -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/nhan/", nothing_to_show)
    page.locator("#id_name").focus()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("form[data-primary] button[aria-busy=true]:disabled")
    page.keyboard.press("Control+Enter")
    assert sent == ["POST"]


def test_what_is_typed_is_saved_as_a_draft_with_the_token(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    seen = serve(page, FORM)
    page.clock.install()
    page.locator("#id_name").fill("Trần Văn Bình")
    page.clock.fast_forward(3_500)
    expect(page.locator("[data-draft-status]")).to_contain_text("Đã lưu nháp")
    assert [(urlparse(request.url).path, request.method) for request in seen] == [
        ("/nhap/", "POST")
    ]
    assert seen[0].headers["x-csrftoken"]
    assert "Trần Văn Bình" in (seen[0].post_data or "")


def test_control_p_opens_the_slip_with_the_remembered_paper(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    serve(page, FORM)
    page.evaluate("localStorage.setItem('motcua.kho', 'a4x2')")
    page.context.route(
        "**/in/**", lambda route: route.fulfill(body="<title>in</title>", content_type="text/html")
    )
    with page.expect_popup() as popup:
        page.keyboard.press("Control+p")
    popup.value.wait_for_load_state()
    assert popup.value.url == f"{HOST}/in/?kho=a4x2"


def test_the_first_wrong_field_has_the_focus_and_the_summary_leads_to_the_others(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    serve(page, FORM, form=Question({"note": "x"}))
    page.reload()
    assert page.evaluate("document.activeElement.id") == "id_name"
    page.get_by_role("link", name="Cách nhận").click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "way"


def test_what_concerns_the_whole_page_has_the_focus_before_any_field(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    form = Question({"note": "x"})
    form.add_error(None, "Hồ sơ đã được người khác xử lý.")
    serve(page, FORM, form=form)
    page.reload()
    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_an_empty_page_is_sent_and_judged_by_the_server(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    seen = serve(page, FORM)
    page.locator("#id_name").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/nhan/")
    assert [request.method for request in seen if request.url.endswith("/nhan/")] == ["POST"]


def test_the_figures_of_a_day_become_a_day_when_one_leaves_them(
    page: "Page", serve: "Callable[..., list[Request]]"
) -> None:
    class Signing(Question):
        on = day_field("Ngày ký")

    serve(
        page,
        FORM.replace(
            "{{ form.way|as_crispy_field }}",
            "{{ form.way|as_crispy_field }}{{ form.on|as_crispy_field }}",
        ),
        form=Signing(),
    )
    for typed, shown in (
        ("01122026", "01/12/2026"),
        ("1-12-2026", "01/12/2026"),
        ("1.2.2026", "01/02/2026"),
        ("mai", "mai"),
    ):
        page.locator("#id_on").fill(typed)
        page.keyboard.press("Tab")
        assert page.locator("#id_on").input_value() == shown


@pytest.mark.parametrize("source", [LIST, FORM], ids=["list", "form"])
@pytest.mark.parametrize("width", [360, 1366])
def test_pages_are_accessible_and_never_wider_than_the_screen(
    new_page: "Callable[..., Page]",
    serve: "Callable[..., list[Request]]",
    axe: "Callable[[Page], list[str]]",
    source: str,
    width: int,
) -> None:
    page = new_page(width=width)
    serve(page, source, form=Question({"note": "x"}))
    assert too_wide(page) == []
    page.unroute_all()
    page.evaluate("0")
    assert axe(page) == []
