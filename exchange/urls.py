"""Addresses of the doors to other systems."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
