from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "onestop.backups"
    label = "backups"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Sao lưu"

    def ready(self) -> None:
        from onestop.accounts.hooks import KINDS
        from onestop.accounts.models import Role
        from onestop.backups import making, messages, overview  # noqa: F401
        from onestop.backups.models import RestoreProof
        from onestop.guards import protect
        from onestop.instants import clock_set_back
        from onestop.jobs import health
        from onestop.jobs.listed import Job, list_jobs
        from onestop.shell import Tab, offer

        protect(RestoreProof)
        health.look_at("backup", overview.check)
        offer(Tab(79, "sao-luu", "backups:home", "Sao lưu", frozenset({Role.ADMINISTRATOR})))
        KINDS["backup"] = "Sao lưu"
        KINDS["restore_proof"] = "Thử khôi phục"
        list_jobs(
            Job(
                making.SWEEP, "Sao lưu mỗi đêm, làm tiếp lần sao lưu còn dở",
                "Mở trang Sao lưu xem vì sao; kiểm tra thư mục sao lưu còn chỗ và ghi được, rồi bấm Sao lưu ngay.",
            )
        )  # fmt: skip
        clock_set_back.connect(
            lambda now, **_: making.after_clock_set_back(now),
            weak=False,
            dispatch_uid="backups.clock_set_back",
        )
