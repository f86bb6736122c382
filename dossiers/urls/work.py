"""Addresses of the desks: work by job, hand-overs, the dossier and the acts on it."""

from django.urls import URLPattern, path

from dossiers.views import acts, clock_acts, desk, dossier, giving, handover, late_requests, payment, scanning, work

urlpatterns: list[URLPattern] = [
    path("viec/", work.work_list, name="work"),
    path("viec/tiep/", work.next_dossier, name="next_dossier"),
    path("ban-giao/", handover.give_list, name="give_list"),
    path("ban-giao/giao/", giving.give, name="give"),
    path("ban-giao/nhan/", handover.receive_list, name="receive_list"),
    path("ban-giao/da-giao/", handover.given_list, name="given_list"),
    path("ban-giao/nhan/xac-nhan/", giving.confirm, name="confirm_many"),
    path("ban-giao/nhan/quet/", giving.scan, name="confirm_scanned"),
    path("ban-giao/nhan/hoan-tac/", giving.undo_received, name="undo_received"),
    path("ban-giao/quet/<slug:job>/", scanning.scanned, name="scanned"),
    path("ban-giao/thu-hoi/", giving.recall, name="recall_many"),
    path("ban-giao/so/", handover.batch_list, name="batches"),
    path("ban-giao/ban-lam-viec/", desk.move_desk, name="move_desk"),
    path("ban-giao/<int:pk>/", handover.batch, name="batch"),
    path("ban-giao/<int:pk>/phieu/", handover.batch_paper, name="batch_paper"),
    path("ban-giao/<int:pk>/thu-hoi/", giving.recall_batch, name="recall_batch"),
    path("ban-giao/<int:pk>/hoan-tac/", desk.undo_move, name="undo_move"),
    path("thu-tuc/quan-ly/bo-sung-muon/", late_requests.late_list, name="late_requests"),
    path("ho-so/<str:code>/", dossier.dossier_page, name="dossier"),
    path("ho-so/<str:code>/vi-sao/", dossier.why_page, name="dossier_why"),
    path("ho-so/<str:code>/nhat-ky/", dossier.log, name="dossier_log"),
    path("ho-so/<str:code>/tep/<int:pk>/", dossier.file, name="dossier_file"),
    path("ho-so/<str:code>/nhan/", acts.confirm, name="act_confirm"),
    path("ho-so/<str:code>/thu-hoi/", acts.recall, name="act_recall"),
    path("ho-so/<str:code>/ket-qua/", acts.result, name="act_result"),
    path("ho-so/<str:code>/xong/", acts.finish, name="act_finish"),
    path("ho-so/<str:code>/de-nghi-bo-sung/", clock_acts.propose, name="act_propose"),
    path("ho-so/<str:code>/yeu-cau-bo-sung/", clock_acts.ask, name="act_ask"),
    path("ho-so/<str:code>/nhan-bo-sung/", clock_acts.complete, name="act_complete"),
    path("ho-so/<str:code>/nghia-vu-tai-chinh/", payment.ask, name="act_ask_payment"),
    path("ho-so/<str:code>/da-nop/", payment.record, name="act_record_payment"),
    path("ho-so/<str:code>/hen-lai/", clock_acts.re_appoint, name="act_reappoint"),
    path("ho-so/<str:code>/rut/", acts.withdraw, name="act_withdraw"),
    path("ho-so/<str:code>/dung/", acts.stop, name="act_stop"),
    path("ho-so/<str:code>/hoan-tac/", acts.take_back, name="act_take_back"),
]
