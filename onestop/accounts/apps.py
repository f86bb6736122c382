from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "onestop.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Cơ quan và tài khoản"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from onestop import guards, viruses
        from onestop.accounts import (
            calendars,
            desk,
            kept,
            messages,  # noqa: F401
            refusals,
            shell,
            succession,
        )
        from onestop.accounts.domain.security_keys import tell_of_copy
        from onestop.accounts.domain.signing_in import after_clock_set_back
        from onestop.accounts.factors import recovery, security_keys, totp  # noqa: F401
        from onestop.accounts.middleware import begin_session
        from onestop.accounts.models import AccessEvent, RoleGrant, Substitution, Takeover
        from onestop.errors import denials
        from onestop.instants import clock_set_back

        guards.protect(AccessEvent)
        # A role and a substitution end; who held what, and from when, stays as it was written.
        guards.protect(RoleGrant, allow_columns=("valid_to", "ended_at"))
        guards.protect(Substitution, allow_columns=("ended_at",))
        guards.protect(Takeover, allow_columns=("gone_known",))
        kept.keep_all()
        calendars.watch()
        desk.watch()
        succession.watch()
        shell.connect()
        viruses.found.connect(refusals.note_virus, dispatch_uid="accounts.viruses")
        denials.connect(refusals.note, dispatch_uid="accounts.denials")
        security_keys.cloned.connect(tell_of_copy, dispatch_uid="accounts.cloned")
        user_logged_in.connect(begin_session, dispatch_uid="accounts.begin_session")
        clock_set_back.connect(
            lambda now, **_: after_clock_set_back(now),
            weak=False,
            dispatch_uid="accounts.clock_set_back",
        )
