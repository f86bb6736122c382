from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "onestop.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Thông báo"
