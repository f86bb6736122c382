"""A key pressed while a page's script is still on its way reaches it (tests/hands.py); colours are
judged when nothing fades in any more (`axe` of tests/conftest.py).
"""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

FADING = """<title>x</title><style>
  @keyframes rise { from { opacity: 0.2 } } @keyframes turn { to { rotate: 1turn } }
  p { animation: rise 1s } i { animation: turn 1s infinite }
</style><p>here</p><i></i>"""

pytestmark = [pytest.mark.browser, pytest.mark.no_database]

FILES = {
    "/": ("text/html", "<a href=/next>on</a>"),
    "/next": ("text/html", "<p>here</p><p id=said></p><script defer src=/late.js></script>"),
    "/late.js": ("text/javascript", "onkeydown = (e) => { said.textContent += e.key }"),
}


class Slow(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, text = FILES.get(self.path, ("text/plain", ""))
        if self.path == "/late.js":
            time.sleep(0.7)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slow_site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_key_waits_for_the_script_it_is_meant_for(page: Page, slow_site: str) -> None:
    page.goto(slow_site)
    page.locator("a").click()
    expect(page.locator("p").first).to_have_text("here")
    page.keyboard.press("x")
    expect(page.locator("#said")).to_have_text("x")


def test_colours_are_judged_when_a_line_has_faded_in(
    page: Page, axe: Callable[..., list[str]]
) -> None:
    page.set_content(FADING)
    assert axe(page, ("wcag2aa",)) == []
