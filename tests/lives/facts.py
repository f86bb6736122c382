"""What can be said of a dossier without its inner format: plain JSON values, people by name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import ForeignKey
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dossiers.models import ClockChange, Dossier, Event, Slip
from onestop.accounts.models import Department, Officer
from tests.lives import product
from tests.lives.world import Life

# Columns that say nothing of where a dossier stands: numbers of rows, random values, digests.
ASIDE = frozenset(
    {
        "id", "agency", "received_by_agency", "version", "case", "field", "secret", "salt", "event_hash", "intake_token",
        "calendar_key",
    }
)  # fmt: skip
VIEWERS = ("clerk", "specialist", "head", "leader", "controller", "clerk, specialist and leader")


def facts_of(life: Life, step: int) -> dict[str, Any]:
    """How the dossier of a life stands now, as its rows and its pages say."""
    dossier = Dossier.objects.select_related("agency", "received_by_agency", "holder_department")
    life.dossier = dossier.get(pk=life.dossier.pk)
    return {
        "columns": _columns(life),
        "ledger": _ledger(life),
        "clock": _clock(life),
        "slips": _slips(life),
        "sheet": _sheet(life),
        "allowed": {
            role: product.answers(life.desk(officer), life.dossier)
            for role, officer in life.place.people.items()
        },
        **pages_of(life, _viewer(life, step)),
    }


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else value


def _columns(life: Life) -> dict[str, Any]:
    found = {}
    for column in Dossier._meta.concrete_fields:
        if column.name in ASIDE:
            continue
        value = getattr(life.dossier, column.attname)
        if isinstance(column, ForeignKey):
            named = {Officer: life.place.names, Department: life.place.rooms}
            value = None if value is None else named[column.related_model][value]
        found[column.name] = plain(value)
    return found


def _ledger(life: Life) -> list[list[Any]]:
    names, rows = life.place.names, Event.objects.filter(dossier=life.dossier).order_by("seq")
    return [
        [
            event.kind,
            plain(event.at),
            plain(event.recorded_at),
            names.get(event.officer_id or 0, ""),
            names.get(event.acting_for_id or 0, ""),
        ]
        for event in rows
    ]


def _clock(life: Life) -> list[list[Any]]:
    rows = ClockChange.objects.filter(dossier=life.dossier).order_by("id")
    return [
        [
            row.kind,
            *map(plain, (row.start, row.end, row.extra, row.basis, row.due_before, row.due_after)),
            "void" if product.is_void(row) else "",
        ]
        for row in rows
    ]


def _slips(life: Life) -> list[list[Any]]:
    rows = Slip.objects.filter(dossier=life.dossier).order_by("id")
    return [
        [
            row.slug,
            row.year,
            row.number,
            plain(row.made_at),
            life.place.names[row.made_by_id],
            "void" if product.is_void(row) else "",
            row.snapshot,
        ]
        for row in rows
    ]


def _sheet(life: Life) -> list[list[Any]]:
    return [
        [
            block.giver_unit,
            block.giver,
            plain(block.given_at),
            block.receiver_unit,
            block.receiver,
            plain(block.confirmed_at),
            block.outcome,
            block.note,
        ]
        for block in product.control_sheet(life.dossier)
    ]


def _viewer(life: Life, step: int) -> str:
    life.throw(step, "viewer")
    return life.dice.choice(VIEWERS)


def pages_of(life: Life, role: str) -> dict[str, Any]:
    """The main pages as somebody of this role sees them, and how many statements each costs."""
    client = _signed_in(life.place.people[role])
    page, statements = _get(client, life.dossier.get_absolute_url())
    if page.status_code != 200:
        shown, _ = _get(_signed_in(life.office.clerk), life.dossier.get_absolute_url())
    else:
        shown = page
    offered = [] if page.status_code != 200 else _offered(page.context)
    secret = product.secrets.secret_of(life.dossier)
    _, queue = _get(client, "/viec/")
    _, lookup = _get(Client(), f"/tra-cuu/{life.dossier.code}/?k={secret}")
    return {
        "timeline": [_line(entry) for entry in shown.context["timeline"]],
        "page": {"of": role, "status": page.status_code, "offers": offered},
        "statements": {"dossier": statements, "queue": queue, "lookup": lookup},
    }


def _signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    session = client.session
    session["seen"] = int(timezone.now().timestamp())
    session.save()
    return client


def _get(client: Client, address: str) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address, follow=True)
    return answer, len(seen)


def _offered(context: Any) -> list[str]:
    """What the page offers: the one thing to do now, what else, what not and why, taking back."""
    main = [f"now: {context['main'].label}"] if context["main"] else []
    acts = [offer.label for offer in context["acts"]]
    denied = [f"not: {offer.label}: {offer.why_not}" for offer in context["denied"]]
    return [*main, *acts, *denied, *([f"undo: {context['undo']}"] if context["undo"] else [])]


def _line(entry: Any) -> str:
    """One line of the timeline as text."""
    said = [
        plain(entry.at),
        entry.title,
        entry.who,
        entry.acting_for and f"thay {entry.acting_for}",
    ]
    marks = [entry.tone, "undone" if entry.undone else ""]
    return " | ".join(part for part in (*said, *entry.lines, *marks) if part)
