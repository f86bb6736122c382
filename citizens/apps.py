from django.apps import AppConfig


class CitizensConfig(AppConfig):
    name = "citizens"
    label = "citizens"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Người dân"

    def ready(self) -> None:
        from citizens import messages, shell  # noqa: F401

        shell.connect()
