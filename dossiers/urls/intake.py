"""Addresses of the counter, and of the slips every desk prints."""

from django.urls import URLPattern, path, re_path

from dossiers.views import guiding, intake, intake_drafts, intake_form, intake_immediate, slips

urlpatterns: list[URLPattern] = [
    path("tiep-nhan/", intake.start, name="intake"),
    re_path(
        r"^tiep-nhan/lap/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/$", intake_form.form, name="intake_form"
    ),
    path("tiep-nhan/xong/<str:code>/", intake.done, name="intake_done"),
    path("tiep-nhan/luot/<int:pk>/", intake.visit, name="intake_visit"),
    path("tiep-nhan/luot/<int:pk>/phat-phieu/", guiding.issue, name="guidance_issue"),
    path("tiep-nhan/luot/<int:pk>/trinh/", guiding.put_again, name="guidance_put"),
    path("tiep-nhan/luot/<int:pk>/phieu/", slips.visit_page, name="visit_slip_page"),
    path("tiep-nhan/luot/<int:pk>/phieu.pdf", slips.visit_pdf, name="visit_slip_pdf"),
    path("tiep-nhan/nhap/<uuid:token>/", intake_drafts.autosave, name="intake_autosave"),
    path("tiep-nhan/nhap/<uuid:token>/bo/", intake_drafts.discard, name="intake_discard"),
    path(
        "tiep-nhan/nhap/<uuid:token>/tep/<int:pk>/",
        intake_drafts.draft_file,
        name="intake_draft_file",
    ),
    path("tiep-nhan/tra-ngay/", intake_immediate.lines, name="intake_immediate"),
    path("tiep-nhan/tra-ngay/<str:code>/hen/", intake_immediate.promise, name="intake_promise"),
    path("tiep-nhan/tra-ngay/<str:code>/tra/", intake_immediate.give_back, name="intake_give_back"),
    path("tiep-nhan/tra-ngay/<str:code>/phieu/", intake_immediate.slip, name="intake_line_slip"),
    path("ho-so/<str:code>/phieu/kiem-soat/lap/", slips.make_sheet, name="make_sheet"),
    path("ho-so/<str:code>/phieu/<slug:slug>/", slips.page, name="slip_page"),
    path("ho-so/<str:code>/phieu/<slug:slug>.pdf", slips.pdf, name="slip_pdf"),
]
