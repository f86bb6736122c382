from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Trao đổi với Cổng"

    def ready(self) -> None:
        from exchange import messages, shell  # noqa: F401
        from exchange.models import Door, Mapping
        from onestop.changes.domain import keep

        keep(Door, "cửa nhận từ hệ thống khác", open_text=("name",))
        keep(Mapping, "dòng bảng ánh xạ", open_text=("foreign",))
        shell.connect()
