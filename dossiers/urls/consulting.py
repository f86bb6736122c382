"""Addresses of consultations (lấy ý kiến): of who has the dossier, and of the asked unit."""

from django.urls import URLPattern, path

from dossiers.views import consulting

urlpatterns: list[URLPattern] = [
    path("ho-so/<str:code>/lay-y-kien/", consulting.consult, name="act_consult"),
    path("ho-so/<str:code>/ghi-y-kien/", consulting.record, name="act_record_opinion"),
    path("ho-so/<str:code>/khong-tra-loi/", consulting.silence, name="act_record_silence"),
    path("ho-so/<str:code>/rut-lay-y-kien/", consulting.withdraw, name="act_withdraw_consultation"),
    path("lay-y-kien/", consulting.asked, name="consultations"),
    path("lay-y-kien/<int:pk>/", consulting.one, name="consultation"),
    path("lay-y-kien/<int:pk>/hoan-tac/", consulting.undo, name="consultation_undo"),
    path("lay-y-kien/<int:pk>/tep/<int:file>/", consulting.file, name="consultation_file"),
]
