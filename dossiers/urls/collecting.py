"""Addresses of telling people that their result is ready."""

from django.urls import path

from dossiers.views import collecting

urlpatterns = [
    path("ho-so/<str:code>/bao-ket-qua/", collecting.notify, name="act_notify_result"),
]
