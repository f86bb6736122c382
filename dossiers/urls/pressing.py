"""Addresses of an act on many dossiers by one press."""

from django.urls import path

from dossiers.views import pressing

urlpatterns = [
    path("viec/lam/", pressing.press_runs, name="press_runs"),
    path("viec/lam/<int:pk>/", pressing.press_run, name="press_run"),
    path("viec/lam/<int:pk>/lai/", pressing.press_again, name="press_run_again"),
    path("viec/lam/<int:pk>/hoan-tac/", pressing.press_undo, name="press_run_undo"),
    path("viec/lam/<slug:path>/", pressing.press, name="press"),
]
