from django.apps import AppConfig


class OnestopConfig(AppConfig):
    """The ground floor itself: template tags and commands that belong to no app above."""

    name = "onestop"
    label = "onestop"
    verbose_name = "Một cửa"
