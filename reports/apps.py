from datetime import date
from typing import Any

from django.apps import AppConfig
from django.db import connection
from django.db.models import Model
from django.db.models.signals import post_migrate
from django.utils import timezone


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
        from reports import (  # noqa: F401
            bringing,
            demo,
            demo_duties,
            demo_entered,
            frozen,
            messages,
            reminding,
            runs,
            shell,
        )
        from reports.bringing import files
        from reports.digest import mailing
        from reports.duties import reminding as duties
        from reports.models import (
            BroughtFigures,
            BroughtFile,
            Criticism,
            Duty,
            DutyAct,
            DutyRule,
            EnteredFigures,
            FrozenFile,
            LateCause,
            ReportForm,
            ReportingOutage,
            SignedReport,
            WallBoard,
        )

        make_anew(ReportForm._meta.db_table)
        make_anew(Duty._meta.db_table)
        spare(bringing.FOLDER, files.needed)
        spare(runs.FOLDER, runs.needed)
        protect(FrozenFile)
        protect(BroughtFigures)
        protect(DutyAct)
        protect(EnteredFigures)
        protect(
            Criticism,
            allow_columns=(
                "year",
                "number",
                "symbol",
                "signed_by_id",
                "signed_at",
                "paper",
                "closed_by_id",
                "closed_at",
                "reason",
            ),
        )
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
        keep(DutyAct, "việc trên nghĩa vụ báo cáo", open_text=("period", "kind", "sha256"))
        keep(EnteredFigures, "số liệu nhập tay", open_text=("period",))
        keep(Criticism, "văn bản phê bình", open_text=("symbol",))
        keep(DutyRule, "quy tắc chấm báo cáo")
        keep(ReportingOutage, "sự cố hệ thống báo cáo")
        keep(WallBoard, "màn hình phòng chờ", open_text=("name",))
        keep(SignedReport, "báo cáo", open_text=("period", "sha256"))
        demo.connect()
        demo_duties.connect()
        demo_entered.connect()
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
        clock_set_back.connect(
            lambda now, **_: duties.after_clock_set_back(now),
            weak=False,
            dispatch_uid="reports.duties_clock_set_back",
        )
        clock_set_back.connect(
            lambda now, **_: mailing.after_clock_set_back(now),
            weak=False,
            dispatch_uid="reports.digest_clock_set_back",
        )
        post_migrate.connect(_put_forms, sender=self)


def _put_forms(**_: Any) -> None:
    """The forms in use stand in the database after every `migrate`, also those that a newer release
    brings; the usual duties to report, where there are none.
    """
    from reports.duties.setting import put_defaults
    from reports.form_data import put_forms
    from reports.models import ReportForm

    if not is_complete(ReportForm):
        return  # migrated back to an earlier release
    put_forms()
    put_defaults(today())


def is_complete(model: type[Model]) -> bool:
    """Whether the table in the database has every column that this release knows."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return False
        there = {one.name for one in connection.introspection.get_table_description(cursor, table)}
    return all(one.column in there for one in model._meta.concrete_fields)


def today() -> date:
    """From when on an installation without duties begins with the usual ones."""
    return timezone.localdate()
