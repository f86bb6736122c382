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

from dossiers.views.throttle import Limit
from exchange.inbox import arriving, letting
from onestop.accounts.access import client_address
from onestop.errors import DomainError, say, sentence
from onestop.uploads import takes_up_to

KEPT, REFUSED, LATER = 0, 3, -3
# Of strangers, and of who has signed rightly.
UNSIGNED = Limit("exchange-address", times=60, seconds=60)
SIGNED = Limit("exchange-door", times=1200, seconds=60)
SIGNATURE = "X-Signature"
# So many times of what one message may be is read, to know who sent it.
KNOWN_UP_TO = 4


@csrf_exempt  # another program, which has no page of ours; it signs what it sends
@takes_up_to("EXCHANGE_MAX_BYTES", times=KNOWN_UP_TO)
@require_POST
def receive(request: HttpRequest, name: str) -> JsonResponse:
    """Keep what is sent. Who does not know the secret learns nothing, not even which doors there are."""
    if request.content_type not in ("application/json", "text/json"):
        return answered(REFUSED, say("exchange_unreadable"), status=415)
    most = settings.EXCHANGE_MAX_BYTES
    body = request.read(most + 1)
    if len(body) > most:
        return _too_big(request, name, body)
    door = arriving.door_of(name)
    if door is None or not arriving.is_signed(name, body, request.headers.get(SIGNATURE, "")):
        if wait := UNSIGNED.spend(client_address(request)):
            return often(wait)
        return answered(REFUSED, say("exchange_unknown"), status=401)
    if wait := SIGNED.spend(name):
        return often(wait)
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


def _too_big(request: HttpRequest, name: str, body: bytes) -> JsonResponse:
    """Refused; that a system which is let in sends more than we take, somebody here has to know."""
    most = settings.EXCHANGE_MAX_BYTES
    error = DomainError("exchange_too_big", limit=most // (1024 * 1024))
    given, door = request.headers.get(SIGNATURE, ""), arriving.door_of(name)
    if door is not None and given:
        whole = body + request.read(most * (KNOWN_UP_TO - 1))
        if arriving.is_signed(name, whole, given) and not SIGNED.spend(name):
            arriving.keep_too_big(door, whole, error, at=timezone.now())
    return answered(REFUSED, sentence(error), status=413)


def often(wait: int) -> JsonResponse:
    response = answered(LATER, say("exchange_often", {"seconds": wait}), status=429)
    response["Retry-After"] = str(wait)
    return response


def answered(code: int, message: str, *, status: int = 200, **more: Any) -> JsonResponse:
    told = {"error_code": code, "message": message, **more}
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
