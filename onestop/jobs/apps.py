from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "onestop.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Công việc nền"

    def ready(self) -> None:
        from onestop.jobs import messages  # noqa: F401
        from onestop.jobs.listed import Job, list_jobs

        list_jobs(
            Job(
                "jobs.heartbeat", "Nhịp của bộ lập lịch",
                "Xem trang Sẵn sàng; khởi động lại bộ lập lịch và tiến trình xử lý việc nền.",
            ),
            Job(
                "jobs.prune", "Xóa lịch sử chạy cũ và phiên đăng nhập đã hết hạn",
                "Không ảnh hưởng công việc; đêm sau tự làm lại.",
            ),
        )  # fmt: skip
