from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Người dân đánh giá"

    def ready(self) -> None:
        from dossiers.desk import lookup
        from feedback import demo, messages, rating  # noqa: F401

        lookup.rated.offer(rating.is_open)
        demo.connect()
