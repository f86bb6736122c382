"""Addresses of the citizens, of the return desk and of the search box."""

from django.urls import URLPattern, path

from dossiers.views import lookup

urlpatterns: list[URLPattern] = [
    path("tra-cuu/", lookup.start, name="lookup"),
    path("tra-cuu/<str:code>/", lookup.show, name="lookup_show"),
    path("tra-cuu/<str:code>/vi-sao/", lookup.why, name="lookup_why"),
]
