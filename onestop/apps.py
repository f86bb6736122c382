from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class OnestopConfig(AppConfig):
    """The ground floor itself: template tags and commands that belong to no app above."""

    name = "onestop"
    label = "onestop"
    verbose_name = "Một cửa"

    def ready(self) -> None:
        """Every process knows the tasks, so that the web can queue them by name."""
        from django.utils.module_loading import autodiscover_modules

        from onestop import celery, ordering  # noqa: F401
        from onestop.keeping import messages  # noqa: F401
        from onestop.patience import take_json_for_granted

        take_json_for_granted()
        ordering.connect()
        autodiscover_modules("tasks")


class StaticConfig(StaticFilesConfig):
    """Packages bring far more static files than our pages use: what no page asks for is neither
    collected nor compressed.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "bootstrap-*", "bootstrap.rtl*", "bootstrap.css*", "bootstrap*.js*", "htmax*", "htmx-4*", "htmx-2.js", "ext",
    ]  # fmt: skip
