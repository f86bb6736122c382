"""Addresses of the apology without a new date."""

from django.urls import path

from dossiers.views import apology

urlpatterns = [
    path("ho-so/<str:code>/xin-loi/", apology.apologise, name="act_apologise"),
]
