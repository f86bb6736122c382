"""Addresses of voiding a reception made by mistake."""

from django.urls import URLPattern, path

from dossiers.views import voiding

urlpatterns: list[URLPattern] = [
    path("ho-so/<str:code>/huy-tiep-nhan/", voiding.void, name="act_void"),
    path("duyet-bo-sung/huy/<int:pk>/", voiding.answer, name="void_answer"),
    path("duyet-bo-sung/huy/<int:pk>/hoan-tac/", voiding.undo_answer, name="void_undo"),
]
