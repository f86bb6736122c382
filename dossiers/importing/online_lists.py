"""A portal's list, looked through and recorded: what is new waits for the counter, what was there
before stays as it is, what is no longer listed is told and never deleted.

A list may be recorded any number of times: the second time changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet

from dossiers.acts.filings import put_back, rounds_of
from dossiers.acts.helping import tie
from dossiers.importing import online_lines
from dossiers.importing.online_columns import columns_of
from dossiers.importing.online_lines import Listed
from dossiers.importing.online_names import Named, named_in
from dossiers.importing.trouble import LineRefused
from dossiers.intake import online
from dossiers.models import AnsweredRound, Dossier, OnlineFiling, OnlineList, OnlineSource
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency
from onestop.changes.domain import add_all, update_all
from onestop.columns import Columns, TableOf
from onestop.errors import DomainError, say
from onestop.folding import fold
from onestop.jobs import staged
from onestop.once import alone, once
from onestop.worktime import local

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.models import Officer

FOLDER = "online-lists"
NEW, AGAIN, WAITING, DIFFERENT, RECEIVED, SETTLED, REPEATED, FOREIGN, REFUSED = OUTCOMES = (
    "new", "again", "waiting", "different", "received", "settled", "repeated", "foreign", "refused",
)  # fmt: skip
# Lines that are read, but are not for this counter's list: nothing in the file needs mending.
_PASSED_OVER = {"online_row_twice": REPEATED, "online_row_agency": FOREIGN}
State, Stage = OnlineFiling.State, OnlineList.Stage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one line, and why."""

    number: int
    code: str
    what: str
    reason: str = ""
    listed: Listed | None = None
    stored: OnlineFiling | None = None

    def told(self) -> dict[str, Any]:
        return {
            "line": self.number,
            "code": self.code,
            "what": self.what,
            "reason": self.reason,
        }


