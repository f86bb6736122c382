"""What the views of the desks share: finding a dossier, reading a selection, saying what was
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from dossiers.acts.many import Done, Seen
from dossiers.acts.taking_back import take_back_press
from dossiers.desk import dossier as queries
from dossiers.desk.handover import chosen_dossiers
from dossiers.desk.rows import Row as Row
from dossiers.desk.rows import rows_of as rows_of
from dossiers.models import Dossier
from dossiers.reach import DESK_ROLES as DESK_ROLES
from dossiers.reach import WORK_ROLES as WORK_ROLES
from dossiers.views.papers import print_of_press
from onestop.accounts.access import access
from onestop.accounts.desk import Desk
from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.templatetags.ui import undo
from onestop.texts import MOST_NUMBER, whole_number

# Who moves a whole desk to a successor.
MOVERS = (Role.HEAD, Role.LEADER, Role.ADMINISTRATOR)
MOST_CHOSEN = 500
# The version of a row that a page did not name: none of any dossier.
NOT_SAID = -1
MOST_NAMED = 10


def absent_names(request: OfficerRequest) -> dict[int, str]:
    return {officer.pk: officer.full_name for officer in request.desk.acting_for}


def find_dossier(request: OfficerRequest, code: str) -> Dossier:
    """The dossier, if this officer may open it; strangers get 404. Writes the reading down."""
    dossier = queries.for_acts(request.desk, code)
    if dossier is None:
        raise Http404
    access(request, AccessKind.VIEWED, "dossier", dossier.pk)
    return dossier


def chosen(request: OfficerRequest, name: str = "chon") -> list[Seen]:
    """The rows picked in a list: "id.version" each; what is no id is left out, a row without its
    version counts as old.
    """
    found: dict[int, Seen] = {}
    for value in (
        request.POST.getlist(name)[:MOST_CHOSEN] or request.GET.getlist(name)[:MOST_CHOSEN]
    ):
        named, _, version = value.partition(".")
        pk = whole_number(named)
        if pk is not None:
            found[pk] = Seen(pk, _version(version))
    return list(found.values())


def back_to(request: OfficerRequest, otherwise: str) -> str:
    """Where the officer came from (`ve`), when that is a page of this site."""
    address = request.POST.get("ve") or request.GET.get("ve") or ""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_ours else otherwise


def seen_of(request: OfficerRequest, dossier: Dossier) -> Seen:
    """The dossier as the page the officer acted on had shown it. Every page of an act says which
    version it showed: one that does not is refused like an old one, for nobody knows what stood on
    it.
    """
    return Seen(dossier.pk, _version(request.POST.get("seen", "")))


def _version(text: str) -> int:
    number = whole_number(text, most=MOST_NUMBER)
    return NOT_SAID if number is None else number


def failed(done: Iterable[Done]) -> list[tuple[str, str]]:
    """(code, why) of what could not be done."""
    return [(one.code, sentence(one.error)) for one in done if one.error is not None]


def without_closed_codes(desk: Desk, done: list[Done]) -> list[Done]:
    """What was refused, without the codes of dossiers this officer may not open; one query, only
    after a refusal.
    """
    refused = [one.dossier_id for one in done if one.error is not None]
    if not refused:
        return done
    may_open = set(
        Dossier.objects.visible_to(desk).filter(pk__in=refused).values_list("pk", flat=True)
    )
    return [
        one if one.error is None or one.dossier_id in may_open else replace(one, code="Một hồ sơ")
        for one in done
    ]


def warn(request: OfficerRequest, error: DomainError) -> None:
    messages.error(request, sentence(error))


def tell(
    request: OfficerRequest,
    done: list[Done],
    word: str,
    extra_tags: str = "",
    *,
    asked: int | None = None,
    things: str = "hồ sơ",
) -> None:
    """One message for an act on many: how many (of how many asked for) were done, and each that was
    not, with its reason.
    """
    bad, asked = failed(done), len(done) if asked is None else asked
    good = len(done) - len(bad)
    if good:
        count = str(good) if good == asked else f"{good}/{asked}"
        messages.success(
            request,
            f"{word} {count} {things}.",
            extra_tags=extra_tags,
        )
    for code, why in bad[:MOST_NAMED]:
        messages.warning(request, f"{code}: {why}")
    if len(bad) > MOST_NAMED:
        messages.warning(request, f"Còn {len(bad) - MOST_NAMED} {things} khác chưa làm được.")
    if len(done) < asked:
        messages.warning(request, f"{asked - len(done)} hồ sơ đã chọn: {say('gone_from_desk')}")


def with_chosen(
    request: OfficerRequest,
    act: Callable[[list[Seen]], list[Done]],
    word: str,
    otherwise: str,
    *,
    press: UUID | None = None,
    undone_at: str = "",
) -> HttpResponse:
    """Do it to the picked dossiers that this officer may open, say how many of how many, go back to
    the list. `otherwise`: where that is, when the page did not say; `press`: of an act that is
    taken back as a whole at the address of this name, and whose papers are offered to be printed.
    """
    seen = chosen(request)
    if not seen:
        messages.warning(request, say("none_chosen"))
        return redirect(back_to(request, otherwise))
    allowed = {d.pk for d in chosen_dossiers(request.desk, [one.dossier_id for one in seen])}
    try:
        done = act([one for one in seen if one.dossier_id in allowed])
    except DomainError as error:  # of all at once: a reason is missing
        warn(request, error)
    else:
        offers = after_press(request, press, undone_at) if press is not None else ""
        tell(request, done, word, offers, asked=len(seen))
    return redirect(back_to(request, otherwise))


def after_press(request: OfficerRequest, press: UUID, undone_at: str) -> str:
    """What a press on many dossiers offers beside its message: taking it back, printing its papers."""
    return f"{undo(press_address(undone_at, press))} {print_of_press(request, press)}".strip()


def press_address(name: str, press: UUID, *args: int) -> str:
    """Where all that one press did is taken back at once."""
    return f"{reverse(name, args=args)}?lan={press.hex}"


def take_back_pressed(request: OfficerRequest, word: str, *, none: str) -> list[Done]:
    """Take back what the press of such an address did, and say what became of each. `none`: the
    code of what is said where there is nothing.
    """
    press = read_press(request.GET.get("lan", ""))
    done = take_back_press(press, by=request.desk, at=timezone.now()) if press is not None else []
    done = without_closed_codes(request.desk, done)
    if not done:
        messages.warning(request, say(none))
    tell(request, done, word)
    return done


def read_press(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
