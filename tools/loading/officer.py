"""An officer at work: what is opened, sought and done, in the shares of the mix."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from random import Random

from loading.client import Browser, Refused, from_elsewhere
from loading.page import Form

# Of a hundred steps. A writing step reads two pages (the dossier, the form) and sends one form.
MIX = {"queue": 30, "dossier": 30, "look_up": 20, "search": 10, "write": 10}
QUEUE = "/viec/?loai=dang-xu-ly"
DOSSIER, GIVE, RECALL = "/ho-so/", "/ban-giao/giao/", "/thu-hoi/"
NAMES = ("nguyen van", "tran thi", "le van", "pham thi", "hoang van", "lo van", "vi thi")


@dataclass
class Officer:
    """`codes`: the dossiers of this officer alone, so that nobody is told that another one was
    quicker; `given`: those that were given and not yet recalled.
    """

    browser: Browser
    think: float
    dice: Random
    codes: list[str]
    given: set[str] = field(default_factory=set)

    def work(self, over: threading.Event) -> None:
        """Step after step, with a pause of `think` seconds on average before each: officers do not
        begin in the same instant either.
        """
        while not self._pause(over):
            (step,) = self.dice.choices([*MIX], [*MIX.values()])
            try:
                getattr(self, step)()
            except Refused:
                # It is counted; a server that is away is not asked as fast as can be.
                over.wait(0.05)

    def _pause(self, over: threading.Event) -> bool:
        """Whether all is over."""
        return over.wait(self.dice.expovariate(1 / self.think)) if self.think else over.is_set()

    def queue(self) -> None:
        self.browser.get("danh sách", QUEUE)

    def dossier(self) -> None:
        self.browser.get("hồ sơ", f"{DOSSIER}{self._one()}/")

    def look_up(self) -> None:
        stranger = Browser(self.browser.address, self.browser.taken)
        stranger.get("tra cứu", f"/tra-cuu/{self._one()}/", **from_elsewhere(self.dice))

    def search(self) -> None:
        text = self.dice.choice([self.dice.choice(NAMES), self._one()[-9:]])
        self.browser.get("tìm", f"/tim/?q={text.replace(' ', '+')}")

    def write(self) -> None:
        """Give a dossier, or recall what was given: what stands open stays as much."""
        code = self._one()
        page = self.browser.get("hồ sơ", f"{DOSSIER}{code}/")
        recall, giving = page.form(f"{DOSSIER}{code}{RECALL}"), page.link(GIVE)
        if recall is not None:
            self.browser.post("thu hồi", recall.action, recall.sent())
            self.given.discard(code)
        elif giving:
            form = self.browser.get("phiếu giao", giving).form(GIVE)
            if form is not None:
                self.given.add(code)
                said = {
                    "to": _receiver(form),
                    "giao": "1",
                    "step": "khac",
                    "step_name": "Đo tải",
                    "note": "Đo tải",
                }
                self.browser.post("giao", form.action, form.sent(**said))

    def tidy(self) -> None:
        """Recall what is still on its way; not counted."""
        self.browser.counts = False
        for code in self.given:
            page = self.browser.get("hồ sơ", f"{DOSSIER}{code}/")
            form = page.form(f"{DOSSIER}{code}{RECALL}")
            if form is not None:
                self.browser.post("thu hồi", form.action, form.sent())

    def _one(self) -> str:
        return self.dice.choice(self.codes)


def _receiver(form: Form) -> str:
    """The room or officer that the form proposes, else the room it names last."""
    proposed = [value for name, value in form.fields if name == "to"]
    rooms = [one for one in form.choices.get("to", ()) if one.isdigit()]
    return next(iter([*filter(_names_a_place, proposed), *reversed(rooms)]), "")


def _names_a_place(value: str) -> bool:
    return value[:1].isdigit()


def codes_on(browser: Browser) -> list[str]:
    """The dossiers that lie on the officer's desk."""
    links = browser.get("danh sách", QUEUE).links
    found = [link.split("/")[2] for link in links if link.startswith(DOSSIER)]
    return list(dict.fromkeys(found))
