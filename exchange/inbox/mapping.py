"""A message as a filing: what its table says, or what is missing, in words. Nothing is guessed: what a
code means stands in a table or in the catalogue itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers.desk import intake as catalogue
from dossiers.desk import partners
from dossiers.intake import portal_codes
from dossiers.intake.assessing import published
from dossiers.intake.filers import filer_of
from dossiers.intake.said import Said
from dossiers.models import OnlineFiling
from dossiers.models.dossier import IdentityKind
from exchange.inbox import policies, times
from exchange.inbox.fitting import fitting, named, note_unread
from exchange.inbox.meaning import Mapped
from exchange.inbox.memo import Memo
from exchange.inbox.named import files_in
from exchange.inbox.places import WORDS, Told
from exchange.inbox.tables import Table, rows_of, table_on
from exchange.outbox.owners import meanings
from onestop.accounts.models import Agency
from onestop.errors import say
from onestop.folding import fold
from onestop.results import Denied
from onestop.texts import has_letter
from onestop.typed import squeeze
from procedures.channels import Channel
from procedures.models import Procedure

if TYPE_CHECKING:
    from dossiers.desk.partners import Handing
    from dossiers.models import OnlineSource
    from exchange.models import Door, Mapping
    from procedures.models import Case

IDENTITIES = {"1": IdentityKind.CITIZEN_CARD, "2": IdentityKind.OLD_CARD}
CHANNELS = {"": Channel.ONLINE_FULL, "4": Channel.ONLINE_FULL, "3": Channel.ONLINE_PART}
# What a partner office says of how its dossier came, as the national records number it: never online.
WAYS = {"1": Channel.DIRECT, "3": Channel.POST}
# Numbers that systems write where they have none.
PLACEHOLDERS = frozenset({"000000001", "000000000001", "123456789", "123456789012"})
# The room for a name.
NAME = 200
# So many files of one message are fetched: a dossier has some twenty papers.
MOST_FILES = 100
NOTES_OF_FILES = ("note_files", "note_many_files")


def code_of(data: dict[str, Any], own: dict[str, str] | None = None) -> str:
    """ "" also of what is longer than a code may be: part of one is another's."""
    code = portal_codes.portal_code(Told(data, own).text("code", 200))
    return code if len(code) <= 60 else ""


def table_for(
    door: Door, data: dict[str, Any], *, now: datetime, memo: Memo | None = None
) -> Table:
    """By which a message is read: of its procedure, on the day that it was filed."""
    today = timezone.localdate(now)
    table, rows, foreign = _tables(door, data, today, memo or Memo())
    filed_at = times.possible(Told(data, table.fields), "filed_at", now)
    return table if filed_at is None else table_on(rows, foreign, timezone.localdate(filed_at))


def _tables(
    door: Door, data: dict[str, Any], today: date, memo: Memo
) -> tuple[Table, list[Mapping], str]:
    """The table of today, by which the day of filing is found; all rows of the procedure; its code."""
    foreign = Told(data).text("procedure", 60)
    rows = memo.ask(rows_of, door, foreign)
    table = table_on(rows, foreign, today)
    if own := Told(data, table.fields).text("procedure", 60):
        foreign, rows = own, memo.ask(rows_of, door, own)
    return table, rows, foreign


def mapped(
    door: Door,
    data: dict[str, Any],
    *,
    now: datetime,
    handing: Handing | None = None,
    memo: Memo | None = None,
    before: OnlineFiling | None = None,
) -> Mapped:
    """Some ten queries, whatever it says; two less for a partner's where `handing` is read, and none for
    what others that share the `memo` have asked. `before`: its filing, where messages of this door
    brought it already.
    """
    memo = memo or Memo()
    # Which day's table holds is asked of the day of filing, which the table itself may place.
    today = timezone.localdate(now)
    table, rows, foreign = _tables(door, data, today, memo)
    told = Told(data, table.fields)
    found = Mapped(code_of(data, table.fields), handing=handing, memo=memo)
    filed_at = found.filed_at = times.filed_at(told, found, now)
    if filed_at is not None:
        table = table_on(rows, foreign, timezone.localdate(filed_at))
        told = Told(data, table.fields)
    found.sent_at = times.sent_at(told, found, now)
    if not portal_codes.fits(found.code, door.source.code_pattern):
        found.lack("missing_pattern", given=found.code, pattern=door.source.code_pattern)
    _owner(told, found)
    if door.source.channel is None:
        _filer(told, found, today)
    _files(told, found)
    found.agency = _agency(told, found, now, door)
    if found.agency is not None:
        owner_kind = _kind(told, found, "owner_kind", meanings(table.owners))
        said = Said(
            owner_kind=owner_kind,
            owner_code=told.text("owner_kind", 40) if owner_kind is not None else "",
            summary=fitting(told, found, "summary", 1000),
        )
        said = replace(said, identity_kind=_identity_kind(told, found))
        said = _procedure(told, table, found, said, foreign, today, door.source)
        if door.source.channel is not None:
            said = _handed(told, found, said)
        if filed_at is not None:
            policies.reckon(told, table, found, said, door=door, before=before, now=now)
    return found


