from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "onestop.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Tệp đính kèm"

    def ready(self) -> None:
        from onestop.files import messages  # noqa: F401
        from onestop.jobs.listed import Job, list_jobs

        list_jobs(
            Job(
                "files.sweep_orphans", "Dọn tệp không còn ai dùng",
                "Xem quyền ghi và chỗ trống của kho tệp ở trang Sẵn sàng; đêm sau tự làm lại.",
            ),
            Job(
                "files.verify", "Đối chiếu tệp với mã kiểm tra",
                "Cơ quan có tệp hỏng đã được báo; khôi phục tệp đó từ bản sao lưu.",
            ),
        )  # fmt: skip
