from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "onestop.changes"
    label = "changes"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Sổ thay đổi"

    def ready(self) -> None:
        from onestop.changes.models import RowChange
        from onestop.guards import protect

        protect(RowChange)