def _owner(told: Told, found: Mapped) -> None:
    """Who it is for; a number that is none is left out and told."""
    name = told.text("owner", NAME + 1)
    if not has_letter(name):
        found.lack("missing_owner")
    elif len(name) > NAME:
        # Who it is for is never cut, and no filing has none.
        found.lack("missing_owner_long", most=NAME)
    for kind in ("identity", "tax_code"):
        note_unread(told, found, kind)
    number = squeeze(told.text("identity", 60) or told.text("tax_code", 60)).upper()
    if number and _is_placeholder(number):
        found.note("note_placeholder", given=number)
        number = ""
    if len(number) > 30:
        found.note("note_number", given=number[:40])
        number = ""
    if district := told.text("district", 20):
        found.note("note_district", given=district)
    if told.text("identity", 60) and _is_card(number, told.text("identity_kind", 40)):
        found.owner_card = number
    found.columns |= {
        "owner_name": name[:NAME],
        "identity_number": number,
        "phone": fitting(told, found, "phone", 20),
        "email": fitting(told, found, "email", 254),
        "address": fitting(told, found, "address", 300),
    }


def _is_card(number: str, kind: str) -> bool:
    """By the rule of desk/of_owner.py: a citizen card, or twelve digits of which no kind is said. Of a kind
    that nobody knows it is not sure.
    """
    is_said = not kind or IDENTITIES.get(kind) == IdentityKind.CITIZEN_CARD
    return is_said and len(number) == 12 and number.isascii() and number.isdecimal()


def _filer(told: Told, found: Mapped, today: date) -> None:
    """By whose account it was filed; what an earlier message said stays where this one says nothing."""
    filer = filer_of(
        identity=_number(told, "filer_identity"),
        tax_code=_number(told, "filer_tax_code"),
        unit=told.text("filer_unit", 60),
        on=today,
    )
    if filer != OnlineFiling.Filer.UNSAID:
        found.columns["filer"] = filer


def _files(told: Told, found: Mapped) -> None:
    """What it names; what cannot be read of it, and what is too much, is told."""
    files, unread = files_in(told)
    if unread:
        found.note("note_files", names=named(unread))
    if len(files) > MOST_FILES:
        found.note("note_many_files", count=len(files), most=MOST_FILES)
    found.files = files[:MOST_FILES]


