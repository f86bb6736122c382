from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured


class ExchangeConfig(AppConfig):
    name = "exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Trao đổi với Cổng"

    def ready(self) -> None:
        from exchange import messages, shell  # noqa: F401
        from exchange.models import Door, Mapping, NationalFigure
        from onestop.changes.domain import keep
        from onestop.guards import protect

        keep(Door, "cửa nhận từ hệ thống khác", open_text=("name",))
        keep(Mapping, "dòng bảng ánh xạ", open_text=("foreign",))
        keep(NationalFigure, "số của hệ thống báo cáo quốc gia", open_text=("peer", "source"))
        protect(NationalFigure)
        shell.connect()
        register(check_peers)


def check_peers(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A wrong list of peers is said when the program starts, not when something is sent."""
    from exchange.outbox.peers import peers
    from exchange.paying.platforms import platforms

    try:
        peers()
        platforms()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="exchange.E001")]
    return []
