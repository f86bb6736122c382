"""What a visitor reads of a page: its links and its forms with what they would send."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Pairs = list[tuple[str, str]]


@dataclass
class Form:
    action: str
    fields: Pairs = field(default_factory=list)
    # What else each list of answers offers.
    choices: dict[str, list[str]] = field(default_factory=dict)

    def sent(self, **said: str) -> Pairs:
        """What the form sends as it stands, with these answers instead."""
        return [one for one in self.fields if one[0] not in said] + list(said.items())


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self._is_answered = False
        self.feed(text)

    def form(self, end: str) -> Form | None:
        """The form whose address ends so."""
        return next((form for form in self.forms if form.action.endswith(end)), None)

    def link(self, begins: str) -> str:
        return next((link for link in self.links if link.startswith(begins)), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(said.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(said.get("action", "")))
        elif self.forms:
            self._field(tag, said)

    def _field(self, tag: str, said: dict[str, str]) -> None:
        form, name, value = self.forms[-1], said.get("name", ""), said.get("value", "")
        if tag == "select":
            self._select, self._is_answered = name, False
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(value)
            if "selected" in said and not self._is_answered:
                self._is_answered = True
                form.fields.append((self._select, value))
        elif tag == "input" and name and _is_sent(said):
            form.fields.append((name, value))
        elif tag == "textarea" and name:
            form.fields.append((name, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def _is_sent(said: dict[str, str]) -> bool:
    kind = said.get("type", "text")
    if kind in ("checkbox", "radio"):
        return "checked" in said
    return kind not in ("submit", "button", "file", "image", "reset")