def says_of_files(notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the notes that are of files."""
    return [one for one in notes if one["code"] in NOTES_OF_FILES]


def _number(told: Told, name: str) -> str:
    """ "" for what systems write where they have none."""
    text = told.text(name, 60)
    return "" if _is_placeholder(squeeze(text)) else text


def _is_placeholder(number: str) -> bool:
    return number in PLACEHOLDERS or len(set(number)) < 2


def _kind(told: Told, found: Mapped, name: str, known: dict[str, Any]) -> int | None:
    given = told.text(name, 40)
    if given and given not in known:
        found.lack("missing_value", given=given, field=WORDS[name])
    return int(known[given]) if given in known else None


def _identity_kind(told: Told, found: Mapped) -> int | None:
    if not told.text("identity", 60) and told.text("tax_code", 60):
        return int(IdentityKind.TAX_CODE)
    return _kind(told, found, "identity_kind", IDENTITIES)


def _agency(told: Told, found: Mapped, now: datetime, door: Door) -> Agency | None:
    """The open one-stop agency of the code that was sent, else of the unit part of the dossier's."""
    given = told.text("unit", 60) or found.code.partition("-")[0]
    if not given:
        found.lack("missing_unit_none")
        return None
    known = found.memo.ask(_counters, given, timezone.localdate(now))
    if len(known) != 1:
        found.lack("missing_unit", given=given)
        return None
    source = door.source.agency
    is_outside = source is not None and not known[0].is_under(source.path)
    if not _is_let(door, known[0], now, found) or is_outside:
        found.lack("missing_unit_scope", given=known[0].name)
        return None
    return known[0]


def _counters(given: str, on: date) -> list[Agency]:
    rows = Agency.objects.open_on(on).filter(is_one_stop=True)
    return list(rows.filter(code=given)[:1]) or list(rows.filter(dossier_code=given)[:2])


def _is_let(door: Door, agency: Agency, now: datetime, found: Mapped) -> bool:
    """Whether a partner office may hand to this counter; a portal to all."""
    if door.source.channel is None:
        return True
    handing = found.handing or partners.handing_of(door.source_id, timezone.localdate(now))
    if handing is None:
        return False
    answer = handing.to(agency)
    found.denied = answer if isinstance(answer, Denied) else None
    return bool(answer)


def _procedure(
    told: Told, table: Table, found: Mapped, said: Said, foreign: str, today: date,
    source: OnlineSource,
) -> Said:  # fmt: skip
    """Procedure and case by the table, else by the catalogue's own national code; and the papers."""
    assert found.agency is not None
    if not foreign:
        found.lack("missing_procedure_none")
        return said
    row = table.own
    procedure = row.procedure if row is not None and row.procedure_id else None
    procedure = procedure or found.memo.ask(_procedure_of, foreign)
    if procedure is None:
        found.lack("missing_procedure", given=foreign)
        return said
    version, answer = found.memo.ask(catalogue.procedure, procedure.code, today, found.agency)
    channel = _channel(told, found, source)
    if version is not None and channel is not None and source.channel is not None:
        answer = found.memo.ask(partners.answer, version, channel, today, found.agency)
        found.denied = answer if isinstance(answer, Denied) else None
    if version is None or isinstance(answer, Denied):
        why = say(answer.code, answer.data) if isinstance(answer, Denied) else ""
        found.lack("missing_version", given=procedure.code, why=why)
        return said
    found.columns |= {
        "procedure": procedure,
        "procedure_text": version.name[:500],
        "channel": channel or Channel.ONLINE_FULL,
    }
    case = _case(told, table, found.memo.ask(catalogue.cases_of, version), procedure.code, found)
    found.columns["case"] = case
    return replace(said, papers=_papers(found, table, case)) if case is not None else said


def _procedure_of(code: str) -> Procedure | None:
    return Procedure.objects.filter(code=code).first()


def _channel(told: Told, found: Mapped, source: OnlineSource) -> Channel | None:
    """How it was handed in: of a partner office by its own data, or as its message says of this one."""
    name, known = "channel", CHANNELS
    if source.channel is not None:
        # Never another than its own.
        name, own = "way", Channel(source.channel)
        known = {"": own} | {key: one for key, one in WAYS.items() if one == own}
    given = told.text(name, 40)
    if given not in known:
        found.lack("missing_value", given=given, field=WORDS[name])
    return known.get(given)


def _handed(told: Told, found: Mapped, said: Said) -> Said:
    """What a partner office says beyond a portal: who brings it by which paper; papers that are in no
    file come by bag.
    """
    names = {
        "submitter": NAME,
        "submitter_identity": 30,
        "submitter_phone": 20,
        "authorisation": 200,
    }
    more: dict[str, Any] = {name: fitting(told, found, name, most) for name, most in names.items()}
    has_files = bool(found.files)
    return replace(said, **more, follows=not has_files, papers=said.papers if has_files else None)


def _case(told: Told, table: Table, cases: list[Case], code: str, found: Mapped) -> Case | None:
    """The one that the message names, by the table or by the very name of the catalogue; where it names
    none, the table's one, else the only one there is; that one too where it has no name of its own.
    """
    given = told.text("case", 500)
    name = table.cases.get(given, given)
    if not given:
        name = table.own.case_name if table.own is not None else ""
        if told.value("case") is not None:
            found.lack("missing_value", given="", field=WORDS["case"])
            return None
    same = [case for case in cases if fold(case.name) == fold(name)] if name else []
    if len(same) == 1:
        return same[0]
    if name and (not given or given in table.cases):
        found.lack("missing_case_gone", name=name, given=code)
    elif len(cases) == 1 and not (given and cases[0].name):
        return cases[0]
    elif given:
        found.lack("missing_case_unknown", name=given, given=code, count=len(cases))
    else:
        found.lack("missing_case", given=code, count=len(cases))
    return None


def _papers(found: Mapped, table: Table, case: Case) -> dict[int, int]:
    """How many files came of each published paper, by the table's name of its code or by the very name
    of the catalogue.
    """
    by_name: dict[str, list[int]] = {}
    for paper in published(case):
        by_name.setdefault(fold(paper.name), []).append(paper.pk)
    counts: dict[int, int] = {}
    unknown = []
    for one in found.files:
        name = table.papers.get(one.paper_code, "") or one.paper_name
        same = by_name.get(fold(name), []) if name else []
        if len(same) == 1:
            counts[same[0]] = counts.get(same[0], 0) + 1
        else:
            unknown.append(one.paper_name or one.paper_code or one.name)
    if unknown:
        found.note("note_papers", names=named(unknown))
    return counts
