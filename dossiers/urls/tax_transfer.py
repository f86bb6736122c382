"""Addresses of the round trip to the tax authority."""

from django.urls import path

from dossiers.views import tax_transfer

urlpatterns = [
    path("ho-so/<str:code>/chuyen-thue/", tax_transfer.send, name="act_send_to_tax"),
    path("ho-so/<str:code>/thong-bao-thue/", tax_transfer.notice, name="act_tax_notice"),
    path("ho-so/<str:code>/khong-phai-nop/", tax_transfer.nothing, name="act_nothing_due"),
]
