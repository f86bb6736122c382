"""Addresses of results on paper that are digitised."""

from django.urls import path

from dossiers.views import digitising

urlpatterns = [
    path("ho-so/<str:code>/so-hoa/", digitising.digitise, name="act_digitise_result"),
    path("ho-so/<str:code>/so-hoa/kiem-tra/", digitising.check, name="act_check_digitised"),
]
