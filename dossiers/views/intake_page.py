"""What the verbs of the counter's page share: its scans, and the page itself with what was typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dossiers.desk.money import books_to_take_from
from dossiers.forms.intake import IntakeForm
from dossiers.forms.paying import PREFIX, PayNowForm
from dossiers.intake.drafts import add_scan
from dossiers.views.intake_drafts import AlreadySent
from dossiers.views.intake_posted import NAMED as POSTED
from dossiers.views.intake_sheet import Sheet
from onestop.accounts.access import access_each
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError, sentence
from onestop.files.domain import keep as keep_file
from onestop.speed import Kept


def take_files(sheet: Sheet) -> list[str]:
    """Keep the uploaded scans with the draft; sentences about those that were refused.

    Errors: AlreadySent when the page was received meanwhile: no draft is made for it again.
    """
    problems = []
    for upload in sheet.request.FILES.getlist("tep"):
        try:
            kept = keep_file(upload, name=upload.name or "")
        except DomainError as error:
            problems.append(sentence(error))
            continue
        draft = sheet.draft or sheet.keep_draft()
        if not add_scan(draft, kept, by=sheet.request.user, at=sheet.now):
            sheet.draft = None
            raise AlreadySent
    return problems


def context(
    sheet: Sheet, form: IntakeForm | None = None, problems: list[str] | None = None
) -> dict[str, Any]:
    return {
        "s": sheet,
        "form": form or sheet.blank_form(),
        "problems": problems or [],
        "postal": sheet.typed.get(POSTED) or "",
        "handed": sheet.handed,
    }


def pay_form(sheet: Sheet, *, is_sent: bool = False) -> PayNowForm | None:
    """Where the fee is taken with the reception; None for what was received away from the program
    (its money was not taken now). `is_sent`: to be judged, not only shown as it was typed.
    """
    if sheet.door is not None:
        return None
    typed = {key: sheet.typed.get(key) for key in sheet.typed}
    prefix = f"{PREFIX}-"
    said = {key.removeprefix(prefix): at for key, at in typed.items() if key.startswith(prefix)}
    return PayNowForm(
        typed if is_sent else None,
        books=lambda: books_to_take_from(sheet.request.user.pk, sheet.agency.pk),
        initial=said,
    )


# Fresh bodies by version and proposed reason: published versions never change, so neither does what
# a fresh page asks.
_blank: Kept[SafeString] = Kept("blank form", most=200)


def blank_body(sheet: Sheet) -> SafeString:
    """The fields of a fresh page: the same for everybody who is proposed the same, so they are
    drawn once a version and process.
    """
    key = (sheet.version.pk, sheet.reason_last_time)

    def draw() -> SafeString:
        return render_to_string("dossiers/intake/_body.html", context(sheet))

    return _blank.get(key, draw, stamp=sheet.version.content_hash)


def page(
    sheet: Sheet,
    form: IntakeForm | None = None,
    problems: list[str] | None = None,
    pay: PayNowForm | None = None,
) -> HttpResponse:
    paying: dict[str, Any] = {"pay": pay or pay_form(sheet)}
    if sheet.is_new and not sheet.handlers and sheet.door is None:
        fresh = {"s": sheet, "body": blank_body(sheet)} | paying
        return render(sheet.request, "dossiers/intake/form.html", fresh)
    if not sheet.is_new:
        tell_offers(sheet)
    for problem in problems or []:
        if form is not None:
            form.add_error("scans", problem)
    given = context(sheet, form, problems) | paying
    given["body"] = render_to_string("dossiers/intake/_body.html", given)
    status = 422 if problems or given["form"].is_bound else 200
    return render(sheet.request, "dossiers/intake/form.html", given, status=status)


def tell_offers(sheet: Sheet) -> None:
    """Whose results in the store the page shows is written down at their dossiers (R-144)."""
    if offered := dict.fromkeys(one.stored.dossier_id for one in sheet.shelf.offers):
        said = "giấy tờ trong kho, khi tiếp nhận"
        access_each(sheet.request, AccessKind.VIEWED, "dossier", offered, said)


def of_case(sheet: Sheet) -> tuple[str, ...]:
    """Parts of the page that another case changes; what the store offers once there is a number."""
    parts = ("_channels", "_papers", "_fee")
    return (*parts, "_shelf") if sheet.identity.value else parts


def is_part(sheet: Sheet) -> bool:
    return bool(sheet.request.headers.get("HX-Request"))
