"""Preparing and signing a report: the controller prepares, the head signs, nothing of it changes
afterwards.

Who holds which role is asked by the pages; here: two people, in order, with what must hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from dossiers.importing.hooks import figures_signed
from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError
from onestop.once import once
from onestop.rows import sha256_of
from onestop.worktime import VN
from reports.figures import Row, Scope, Table, carried, checks, empty, finished, parts, table
from reports.figures.brought import Origin
from reports.figures.catalogue import LABELS
from reports.figures.measures import BESIDE_LABELS, LATE_SIGNED
from reports.figures.tables import TOTAL, Beside
from reports.models import Column, EnteredFigures, ReportForm, SignedReport, Source
from reports.models.form import Reach
from reports.periods import Period, parse
from reports.rendering import as_dict

State = SignedReport.State


def standing(form_code: str, agency_id: int, period: Period) -> SignedReport | None:
    """The signed report of a form, agency and period."""
    return (
        SignedReport.objects.filter(
            form__code=form_code, agency=agency_id, period=period.code, state=State.SIGNED
        )
        .select_related("form", "agency")
        .first()
    )


def before(form_code: str, agency_id: int, period: Period, cut: datetime) -> SignedReport | None:
    """The report that ends the day before this period begins, of whatever kind, as signed by the
    cut; the latest signed where there are several.
    """
    rows = SignedReport.objects.filter(
        Q(closed_at=None) | Q(closed_at__gt=cut),
        form__code=form_code,
        agency=agency_id,
        last=period.previous().last,
        signed_at__lte=cut,
    )
    return rows.select_related("form").order_by("-signed_at").first()


def signed_parts(form_code: str, agency_id: int, cut: datetime) -> dict[str, SignedReport]:
    """The reports of a form and agency that stood signed at the cut, by the code of their period."""
    rows = SignedReport.objects.filter(
        Q(closed_at=None) | Q(closed_at__gt=cut),
        form__code=form_code,
        agency=agency_id,
        signed_at__lte=cut,
    )
    return {one.period: one for one in rows.order_by("signed_at")}


def prepare(
    form: ReportForm, agency: Agency, period: Period, cut: datetime, *, by: Officer, at: datetime
) -> SignedReport:
    """Count it, with all that does not hold among its problems, and keep it for the head.

    Effects: version n+1, beside those before it. Errors: those of check_prepare(),
    DomainError("report_gone"); of a form that is filled in by hand DomainError("entry_unfinished"),
    and DomainError("entry_raced") where it was saved after the cut.
    """
    check_prepare(form, agency, period, cut, at=at)
    if not form.is_entered:
        return _prepared(form, agency, period, cut, by=by, at=at)
    with transaction.atomic():
        # Who saves figures waits, or was waited for.
        Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
        later = EnteredFigures.objects.filter(
            form__code=form.code, agency=agency, period=period.code, at__gt=cut
        )
        if later.exists():
            raise DomainError("entry_raced")
        return _prepared(form, agency, period, cut, by=by, at=at)


def _prepared(
    form: ReportForm, agency: Agency, period: Period, cut: datetime, *, by: Officer, at: datetime
) -> SignedReport:
    filled = drafted(form, agency, period, cut)
    if form.source == Source.ENTERED and filled.problems:
        raise DomainError("entry_unfinished", first=filled.problems[0])
    places: carried.Places = {}
    if form.source == Source.DOSSIERS:
        places = carried.places(form, filled.scope, period, cut)
    figures = as_dict(filled, kept=True)
    del figures["state"]
    with transaction.atomic():
        # In one order, and no row of the agency with them: two presses would wait for each other.
        mine = _versions(form, agency, period).order_by("version").select_for_update(no_key=True)
        _none_stands(mine)
        version = (mine.aggregate(last=Max("version"))["last"] or 0) + 1
        report = SignedReport(
            form=form, agency=agency, period=period.code, first=period.first, last=period.last,
            version=version, cut=cut, figures=figures, adjustments=filled.carried_over,
            dossiers=[[pk, p.agency_id, p.field_id, list(p.columns)] for pk, p in places.items()],
            prepared_by=by, prepared_at=at,
        )  # fmt: skip
        report.sha256 = hash_of(report)
        # Where no version is there yet, there is no row to wait for: two may come to here.
        with once(DomainError("report_gone")):
            report.save(force_insert=True)
    return report


def check_prepare(
    form: ReportForm, agency: Agency, period: Period, cut: datetime, *, at: datetime
) -> None:
    """What can be said before anything is counted. One statement. Errors: DomainError(
    "list_unsigned", "cut_ahead", "period_runs", "report_waits", "report_signed").
    """
    if form.source == Source.LIST:
        raise DomainError("list_unsigned")
    if cut > at:
        raise DomainError("cut_ahead", cut=f"{cut.astimezone(VN):%H:%M %d/%m/%Y}")
    if cut < period.end:
        raise DomainError("period_runs", last=f"{period.last:%d/%m/%Y}")
    _none_stands(_versions(form, agency, period))


def _versions(form: ReportForm, agency: Agency, period: Period) -> QuerySet[SignedReport]:
    return SignedReport.objects.filter(form=form, agency=agency, period=period.code)


def _none_stands(versions: QuerySet[SignedReport]) -> None:
    for one in versions.only("state", "version"):
        if one.state in SignedReport.STANDING:
            raise DomainError(
                "report_waits" if one.state == State.PREPARED else "report_signed",
                version=one.version,
            )


def thaw(report: SignedReport) -> Table:
    """The table as it was frozen, for every form of output."""
    scope = Scope.for_form(report.form, report.agency)
    base = empty(worn(report), scope, parse(report.period), report.cut)
    return replace(filled_from(base, report.figures), carried_over=report.adjustments)


def filled_from(base: Table, figures: Mapping[str, Any]) -> Table:
    """The table of these figures, as `as_dict(…, kept=True)` gave them."""
    # PostgreSQL keeps no order of names.
    labels = BESIDE_LABELS | LABELS | finished.LABELS
    beside = figures["beside"]
    found = replace(
        base,
        total=_thawed({"label": "Tổng số", "key": TOTAL} | figures["total"], base.columns),
        beside=tuple(
            Beside(name, label, beside[name]) for name, label in labels.items() if name in beside
        ),
        problems=tuple(figures["problems"]),
        quarters=figures.get("quarters", {}),
        carried_over=figures.get("carried_over", {}),
    )
    found = found.with_said(figures.get("said", ()))
    return found.with_rows([_thawed(row, base.columns) for row in figures["rows"]])


def _thawed(row: Mapping[str, Any], columns: Iterable[Column]) -> Row:
    values = {one.number: row.get(one.number) for one in columns}
    origin = _origin(row["from_file"]) if "from_file" in row else None
    is_head = row.get("head", False)
    return Row(row["key"], row["label"], values, row.get("code", ""), is_head, origin)


def _origin(told: Mapping[str, Any]) -> Origin:
    recorded = datetime.fromisoformat(told["recorded_at"])
    return Origin(
        told["id"],
        told["name"],
        told["sha256"],
        recorded,
        told.get("number", 0),
        told.get("period", ""),
        tuple(map(_origin, told.get("quarters", ()))),
    )


def with_carried_over(filled: Table, agency: Agency) -> Table:
    """The table with its bridge from the report signed before, where there is one; what does not
    hold of it is a problem (R-107).
    """
    form, period, cut = filled.form, filled.period, filled.cut
    measures = {one.number: one.measure for one in form.columns_of()}
    followed = (measures.get("6"), measures.get("11")) == ("carried", "open")
    if form.source != Source.DOSSIERS or not followed:
        return filled
    last = before(form.code, agency.pk, period, cut)
    if last is None:
        return filled
    signed = parts.signed_places(last)
    then = carried.places(worn(last), filled.scope, parse(last.period), cut)
    now = carried.places(form, filled.scope, period, cut)
    over = carried.bridge(signed, then, now, since=last.cut)
    over = over.with_files(_from_files(last, filled))
    known = replace(filled, carried_over=told(over))
    return known.with_problems([over.problem] if over.problem else [])


def _from_files(last: SignedReport, filled: Table) -> list[carried.FromFile]:
    """The rows without dossiers of the signed report before and of this one, unit by unit."""
    before = {
        row["code"]: (row["label"], row.get("11"))
        for row in last.figures["rows"]
        if "from_file" in row
    }
    after = {row.code: (row.label, row.values.get("6")) for row in filled.brought}
    return [
        carried.FromFile(
            f"{(after.get(code) or before[code])[0]} ({code})",
            _whole(before.get(code)),
            _whole(after.get(code)),
        )
        for code in sorted(before.keys() | after.keys())
    ]


def _whole(told: tuple[str, Any] | None) -> int | None:
    return told[1] if told is not None and isinstance(told[1], int) else None


def with_causes(filled: Table, agency: Agency) -> Table:
    """A table of causes held against the report II.06 that was signed of the same period: what is late
    there, (10) + (13), is late here; the dossiers of which that does not hold are named below it.

    No problem: what was signed stays, and what was recorded since would keep this one unsigned.
    """
    form = filled.form
    late = [one.number for one in filled.columns if one.measure == "late"]
    if form.source != Source.DOSSIERS or "late_unsaid" not in {o.measure for o in filled.columns}:
        return filled
    code = "II.06b" if form.reach == Reach.WHOLE else "II.06a"
    signed = signed_parts(code, agency.pk, filled.cut).get(filled.period.code)
    if signed is None or not late:
        return filled
    said = {pk for pk, place in parts.signed_places(signed).items() if _is_late(place)}
    now = carried.places(form, filled.scope, filled.period, filled.cut)
    mine = {pk for pk, place in now.items() if place.counts_as(late[0])}
    codes = carried.codes(said ^ mine)
    told = [
        f"{words}: {', '.join(sorted(codes[pk] for pk in ids))}."
        for words, ids in (
            (f"Hồ sơ quá hạn trong {code} đã ký, nay không quá hạn", said - mine),
            (f"Hồ sơ nay quá hạn, không quá hạn trong {code} đã ký", mine - said),
        )
        if ids
    ]
    beside = (*filled.beside, Beside(LATE_SIGNED, BESIDE_LABELS[LATE_SIGNED], len(said)))
    found = replace(filled, beside=beside)
    differ = f"Cột (10) + (13) của {code} đã ký là {len(said)}, nay là {len(mine)}."
    return found.with_said([f"{differ} {' '.join(told)}"] if told else [])


def _is_late(place: carried.Place) -> bool:
    return place.counts_as("10") or place.counts_as("13")


def with_quarters(filled: Table, agency: Agency) -> Table:
    """A year's or half's table with what it says otherwise than its quarters."""
    if filled.form.source != Source.DOSSIERS or not parts.parts_of(filled.period, filled.cut):
        return filled
    signed = signed_parts(filled.form.code, agency.pk, filled.cut)
    return replace(filled, quarters=parts.compared(filled, signed))


def drafted(form: ReportForm, agency: Agency, period: Period, cut: datetime) -> Table:
    """The whole of it while nothing is kept: with what does not hold, what it carries over from the
    signed report before, and its quarters. Page, paper and command say the same.
    """
    filled = table(form, Scope.for_form(form, agency), period, cut)
    filled = with_carried_over(filled.with_problems(checks.problems(filled)), agency)
    return with_quarters(with_causes(filled, agency), agency)


def worn(report: SignedReport) -> ReportForm:
    """Its form with the labels and measures that were chosen for it."""
    return report.form.worn(report.figures.get("variant", ""))


def told(over: carried.CarriedOver) -> dict[str, Any]:
    """The bridge as it is kept and printed, row by row of the table."""
    row = carried.rows_called()
    files = [
        {"row": one.row, "before": one.before, "after": one.after}
        for one in over.from_files
        if one.turned
    ]
    of_files = {"by_files": over.turned, "files": files} if files else {}
    return of_files | {
        "signed_open": over.signed_open,
        "adjusted": over.adjusted,
        "transferred": over.transferred,
        "carried": over.carried,
        "adjustments": [
            {
                "row": row(one.after or one.before),
                "code": one.code,
                "before": list(one.before.columns) if one.before else [],
                "after": list(one.after.columns) if one.after else [],
                "happened_at": _written(one.happened_at),
                "recorded_at": _written(one.recorded_at),
            }
            for one in sorted(
                over.adjustments, key=lambda one: (row(one.after or one.before), one.code)
            )
        ],
        "transfers": [
            {"row": row(one.after or one.before), "code": one.code, "turned": one.turned}
            for one in over.transfers
        ],
    }


def _written(at: datetime | None) -> str | None:
    return at.astimezone(VN).isoformat() if at is not None else None


def hash_of(report: SignedReport) -> str:
    return sha256_of(report.content)


def sign(report_id: int, *, by: Officer, at: datetime) -> SignedReport:
    """The head signs what the controller prepared. Errors: DomainError("report_gone",
    "signs_own", "report_problems", "report_changed").
    """
    with transaction.atomic():
        report = _locked(report_id, State.PREPARED)
        check_sign(report, by=by)
        if hash_of(report) != report.sha256:
            raise DomainError("report_changed")
        return _close(report, State.SIGNED, signed_by=by, signed_at=at)


def check_sign(report: SignedReport, *, by: Officer) -> None:
    """What can be said before anything is drawn. Errors: DomainError("report_gone", "signs_own",
    "report_problems").
    """
    if report.state != State.PREPARED:
        raise DomainError("report_gone")
    if report.prepared_by_id == by.pk:
        raise DomainError("signs_own")
    if report.figures["problems"]:
        raise DomainError("report_problems", first=report.figures["problems"][0])


def send_back(
    report_id: int, *, reason: str, by: Officer, at: datetime, source: int = State.PREPARED
) -> SignedReport:
    """It goes back for repair, before or after the head signed it; the next one is version n+1.

    `source`: the state that was judged; another one by now means somebody was faster. Errors:
    DomainError("report_gone", "reason_missing").
    """
    return _ended(report_id, source, State.RETURNED, reason, by, at)


def withdraw(report_id: int, *, reason: str, by: Officer, at: datetime) -> SignedReport:
    """Signed wrongly: it stays with its reason and stands no more. Errors: as send_back()."""
    return _ended(report_id, State.SIGNED, State.WITHDRAWN, reason, by, at)


def _ended(
    report_id: int, source: int, target: int, reason: str, by: Officer, at: datetime
) -> SignedReport:
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with transaction.atomic():
        report = _locked(report_id, source)
        return _close(report, target, closed_by=by, closed_at=at, reason=reason.strip())


def _locked(report_id: int, state: int) -> SignedReport:
    rows = SignedReport.objects.select_for_update(of=("self",))
    found = rows.filter(pk=report_id, state=state)
    report = found.select_related("form", "agency").first()
    if report is None:
        raise DomainError("report_gone")
    return report


def _close(report: SignedReport, state: int, **columns: Any) -> SignedReport:
    columns["state"] = state
    for name, value in columns.items():
        setattr(report, name, value)
    report.save(update_fields=list(columns))
    return report


def signed_until(sender: Any, agency_ids: Iterable[int], **_: Any) -> dict[int, datetime]:
    """Until when figures of these agencies are signed: the import of earlier dossiers asks.

    A report of a province counts the offices below it too.
    """
    wanted = {agency.pk: agency for agency in Agency.objects.filter(pk__in=list(agency_ids))}
    found: dict[int, datetime] = {}
    of_dossiers = (Source.DOSSIERS, Source.FINISHED)
    rows = SignedReport.objects.filter(state=State.SIGNED, form__source__in=of_dossiers)
    for owner, reach, code in rows.values_list("agency_id", "form__reach", "period").distinct():
        period = parse(code)
        end = period.last_instant
        for pk, agency in wanted.items():
            offices = (agency, agency.in_charge(period.last))
            if any(owner in _counted_by(office, reach) for office in offices):
                found[pk] = max(end, found.get(pk, end))
    return found


def _counted_by(office: Agency, reach: str) -> tuple[int, ...]:
    """Whose reports of this reach count an office."""
    return office.lineage if reach == Reach.WHOLE else (office.pk,)


def connect() -> None:
    figures_signed.connect(signed_until, dispatch_uid="reports.frozen")
