"""What the verbs of the counter's page share: its scans, and the page itself with what was typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dossiers.forms.intake import IntakeForm
from dossiers.intake.drafts import add_scan
from dossiers.views.intake_drafts import AlreadySent
from dossiers.views.intake_sheet import Sheet
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
    return {"s": sheet, "form": form or sheet.blank_form(), "problems": problems or []}


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
    sheet: Sheet, form: IntakeForm | None = None, problems: list[str] | None = None
) -> HttpResponse:
    if sheet.is_new and not sheet.handlers and sheet.door is None:
        return render(
            sheet.request, "dossiers/intake/form.html", {"s": sheet, "body": blank_body(sheet)}
        )
    for problem in problems or []:
        if form is not None:
            form.add_error("scans", problem)
    given = context(sheet, form, problems)
    given["body"] = render_to_string("dossiers/intake/_body.html", given)
    status = 422 if problems or given["form"].is_bound else 200
    return render(sheet.request, "dossiers/intake/form.html", given, status=status)


def is_part(sheet: Sheet) -> bool:
    return bool(sheet.request.headers.get("HX-Request"))
