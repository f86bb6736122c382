from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    label = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Hồ sơ"

    def ready(self) -> None:
        from dossiers import hooks, messages, messages_intake  # noqa: F401
        from dossiers.models import AgencyDigest, Event
        from onestop.guards import protect

        protect(Event)
        protect(AgencyDigest)
        hooks.connect()
