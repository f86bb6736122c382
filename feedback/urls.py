"""Addresses of ratings by who holds a slip; those of signed-in citizens stand in citizens/urls.py."""

from django.urls import URLPattern, path

from feedback.views import by_slip

urlpatterns: list[URLPattern] = [
    path("tra-cuu/<str:code>/danh-gia/", by_slip.rate, name="lookup_rate"),
]
