from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Trao đổi với Cổng"

    def ready(self) -> None:
        from exchange import shell

        shell.connect()