@dataclass(slots=True)
class Preview:
    """What recording the list would do. `gone`: what still waits and is not in the list any more;
    `passed`: rows that are no filings.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    gone: list[OnlineFiling] = field(default_factory=list)
    passed: int = 0
    procedures: Named = field(default_factory=Named)

    @property
    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(OUTCOMES, 0)
        for one in self.outcomes:
            found[one.what] += 1
        return {"rows": len(self.outcomes), **found, "gone": len(self.gone), "passed": self.passed}

    @property
    def outside(self) -> int:
        """How many of the gone were filed on days before or after those of the list: perhaps the
        list is only a part of what waits.
        """
        days = [local(one.listed.filed_at).date() for one in self.outcomes if one.listed]
        if not days:
            return len(self.gone)
        first, last = min(days), max(days)
        return sum(not first <= local(one.filed_at).date() <= last for one in self.gone)

    def of(self, *what: str) -> list[Outcome]:
        return [one for one in self.outcomes if one.what in what]


# --- the file ---------------------------------------------------------------------------------------


def start(
    upload: UploadedFile[Any], *, source: OnlineSource, agency: Agency, by: Officer, at: datetime
) -> OnlineList:
    """Keep an upload so that it can be looked through. Errors: those of tables.read_table."""
    sha256, kept = staged.keep_table(upload, FOLDER)
    return OnlineList.objects.create(
        source=source,
        agency=agency,
        by=by,
        at=at,
        file_name=(upload.name or "")[:250],
        sha256=sha256,
        kept=kept,
    )


def needed() -> QuerySet[OnlineList, str]:
    """Where the uploads lie that are neither recorded nor dropped."""
    return OnlineList.objects.filter(stage=Stage.OPEN).values_list("kept", flat=True)


def table_of(record: OnlineList) -> TableOf:
    """The kept file of a list, its columns as the source keeps them or as they are guessed. Errors:
    DomainError("online_list_gone").
    """
    rows = staged.kept_table(record, gone="online_list_gone")
    return TableOf(rows, columns_of(rows, record.source.columns))


def are_confirmed(record: OnlineList, table: TableOf) -> bool:
    """Whether a person has confirmed just these columns for the source."""
    return table.columns.are(record.source.columns)


def confirm_columns(record: OnlineList, columns: Columns) -> None:
    """The columns of a source as a person confirmed them: kept for all lists that follow."""
    record.source.columns = columns.named
    record.source.save(update_fields=["columns"])


# --- looking through --------------------------------------------------------------------------------


def preview(
    table: TableOf,
    *,
    source: OnlineSource,
    agency: Agency,
    now: datetime,
    is_part: bool = False,
    lock: bool = False,
) -> Preview:
    """What the list says against what is known here. Five queries, however long it is. `is_part`:
    the list does not name all that waits (some days, some pages), so what it leaves out is not gone.
    `lock`: inside the recording transaction, so that nobody receives meanwhile what it names.
    """
    found = Preview()
    listed: list[Listed | Outcome] = []
    others = _Others(agency)
    seen: dict[str, int] = {}
    for row in table.lines:
        if online_lines.is_no_filing(row, table.columns):
            found.passed += 1
            continue
        try:
            line = online_lines.read(row, table.columns, pattern=source.code_pattern, now=now)
            others.check(line)
            first = seen.setdefault(line.code, line.number)
            if first != line.number:
                raise LineRefused("code", "online_row_twice", line=first)
        except LineRefused as refused:
            code = online_lines.text_of(row, table.columns, "code")[:60]
            reason = say(refused.code, refused.data)
            what = _PASSED_OVER.get(refused.code, REFUSED)
            listed.append(Outcome(row.number, code, what, reason))
        else:
            listed.append(line)
    stored = {one.code: one for one in _stored(seen, lock=lock)}
    received = _received(seen)
    for one in listed:
        found.outcomes.append(
            one if isinstance(one, Outcome) else _outcome(one, stored, received, agency)
        )
    found.procedures = named_in(one for one in listed if isinstance(one, Listed))
    found.outcomes = [_with_names(one, found.procedures) for one in found.outcomes]
    if is_part:
        return found
    waiting = OnlineFiling.objects.filter(source=source, agency=agency, state=State.WAITING)
    found.gone = [one for one in waiting.order_by("accept_by", "pk") if one.code not in seen]
    return found


def _with_names(one: Outcome, procedures: Named) -> Outcome:
    """What is to wait says which procedures its name may mean, where they are several."""
    codes = procedures.several(one.listed) if one.listed and one.what in (NEW, AGAIN) else []
    if not codes:
        return one
    said = say("online_row_same_names", {"codes": ", ".join(codes)})
    return replace(one, reason=f"{one.reason}; {said}" if one.reason else said)


def _stored(codes: Any, *, lock: bool) -> list[OnlineFiling]:
    rows = OnlineFiling.objects.filter(code__in=list(codes)).select_related("agency").order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True) if lock else rows)


def _received(codes: Any) -> dict[str, datetime | None]:
    """Dossiers of these codes, each with when it was filed as it was received; None: not on line."""
    rows = Dossier.objects.filter(code__in=list(codes))
    return dict(rows.values_list("code", "online__filed_at"))


def _outcome(
    line: Listed,
    stored: dict[str, OnlineFiling],
    received: dict[str, datetime | None],
    agency: Agency,
) -> Outcome:
    if line.code in received:
        return Outcome(line.number, line.code, RECEIVED, _filed_otherwise(line, received), line)
    row = stored.get(line.code)
    if row is None:
        return Outcome(line.number, line.code, NEW, "", line)
    if row.agency_id != agency.pk:
        reason = say("online_row_agency", {"given": row.agency.name})
        return Outcome(line.number, line.code, FOREIGN, reason, line, row)
    if row.is_waiting:
        differs = _differs(row, line)
        what = DIFFERENT if differs else WAITING
        return Outcome(line.number, line.code, what, differs, line, row)
    is_filed_again = row.state == State.ANSWERED and line.filed_at > row.filed_at
    if is_filed_again or row.state == State.RECALLED:
        return Outcome(line.number, line.code, AGAIN, row.get_state_display(), line, row)
    return Outcome(line.number, line.code, SETTLED, row.get_state_display(), line, row)


def _filed_otherwise(line: Listed, received: dict[str, datetime | None]) -> str:
    """A time that was typed and is not the portal's is told, with both."""
    filed_at = received[line.code]
    if filed_at is None or abs((filed_at - line.filed_at).total_seconds()) < 60:
        return ""
    here, there = local(filed_at), local(line.filed_at)
    return f"giờ nộp đang ghi {here:%d/%m/%Y %H:%M}, danh sách ghi {there:%d/%m/%Y %H:%M}"


def _differs(row: OnlineFiling, line: Listed) -> str:
    """What the list says otherwise than the line that waits, which stays as it is."""
    found = []
    if abs((row.filed_at - line.filed_at).total_seconds()) >= 60:
        there = local(line.filed_at)
        found.append(f"giờ nộp {there:%d/%m/%Y %H:%M}")
    if fold(row.owner_name) != fold(line.owner):
        found.append(f"người nộp {line.owner}")
    return f"danh sách ghi {', '.join(found)}; giữ như cũ" if found else ""


class _Others:
    """Lists of a whole province name the agency of each line: those of others are not taken."""

    def __init__(self, agency: Agency) -> None:
        self._own = agency
        self._names: dict[str, set[int]] | None = None

    def check(self, line: Listed) -> None:
        if not line.agency:
            return
        if self._names is None:
            self._names = {}
            for pk, code, name in Agency.objects.values_list("pk", "code", "name"):
                for known in (code, name):
                    self._names.setdefault(_short(known), set()).add(pk)
        # Communes of two districts bear one name: a line that may be ours is ours.
        whose = self._names.get(_short(line.agency))
        if whose and self._own.pk not in whose:
            raise LineRefused("agency", "online_row_agency", given=line.agency)


