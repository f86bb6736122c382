"""Addresses of urging (đôn đốc) and of its answer."""

from django.urls import URLPattern, path

from dossiers.views import urging

urlpatterns: list[URLPattern] = [
    path("ho-so/<str:code>/don-doc/", urging.urge, name="act_urge"),
    path("ho-so/<str:code>/tra-loi-don-doc/", urging.answer, name="act_answer_urging"),
]
