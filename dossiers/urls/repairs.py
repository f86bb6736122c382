"""Addresses of what is put right after the end."""

from django.urls import path

from dossiers.views import repairs

urlpatterns = [
    path("ho-so/<str:code>/dinh-chinh/", repairs.correct, name="act_correct_result"),
    path("ho-so/<str:code>/trao-dinh-chinh/", repairs.deliver, name="act_deliver_correction"),
    path("ho-so/<str:code>/mat-hong/", repairs.lose, name="act_record_loss"),
]
