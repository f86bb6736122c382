from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


class CitizensConfig(AppConfig):
    name = "citizens"
    label = "citizens"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Người dân"

    def ready(self) -> None:
        from citizens import messages, shell  # noqa: F401

        shell.connect()
        register(check_kinds)


def check_kinds(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Said when the program starts: who signs in finds it out otherwise. No error: the counter works
    without citizens' pages.
    """
    from citizens.provider import is_connected

    if not is_connected() or settings.CITIZEN_OIDC_KINDS or not settings.CITIZEN_OIDC_KIND_CLAIM:
        return []
    claim = settings.CITIZEN_OIDC_KIND_CLAIM
    said = f"CITIZEN_OIDC_KINDS names no kind of account: where the provider says one ({claim}), nobody signs in."
    return [Warning(said, id="citizens.W001")]
