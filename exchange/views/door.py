"""`/trao-doi/<door>/`: where another system sends to. Answers by the forms it knows: {error_code, message};
0 is kept, 3 is refused for good, -3 may be sent again.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dossiers.views.throttle import Known, Limit
from exchange.inbox import arriving, letting
from exchange.models import Door
from onestop.accounts.access import client_address
from onestop.errors import DomainError, say, sentence
from onestop.uploads import takes_up_to

KEPT, REFUSED, LATER = 0, 3, -3
MIB = 1024 * 1024
# Of strangers, and of who has signed rightly. A stranger's body costs as many times as it has MiB.
UNSIGNED = Limit("exchange-address", times=60, seconds=60)
SIGNED = Limit("exchange-door", times=1200, seconds=60)
# An address that signed rightly today is heard whatever strangers send from it.
HEARD = Known("exchange-heard", seconds=24 * 60 * 60)
# So much is read of any address, however often strangers failed there: by it a sender becomes known.
SMALL, PART = 64 * 1024, 64 * 1024
SIGNATURE = "X-Signature"
# So many times of what one message may be is read, to know who sent it.
KNOWN_UP_TO = 4


@csrf_exempt  # another program, which has no page of ours; it signs what it sends
@takes_up_to(
    "EXCHANGE_MAX_BYTES", times=KNOWN_UP_TO, header=SIGNATURE, is_shaped=arriving.is_shaped
)
@require_POST
def receive(request: HttpRequest, name: str) -> JsonResponse:
    """Keep what is sent. Who does not know the secret learns nothing, not even which doors there are."""
    if request.content_type not in ("application/json", "text/json"):
        return answered(REFUSED, say("exchange_unreadable"), status=415)
    address, given = client_address(request), request.headers.get(SIGNATURE, "")
    if not arriving.is_shaped(given):
        return _unknown(address)
    if wait := _too_often(request, address):
        return often(wait)
    signing = arriving.Signing(name)
    body = _read(request, signing)
    is_too_big = len(body) > settings.EXCHANGE_MAX_BYTES
    is_right = signing.is_right(given)
    if is_right:
        HEARD.remember(address)
    door = arriving.door_of(name) if is_right else None
    if is_too_big:
        return _too_big(door, body, signing.digest, address)
    if door is None:
        return _unknown(address)
    if wait := SIGNED.spend(name):
        return often(wait)
    return _taken(door, body)


def _too_often(request: HttpRequest, address: str) -> int:
    """Asked before Django reads anything, when the server has it all: whether this address sent too much that was not signed; the seconds
    until it may again. What is long is paid for before, else many at once would be read together.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0  # nothing of it is read
    if length <= SMALL or HEARD.has(address):
        return 0
    return UNSIGNED.spend(address, length // MIB)


def _read(request: HttpRequest, signing: arriving.Signing) -> bytes:
    """As much as one message may be and a byte; what is longer is read on part by part, to know from whom
    it is, and let go.
    """
    most = settings.EXCHANGE_MAX_BYTES
    parts, room, rest = [], most + 1, most * KNOWN_UP_TO
    while rest > 0 and (part := request.read(min(PART, rest))):
        signing.take(part)
        rest -= len(part)
        if room > 0:
            parts.append(part[:room])
            room -= len(part)
    return b"".join(parts)


def _unknown(address: str) -> JsonResponse:
    if wait := UNSIGNED.spend(address):
        return often(wait)
    return answered(REFUSED, say("exchange_unknown"), status=401)


def _too_big(door: Door | None, begin: bytes, digest: str, address: str) -> JsonResponse:
    """Refused; that a system which is let in sends more than we take, somebody here has to know."""
    error = DomainError("exchange_too_big", limit=settings.EXCHANGE_MAX_BYTES // MIB)
    if door is None:
        if wait := UNSIGNED.spend(address):
            return often(wait)
    elif not SIGNED.spend(door.name):
        arriving.keep_too_big(door, begin, digest, error, at=timezone.now())
    return answered(REFUSED, sentence(error), status=413)


def _taken(door: Door, body: bytes) -> JsonResponse:
    try:
        taken = arriving.take(door, body, at=timezone.now())
    except DomainError as error:
        status = 403 if isinstance(error, letting.NotLet) else 400
        return answered(REFUSED, sentence(error), status=status)
    codes = [message.foreign_code for message in taken.messages]
    if taken.refused:
        # Nobody sends again what was taken: which were not stands by their places in the list.
        why = [{"ThuTu": number, "LyDo": sentence(error)} for number, error in taken.refused]
        said = say("exchange_some", {"taken": len(codes), "refused": len(why)})
        return answered(
            KEPT, said, DanhSachMaHoSo=codes, SoKhongNhan=len(why), DanhSachKhongNhan=why
        )
    more = {"MaHoSo": codes[0]} if len(codes) == 1 else {"DanhSachMaHoSo": codes}
    return answered(KEPT, say("exchange_received" if taken.is_new else "exchange_known"), **more)


def often(wait: int) -> JsonResponse:
    response = answered(LATER, say("exchange_often", {"seconds": wait}), status=429)
    response["Retry-After"] = str(wait)
    return response


def answered(code: int, message: str, *, status: int = 200, **more: Any) -> JsonResponse:
    told = {"error_code": code, "message": message, **more}
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
