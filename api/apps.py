from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "API"

    def ready(self) -> None:
        from api import messages, shell  # noqa: F401
        from api.models import ApiKey
        from onestop.changes.domain import keep

        keep(
            ApiKey,
            "khóa API",
            open_text=("name",),
            aside={"used_on": "changes with every day of use; the access log tells each question"},
        )
        shell.connect()
