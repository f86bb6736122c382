"""Addresses of originals that are given back beside a result."""

from django.urls import path

from dossiers.views import originals

urlpatterns = [
    path("ho-so/<str:code>/ban-chinh/", originals.give, name="act_return_papers"),
    path("tra-ket-qua/ban-chinh/", originals.held, name="originals_held"),
]
