"""Many dossiers changed by one press in one transaction: all are locked first, and what the acts on
them ask and write is asked and written once for all of them.

    with change_many(ids, by=desk, at=now) as many:
        for pk in ids:
            with many.change(pk) as life:        # as writer.change
                ...

An act that is refused leaves nothing behind, and the others go on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from dossiers.ledger import bulk, pens, writer
from dossiers.ledger.pens import Common, Ids, Together
from dossiers.models import Dossier
from onestop.accounts.desk import Desk


class Many:
    """The locked dossiers of one press; the act on each is done or refused by itself."""

    def __init__(self, dossiers: Iterable[Dossier], act: writer.Acting) -> None:
        self.dossiers = {dossier.pk: dossier for dossier in dossiers}
        self._act = act
        self._common = Common(self.dossiers)
        self._ids = Ids(len(self.dossiers))
        self._stood = {pk: dict(dossier.__dict__) for pk, dossier in self.dossiers.items()}
        self._new: list[Model] = []
        self._changed: list[tuple[Model, Collection[str]]] = []
        self._done: list[writer.Written] = []

    @contextmanager
    def change(self, dossier_id: int, *, seen: int | None = None) -> Iterator[writer.Life]:
        """One of them, once, as change() does it. On any error nothing of it is written."""
        dossier = self.dossiers[dossier_id]
        writer.check_seen(dossier, seen)
        with ExitStack() as whole:
            pen = Together(self._ids, whole)
            life = writer.Life(dossier, self._act, pen=pen, common=self._common)
            yield life
            done = life.done()
        if done:
            self._new += pen.new
            self._changed += pen.changed.values()
            self._done += done

    def write(self) -> None:
        """Rows, dossiers, events, words, intervals, as change() writes them."""
        pens.write(self._new, self._changed)
        dossiers = [one.dossier for one in self._done]
        bulk.update_each(dossiers, {name for one in dossiers for name in self._turned(one)})
        writer.write(self._done)

    def _turned(self, dossier: Dossier) -> Iterator[str]:
        stood = self._stood[dossier.pk]
        for field in dossier._meta.concrete_fields:
            if getattr(dossier, field.attname) != stood[field.attname]:
                yield field.attname


@contextmanager
def change_many(
    ids: Collection[int],
    *,
    by: Desk | None,
    at: datetime,
    press: UUID | None = None,
) -> Iterator[Many]:
    """Lock dossiers and change them in one transaction: all in one order, before anything else is
    locked, so that two presses on the same ones wait for each other and never both.

    In: as of change(). What was done is written when the block is left, and nothing on an error
    that the block lets through.
    """
    with transaction.atomic():
        # Those of one press share versions and agencies: each is read once.
        joined = ("version", "agency", "received_by_agency")
        found = writer.locked().filter(pk__in=ids).order_by("pk").prefetch_related(*joined)
        many = Many(found, writer.Acting(by, at, at, press))
        yield many
        many.write()
