"""Addresses. Strings only: the project package never imports an app above it."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("onestop.accounts.urls")),
    path("", include("onestop.jobs.urls")),
    path("", include("onestop.outbox.urls")),
    path("", include("onestop.backups.urls")),
    path("", include("procedures.urls")),
    path("", include("dossiers.urls")),
    path("", include("feedback.urls")),
    path("", include("citizens.urls")),
    path("", include("exchange.urls")),
    path("", include("reports.urls")),
    path("", include("api.urls")),
]

handler500 = "onestop.trouble.server_error"
