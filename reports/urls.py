"""Addresses of the dashboard and of the statutory reports."""

from django.urls import URLPattern, path

from reports.views import (
    board,
    board_list,
    bringing,
    causes,
    cells,
    late,
    report_forms,
    runs,
    signing,
    statutory,
)

REPORT = "bao-cao/<str:form>/<str:agency>/<str:period>"

urlpatterns: list[URLPattern] = [
    path("dieu-hanh/", board.board, name="board"),
    path("dieu-hanh/theo/<slug:dimension>/", board.board_by, name="board_by"),
    path("dieu-hanh/tuoi/", board.board_ages, name="board_ages"),
    path("dieu-hanh/dien-bien/", board.board_course, name="board_course"),
    path("dieu-hanh/kenh/", board.board_channels, name="board_channels"),
    path("dieu-hanh/ho-so/", board_list.board_list, name="board_list"),
    path("dieu-hanh/ho-so/tep.xlsx", board_list.board_file, {"kind": "xlsx"}, "board_list_xlsx"),
    path("dieu-hanh/ho-so/tep.csv", board_list.board_file, {"kind": "csv"}, "board_list_csv"),
    path("qua-han/", late.late_list, name="late_list"),
    path("qua-han/nguyen-nhan/", late.late_say, name="late_causes_say"),
    path("qua-han/tep.xlsx", late.late_file, {"kind": "xlsx"}, "late_list_xlsx"),
    path("qua-han/tep.csv", late.late_file, {"kind": "csv"}, "late_list_csv"),
    path("bao-cao/", statutory.home, name="reports"),
    path("bao-cao/bieu/", report_forms.report_forms, name="report_forms"),
    path("bao-cao/bieu/<int:pk>/chep/", report_forms.copy_form, name="report_form_copy"),
    path("bao-cao/tu-tep/", bringing.upload, name="brought_files"),
    path("bao-cao/tu-tep/<int:pk>/", bringing.page, name="brought_file"),
    path("bao-cao/tu-tep/<int:pk>/tep/", bringing.content, name="brought_file_content"),
    path("bao-cao/tu-tep/<int:pk>/cot/", bringing.columns, name="brought_file_columns"),
    path("bao-cao/tu-tep/<int:pk>/don-vi/", bringing.units, name="brought_file_units"),
    path("bao-cao/tu-tep/<int:pk>/ghi/", bringing.record, name="brought_file_record"),
    path("bao-cao/tu-tep/<int:pk>/hoan-tac/", bringing.undo, name="brought_file_undo"),
    path("bao-cao/nguyen-nhan/<str:code>/", causes.cause, name="report_cause"),
    path("bao-cao/lan-lap/<int:pk>/", runs.run_page, name="report_run"),
    path("bao-cao/lan-lap/<int:pk>/lam-lai/", runs.run_again, name="report_run_again"),
    path(f"{REPORT}/", statutory.page, name="report_page"),
    path(f"{REPORT}/ho-so/", cells.cell, name="report_cell"),
    path(f"{REPORT}/ho-so/tep.xlsx", cells.cell_file, {"kind": "xlsx"}, "report_cell_xlsx"),
    path(f"{REPORT}/ho-so/tep.csv", cells.cell_file, {"kind": "csv"}, "report_cell_csv"),
    path(f"{REPORT}/tep.pdf", statutory.file, {"kind": "pdf"}, name="report_pdf"),
    path(f"{REPORT}/tep.xlsx", statutory.file, {"kind": "xlsx"}, name="report_xlsx"),
    path(f"{REPORT}/lap/", runs.order, name="report_order"),
    path(f"{REPORT}/<slug:what>/", signing.act, name="report_act"),
]
