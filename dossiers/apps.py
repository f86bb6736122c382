from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "dossiers"
    label = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Hồ sơ"

    def ready(self) -> None:
        from dossiers import (  # noqa: F401
            acts,
            hooks,
            keeping,
            kept,
            messages,
            messages_clock,
            messages_collecting,
            messages_consulting,
            messages_corrections,
            messages_importing,
            messages_intake,
            messages_legs,
            messages_money,
            messages_online,
            messages_outgoing,
            messages_partners,
            messages_post,
            messages_pressing,
            messages_repairs,
            messages_urging,
            shell,
        )
        from dossiers.models import AgencyDigest, Event, OfficeDecision
        from onestop.guards import protect

        acts.load()
        protect(Event)
        protect(AgencyDigest)
        protect(
            OfficeDecision,
            allow_columns=("confirmed_by_id", "confirmed_at", "ended_by_id", "ended_at"),
        )
        kept.keep_all()
        hooks.connect()
        keeping.connect()
        shell.connect()
