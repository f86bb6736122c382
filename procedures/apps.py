from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "procedures"
    label = "procedures"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Thủ tục hành chính"

    def ready(self) -> None:
        from procedures import messages  # noqa: F401
