"""Addresses of the dashboard and of the statutory reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
