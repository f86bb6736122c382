"""Addresses of requests for completion that wait for their approver."""

from django.urls import URLPattern, path

from dossiers.views import agreeing, guiding

urlpatterns: list[URLPattern] = [
    path("duyet-bo-sung/", agreeing.agreements, name="agreements"),
    path("duyet-bo-sung/<int:pk>/", agreeing.answer, name="agreement_answer"),
    path("duyet-bo-sung/<int:pk>/hoan-tac/", agreeing.undo_answer, name="agreement_undo"),
    path("duyet-bo-sung/luot/<int:pk>/", guiding.answer, name="guidance_answer"),
    path("duyet-bo-sung/luot/<int:pk>/hoan-tac/", guiding.undo_answer, name="guidance_undo"),
]
