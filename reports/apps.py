from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Điều hành và báo cáo"

    def ready(self) -> None:
        from onestop.changes.domain import keep
        from onestop.files.domain import spare
        from onestop.guards import protect
        from onestop.instants import clock_set_back
        from onestop.keeping.offered import make_anew
        from reports import bringing, demo, frozen, messages, reminding, runs, shell  # noqa: F401
        from reports.bringing import files
        from reports.models import (
            BroughtFigures,
            BroughtFile,
            FrozenFile,
            LateCause,
            ReportForm,
            SignedReport,
        )

        make_anew(ReportForm._meta.db_table)
        spare(bringing.FOLDER, files.needed)
        spare(runs.FOLDER, runs.needed)
        protect(FrozenFile)
        protect(BroughtFigures)
        protect(LateCause, allow_columns=("replaced_at",))
        protect(
            SignedReport,
            allow_columns=(
                "state",
                "signed_by_id",
                "signed_at",
                "closed_by_id",
                "closed_at",
                "reason",
            ),
        )
        keep(FrozenFile, "tệp của báo cáo đã ký", open_text=("sha256",), at_a_time=20)
        keep(LateCause, "nguyên nhân quá hạn", open_text=("cause",))
        keep(BroughtFile, "tệp số liệu của đơn vị ngoài hệ thống", open_text=("period", "sha256"))
        keep(BroughtFigures, "số liệu của đơn vị ngoài hệ thống")
        keep(SignedReport, "báo cáo", open_text=("period", "sha256"))
        demo.connect()
        frozen.connect()
        reminding.connect()
        shell.connect()
        clock_set_back.connect(
            lambda now, **_: runs.after_clock_set_back(now),
            weak=False,
            dispatch_uid="reports.clock_set_back",
        )
        clock_set_back.connect(
            lambda now, **_: reminding.after_clock_set_back(now),
            weak=False,
            dispatch_uid="reports.reminding_clock_set_back",
        )
        post_migrate.connect(_put_forms, sender=self)


def _put_forms(**_: Any) -> None:
    """The forms in use stand in the database after every `migrate`, also those that a newer release
    brings.
    """
    from reports.form_data import put_forms

    put_forms()
