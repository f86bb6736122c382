from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "onestop.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Tệp đính kèm"

    def ready(self) -> None:
        from onestop.files import messages  # noqa: F401
