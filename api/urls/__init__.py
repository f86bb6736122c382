"""Addresses of the API and of its keys."""

from django.urls import URLPattern, URLResolver, path

from api import views
from api.urls.v1 import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("quan-tri/khoa-api/", views.keys_page, name="api_keys"),
    path("quan-tri/khoa-api/<int:pk>/thu-hoi/", views.end, name="api_key_end"),
    path("api/v1/", api.urls),
]
