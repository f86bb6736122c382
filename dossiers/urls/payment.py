"""Addresses of the financial obligation."""

from django.urls import path

from dossiers.views import payment

urlpatterns = [
    path("ho-so/<str:code>/nghia-vu-tai-chinh/", payment.ask, name="act_ask_payment"),
    path("ho-so/<str:code>/da-nop/", payment.record, name="act_record_payment"),
]
