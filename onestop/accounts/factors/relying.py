"""Whether this address of ours can use security keys, and under which name (WebAuthn, R-142).

A browser uses a key only in a page that came by HTTPS, or from `localhost`, and only for a domain
name: on a plain address of the office's net nothing is to be seen of it. That is said, not left to
fail.
"""

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

NO_HTTPS, NO_NAME = "no_https", "no_name"


class Relying(NamedTuple):
    """`name`: what a key is bound to (RP id). `origins`: pages whose proof is taken. `why_not`: why
    no browser would use a key here; "" when one does.
    """

    name: str
    origins: list[str]
    why_not: str


def relying(request: HttpRequest) -> Relying:
    """By the name that the browser asked for, one of ALLOWED_HOSTS: what a key is bound to. A proxy
    that ends HTTPS is believed as everywhere (HTTPS=1), and where PUBLIC_URL has the same name, its
    way of writing counts too.
    """
    name = (urlsplit(f"//{request.get_host()}").hostname or "").rstrip(".")
    origins = [f"{request.scheme}://{request.get_host()}"]
    public = urlsplit(settings.PUBLIC_URL)
    if public.hostname == name:
        origins.append(f"{public.scheme}://{public.netloc}")
    return Relying(name, origins, _why_not(name, origins))


def _why_not(name: str, origins: list[str]) -> str:
    if _is_number(name):
        return NO_NAME
    is_local = name == "localhost" or name.endswith(".localhost")
    is_safe = is_local or any(origin.startswith("https://") for origin in origins)
    return "" if is_safe else NO_HTTPS


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
