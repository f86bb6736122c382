"""The address of a correction."""

from django.urls import URLPattern, path

from dossiers.views import correcting

urlpatterns: list[URLPattern] = [
    path("ho-so/<str:code>/dinh-chinh-tiep-nhan/", correcting.correct, name="act_correct"),
]
