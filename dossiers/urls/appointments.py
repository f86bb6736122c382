"""Addresses of the appointment before the result."""

from django.urls import path

from dossiers.views import appointments

urlpatterns = [
    path("ho-so/<str:code>/hen-buoc/", appointments.appoint_step, name="act_appoint_step"),
]
