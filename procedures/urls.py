"""Addresses of the catalogue: public pages, the clerk's search, the controller's desk."""

from django.urls import URLPattern, URLResolver

app_name = "procedures"

urlpatterns: list[URLPattern | URLResolver] = []
