"""Addresses of reminders to the applicant."""

from django.urls import URLPattern, path

from dossiers.views import reminding

urlpatterns: list[URLPattern] = [
    path("ho-so/<str:code>/nhac/", reminding.remind, name="act_remind"),
]