def _short(name: str) -> str:
    words = fold(name).replace("uy ban nhan dan", "ubnd")
    return words.removeprefix("ubnd ").strip()


# --- recording --------------------------------------------------------------------------------------


def record(
    row: OnlineList, table: TableOf, *, by: Officer | None, at: datetime, is_part: bool = False
) -> Preview:
    """Let what is new wait for the counter. Looked through anew behind a lock, so that two lists at
    once do not meet.

    Effects in one transaction: new filings with the end of their eight working hours, those that
    were handed in again, marks on what is listed no more, the list's counts. The kept file goes
    afterwards. Errors: DomainError("online_list_over", "online_list_meanwhile").
    """
    kept = row.kept
    with once(DomainError("online_list_meanwhile")):
        # `no_key`: a reception that refers to the source goes on meanwhile, and holds a filing that
        # is written below; each would wait for the other.
        source = OnlineSource.objects.select_for_update(no_key=True).get(pk=row.source_id)
        row.refresh_from_db(fields=["stage"])
        if row.stage != Stage.OPEN:
            raise DomainError("online_list_over")
        alone(online.RECORDING)
        found = preview(table, source=source, agency=row.agency, now=at, is_part=is_part, lock=True)
        calendar = calendar_of(row.agency_id)
        made = [
            _filled(OnlineFiling(listed_in=row), one.listed, row, found, calendar)
            for one in found.of(NEW)
            if one.listed is not None
        ]
        came = add_all(OnlineFiling, made)
        again = found.of(AGAIN)
        add_all(AnsweredRound, rounds_of(one.stored for one in again if one.stored is not None))
        for one in again:
            if one.stored is not None and one.listed is not None:
                put_back(one.stored)
                one.stored.listed_in, one.stored.missing_from = row, None
                _filled(one.stored, one.listed, row, found, calendar).save()
                came.append(one.stored)
        tie(came)
        _mark(row, found)
        row.stage, row.counts, row.ended_at, row.kept = Stage.DONE, found.counts, at, ""
        row.save()
    if kept:
        transaction.on_commit(lambda: staged.let_go(kept))
    return found


def _filled(
    filing: OnlineFiling, line: Listed, row: OnlineList, found: Preview, calendar: Any
) -> OnlineFiling:
    promise = online.clock(line.filed_at, calendar)
    said = {
        "code": line.code,
        "source": row.source,
        "agency": row.agency,
        "filed_at": line.filed_at,
        "accept_by": promise.at,
        "warn_at": promise.warn_at,
        "channel": line.channel,
        "procedure": found.procedures.one(line),
        "procedure_text": line.procedure or line.procedure_code,
        "owner_name": line.owner,
        "identity_number": line.identity,
        "phone": line.phone,
        "email": line.email,
        "address": line.address,
        # What the exchange said of an earlier round, its hours too, is not this one's.
        "said": None,
        "case": None,
        "soon_flagged": False,
        "late_flagged": False,
    }
    for name, value in said.items():
        setattr(filing, name, value)
    return filing


def _mark(row: OnlineList, found: Preview) -> None:
    """What is listed no more says so; what is listed again does not."""
    gone = [one.pk for one in found.gone]
    back = [one.stored.pk for one in found.of(WAITING, DIFFERENT) if one.stored is not None]
    if gone:
        # Some may have been received since they were looked through.
        waiting = OnlineFiling.objects.filter(pk__in=gone, state=State.WAITING)
        update_all(waiting, missing_from=row)
    marked = OnlineFiling.objects.filter(pk__in=back, missing_from__isnull=False)
    if back and marked.exists():
        update_all(marked, missing_from=None)


def drop(row: OnlineList, *, at: datetime) -> None:
    """Bỏ: not recorded after all; the trace stays, the upload goes. Errors:
    DomainError("online_list_over").
    """
    kept = row.kept
    with transaction.atomic():
        row = OnlineList.objects.select_for_update().get(pk=row.pk)
        if row.stage != Stage.OPEN:
            raise DomainError("online_list_over")
        row.stage, row.ended_at, row.kept = Stage.DROPPED, at, ""
        row.save()
    if kept:
        staged.let_go(kept)


def undo(row: OnlineList, *, by: Officer, at: datetime) -> int:
    """Hoàn tác: what the list brought and nobody has touched waits no longer; how many. Errors:
    DomainError("online_cannot_undo") for a list that is not recorded.
    """
    with transaction.atomic():
        row = OnlineList.objects.select_for_update().get(pk=row.pk)
        if row.stage != Stage.DONE:
            raise DomainError("online_cannot_undo")
        brought = OnlineFiling.objects.filter(listed_in=row, state=State.WAITING)
        count = update_all(brought, state=State.RECALLED, ended_at=at, ended_by=by)
        update_all(OnlineFiling.objects.filter(missing_from=row), missing_from=None)
        row.stage, row.ended_at = Stage.UNDONE, at
        row.save()
    return count
