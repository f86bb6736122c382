from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "onestop.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Thông báo"

    def ready(self) -> None:
        from onestop.instants import clock_set_back
        from onestop.jobs.listed import Job, list_jobs
        from onestop.outbox import domain, queries
        from onestop.shell import offer_bell

        list_jobs(
            Job(
                "outbox.sweep", "Gửi thư điện tử còn chờ",
                "Kiểm tra máy chủ thư (EMAIL_URL); thư chưa gửi được tự gửi lại, thưa dần.",
            )
        )  # fmt: skip
        offer_bell(queries.unread_count)
        clock_set_back.connect(
            lambda now, **_: domain.after_clock_set_back(now),
            weak=False,
            dispatch_uid="outbox.clock_set_back",
        )
