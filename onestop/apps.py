from django.apps import AppConfig


class OnestopConfig(AppConfig):
    """The ground floor itself: template tags and commands that belong to no app above."""

    name = "onestop"
    label = "onestop"
    verbose_name = "Một cửa"

    def ready(self) -> None:
        """Every process knows the tasks, so that the web can queue them by name."""
        from django.utils.module_loading import autodiscover_modules

        from onestop import celery  # noqa: F401

        autodiscover_modules("tasks")
