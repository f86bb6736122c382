"""Answers to the hooks of accounts and files: damaged files told; how much lies on a desk, moving
it when its officer leaves, promises under a changed calendar.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.urls import reverse

from dossiers.acts import calendar_moves, partners, pressing
from dossiers.acts.desks import count_desk, count_legs, hand_desk_over
from dossiers.acts.filings import filing_ended
from dossiers.clock import flags, settled
from dossiers.desk import ended_drafts, online, published
from dossiers.desk import partners as handed
from dossiers.importing import jobs, online_lists, statements
from dossiers.intake import drafts
from dossiers.ledger import damage
from dossiers.models import (
    Batch,
    CounterVisit,
    Dossier,
    DossierImport,
    OnlineFiling,
    OnlineList,
)
from dossiers.models.consulting import Consultation
from dossiers.models.elsewhere import Outage, PaperPack
from dossiers.models.envelopes import Envelope
from dossiers.models.legs import Leg
from dossiers.models.post import PostalItem, PostalNote
from dossiers.receipts_out import sending
from onestop.accounts import hooks
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.files.domain import damage_found, spare
from onestop.files.models import Attachment
from onestop.instants import clock_set_back
from onestop.outbox.domain import post
from onestop.outbox.hooks import bell_opened, objects_opened
from onestop.outbox.told import told
from procedures.hooks import (
    Received,
    Use,
    dossiers_counted,
    lists_open,
    procedures_ended,
    procedures_used,
    use_counted,
)

LEG_PAGES = frozenset({"leg", "leg_receive", "leg_pass", "leg_answer", "leg_take_back", "leg_file"})
LEAVING = "Thôi việc, bàn giao toàn bộ hồ sơ"


def connect() -> None:
    hooks.KINDS.update(
        batch="Phiếu bàn giao",
        dossier="Hồ sơ",
        visit="Lượt tiếp",
        consultation="Lấy ý kiến",
        work="Danh sách hồ sơ",
        online_filing="Hồ sơ trực tuyến chờ tiếp nhận",
        online_list="Danh sách của Cổng",
        envelope="Nộp tập thể",
        paper_outage="Sự cố",
        paper_pack="Gói ngày giấy",
        post_item="Kết quả gửi bưu chính",
        post_note="Biên bản giao nhận với bưu chính",
        press_run="Lần làm trên nhiều hồ sơ",
        **{"import": "Nhập hồ sơ"},
    )
    hooks.desk_counted.connect(_count, dispatch_uid="dossiers-desk-counted")
    hooks.desk_handed_over.connect(_hand_over, dispatch_uid="dossiers-desk-handed-over")
    hooks.calendar_previewed.connect(_preview, dispatch_uid="dossiers-calendar-previewed")
    hooks.object_of_address.connect(_of_address, dispatch_uid="dossiers-object-of-address")
    hooks.objects_named.connect(_name, dispatch_uid="dossiers-objects-named")
    objects_opened.connect(_openable, dispatch_uid="dossiers-objects-opened")
    bell_opened.connect(_settle, dispatch_uid="dossiers-bell-opened")
    damage_found.connect(_tell_damage, dispatch_uid="dossiers-damage-found")
    hooks.calendar_changed.connect(_tell, dispatch_uid="dossiers-calendar-changed")
    clock_set_back.connect(_after_clock_set_back, dispatch_uid="dossiers-clock-set-back")
    dossiers_counted.connect(_count_received, dispatch_uid="dossiers-counted")
    procedures_used.connect(_used, dispatch_uid="dossiers-procedures-used")
    use_counted.connect(_count_use, dispatch_uid="dossiers-use-counted")
    procedures_ended.connect(_tell_drafts, dispatch_uid="dossiers-procedures-ended")
    filing_ended.connect(partners.tell, dispatch_uid="dossiers-handed-in-told")
    if handed.beside not in online.besides:
        online.besides.append(handed.beside)
    lists_open("open_of_version")
    spare(jobs.FOLDER, jobs.needed)
    spare(online_lists.FOLDER, online_lists.needed)
    spare(statements.FOLDER, statements.needed)


def _count_received(*, version_ids: Iterable[int], **_: Any) -> dict[int, Received]:
    return published.received(version_ids)


def _used(*, procedure_ids: Iterable[int], **_: Any) -> set[int]:
    return published.used(procedure_ids)


def _count_use(*, since: datetime, until: datetime, **_: Any) -> dict[tuple[int, int], Use]:
    return published.use(since, until)


def _tell_drafts(*, codes: Collection[str], on: date, at: datetime, **_: Any) -> None:
    ended_drafts.tell(at, codes=codes, on=on)


def _after_clock_set_back(*, now: datetime, **_: Any) -> None:
    flags.after_clock_set_back(now)
    drafts.after_clock_set_back(now)
    pressing.after_clock_set_back(now)
    sending.after_clock_set_back(now)


def _settle(*, officer: Officer, at: datetime, **_: Any) -> None:
    settled.settle(at, officer)


def _tell_damage(*, attachment: Attachment, code: str, at: datetime, **_: Any) -> None:
    damage.tell(attachment, code, at=at)


def _of_address(
    *, arguments: dict[str, Any], view: str, hidden_from: Desk | None, **_: Any
) -> tuple[str, int] | None:
    """A dossier by its code; a hand-over list, a visit or an import of others by its number."""
    if code := arguments.get("code"):
        dossiers = Dossier.objects.filter(code=code)
        if hidden_from is not None:
            dossiers = dossiers.exclude(
                pk__in=Dossier.objects.visible_to(hidden_from).filter(code=code).values("pk")
            )
        pk = dossiers.values_list("pk", flat=True).first()
        return ("dossier", pk) if pk is not None else None
    if view in LEG_PAGES:
        legs = Leg.objects.filter(pk=arguments["pk"])
        if hidden_from is not None:
            mine = Leg.objects.visible_to(hidden_from).filter(pk=arguments["pk"])
            legs = legs.exclude(pk__in=mine.values("pk"))
        pk = legs.values_list("dossier_id", flat=True).first()
        return ("dossier", pk) if pk is not None else None
    numbered: tuple[tuple[str, type[Model]], ...] = (
        ("batch", Batch),
        ("visit", CounterVisit),
        ("consultation", Consultation),
        ("import", DossierImport),
        ("online_filing", OnlineFiling),
        ("online_list", OnlineList),
        ("envelope", Envelope),
        ("paper_outage", Outage),
        ("paper_pack", PaperPack),
        ("post_item", PostalItem),
        ("post_note", PostalNote),
    )
    for kind, model in numbered:
        if kind in view and model._default_manager.filter(pk=arguments.get("pk")).exists():
            return kind, arguments["pk"]
    return None


def _name(*, kind: str, ids: Iterable[int], desk: Desk, **_: Any) -> dict[int, str] | None:
    """Codes only of what the reader of the log may open: an administrator reads that a dossier was
    opened, not which.
    """
    if kind == "batch":
        lists = Batch.objects.filter(pk__in=ids)
        return {batch.pk: f"số {batch.serial}" for batch in lists}
    if kind != "dossier":
        return None
    return dict(Dossier.objects.visible_to(desk).filter(pk__in=ids).values_list("pk", "code"))


def _openable(
    *, kind: str, ids: Iterable[int], officer: Officer, at: datetime, **_: Any
) -> set[int] | None:
    """Which dossiers of old notices their reader may still open; of some only the own agency's leg."""
    if kind == "consultation":
        asked = Consultation.objects.asked_of(desk_of(officer, at)).filter(pk__in=ids)
        return set(asked.values_list("pk", flat=True))
    if kind != "dossier":
        return None
    desk, ids = desk_of(officer, at), set(ids)
    found = Dossier.objects.visible_to(desk).filter(pk__in=ids).values_list("pk", flat=True)
    if rest := ids.difference(found):
        legs = Leg.objects.visible_to(desk).filter(dossier__in=rest)
        return ids - rest | set(legs.values_list("dossier_id", flat=True))
    return ids


