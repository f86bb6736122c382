"""Addresses of approving and sending back: on one dossier, on many of the list."""

from django.urls import path

from dossiers.views import approval

urlpatterns = [
    path("ho-so/<str:code>/duyet/", approval.approve, name="act_approve"),
    path("ho-so/<str:code>/tra-lai/", approval.send_back, name="act_send_back"),
    path("viec/duyet/", approval.approve_many, name="approve_many"),
    path("viec/tra-lai/", approval.send_back_many, name="send_back_many"),
    path("viec/duyet/hoan-tac/", approval.undo_decided, name="undo_decided"),
]