def _count(*, officer: Officer, **_: Any) -> int:
    return count_desk(officer) + count_legs(officer)


def _hand_over(
    *, officer: Officer, successor: Officer | None, by: Officer, at: datetime, **_: Any
) -> str | None:
    if successor is None:
        if count_desk(officer) or count_legs(officer):
            raise DomainError("desk_successor_unfit", field="successor")
        return None
    if not count_desk(officer) and not count_legs(officer):
        return None
    batch = hand_desk_over(officer, successor, by=desk_of(by, at), at=at, reason=LEAVING)
    return f"{reverse('batch_paper', args=[batch.pk])}?in=1" if batch is not None else None


def _preview(*, agency_ids: Iterable[int] | None, first: date, last: date | None, **_: Any) -> int:
    return calendar_moves.touched(agency_ids, first, last)


def _tell(
    *,
    agency_ids: Iterable[int] | None,
    first: date,
    last: date | None,
    by: Officer | None,
    at: datetime,
    **_: Any,
) -> None:
    """Nothing moves by itself: whoever changed the calendar is pointed to the promises that could.
    Where a command of the machine did (None), there is nobody to point; the page lists them.
    """
    if by is None:
        return
    count = calendar_moves.touched(agency_ids, first, last)
    if count:
        post(
            kind="calendar_changed",
            dedupe=f"calendar-changed:{by.pk}:{at.isoformat()}",
            **told("dossiers/told/calendar_changed", count=count),
            at=at,
            to_officer=by,
            link=reverse("calendar_moves"),
            mail=False,
        )
