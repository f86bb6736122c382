"""Addresses of the catalogue: public pages, the clerk's search, the controller's desk."""

from django.urls import URLPattern, URLResolver, path, re_path

from procedures.views import (
    control,
    correcting,
    focal_points,
    history,
    list_papers,
    list_reasons,
    lists,
    notices,
    own_processes,
    public,
    questions,
    search,
    sitemap,
    texts,
    unpublished,
    uploads,
)

app_name = "procedures"

urlpatterns: list[URLPattern | URLResolver] = [
    path("thu-tuc/", public.catalogue, name="catalogue"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("thu-tuc/viec/<slug:slug>/", public.life_event, name="event"),
    path("niem-yet/", notices.boards, name="boards"),
    path("niem-yet/ban-in/<int:pk>/", notices.edition, name="edition"),
    path("niem-yet/ban-in/<int:pk>/tep.pdf", notices.edition_file, name="edition_file"),
    path("niem-yet/<str:code>/", notices.board, name="board"),
    path("niem-yet/<str:code>/buu-chinh/", notices.by_post, name="by_post"),
    path("niem-yet/<str:code>/bang-<slug:kind>.pdf", notices.sheets, name="board_file"),
    path("niem-yet/<str:code>/in/", notices.prints, name="prints"),
    path("niem-yet/<str:code>/in/lap/", notices.order, name="order"),
    path("thu-tuc/tim/", search.find, name="find"),
    path("thu-tuc/quan-ly/", questions.queue, name="control"),
    path("thu-tuc/quan-ly/cau-hoi/", questions.ask, name="question"),
    path("thu-tuc/quan-ly/nhieu/", questions.bulk, name="bulk"),
    path("thu-tuc/quan-ly/nhieu/<int:pk>/rut-lai/", questions.undo_many, name="undo_answer"),
    path("thu-tuc/quan-ly/ngay-hieu-luc/", control.dates, name="dates"),
    path("thu-tuc/quan-ly/nhap/", uploads.uploads, name="uploads"),
    path("thu-tuc/quan-ly/nhap/<int:pk>/", uploads.upload, name="upload"),
    path("thu-tuc/quan-ly/nhap/<int:pk>/nhap/", uploads.confirm_upload, name="confirm_upload"),
    path("thu-tuc/quan-ly/nhap/<int:pk>/tep/", uploads.upload_file, name="upload_file"),
    path("thu-tuc/quan-ly/danh-muc/", lists.index, name="lists"),
    path("thu-tuc/quan-ly/danh-muc/moi/", lists.new, name="new_list"),
    path("thu-tuc/quan-ly/danh-muc/chua-cong-bo/", lists.unlisted, name="unlisted"),
    path("thu-tuc/quan-ly/danh-muc/chua-cong-bo/dua-vao/", list_papers.propose, name="propose"),
    path("thu-tuc/quan-ly/danh-muc/mot-phan/", list_reasons.index, name="part_online"),
    path("thu-tuc/quan-ly/danh-muc/mot-phan/ly-do/", list_reasons.say_reasons, name="say_reasons"),
    path("thu-tuc/quan-ly/danh-muc/rut-ngan/", list_papers.days_saved, name="days_saved"),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/", lists.show, name="list"),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/sua/", lists.edit, name="edit_list"),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/them/", lists.add, name="add_to_list"),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/tep/", lists.add_file, name="add_list_file"),
    path(
        "thu-tuc/quan-ly/danh-muc/<int:pk>/quyet-dinh/",
        list_papers.attach_file,
        name="attach_decision",
    ),
    path(
        "thu-tuc/quan-ly/danh-muc/<int:pk>/quyet-dinh/tep/",
        list_papers.decision_file,
        name="decision_file",
    ),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/ngay-nhap/", list_papers.entered, name="list_entered"),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/bo-dong/", lists.take_out, name="take_out_of_list"),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/kiem-tra/", lists.check, name="check_list"),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/cong-bo/", lists.publish, name="publish_list"),
    path("thu-tuc/quan-ly/danh-muc/<int:pk>/bo/", lists.drop, name="drop_list"),
    path("thu-tuc/quan-ly/dau-moi/", focal_points.index, name="focal_points"),
    path("thu-tuc/quan-ly/dau-moi/<str:code>/", focal_points.show, name="focal_points_of"),
    path("thu-tuc/quan-ly/dau-moi/<str:code>/moi/", focal_points.new, name="new_focal_point"),
    path(
        "thu-tuc/quan-ly/dau-moi/<str:code>/<int:pk>/thoi/",
        focal_points.end,
        name="end_focal_point",
    ),
    path("thu-tuc/quan-ly/chua-cong-bo/", unpublished.index, name="unpublished_all"),
    path("thu-tuc/quan-ly/chua-cong-bo/moi/", unpublished.new, name="new_unpublished"),
    path("thu-tuc/quan-ly/chua-cong-bo/<int:pk>/", unpublished.show, name="unpublished"),
    path("thu-tuc/quan-ly/quy-trinh/", own_processes.index, name="processes"),
    path("thu-tuc/quan-ly/quy-trinh/<int:pk>/", own_processes.show, name="process"),
    path(
        "thu-tuc/quan-ly/quy-trinh/<int:pk>/ghi/",
        own_processes.describe,
        name="describe_process",
    ),
    path("thu-tuc/quan-ly/lan-nhap/", control.runs, name="runs"),
    path("thu-tuc/quan-ly/<int:version_id>/", control.confirm, name="confirm"),
    path(
        "thu-tuc/quan-ly/<int:version_id>/xac-nhan-lai/",
        correcting.correct_version,
        name="correct",
    ),
    path(
        "thu-tuc/quan-ly/<int:version_id>/giay-to/",
        correcting.correct_version_papers,
        name="correct_papers",
    ),
    path(
        "thu-tuc/quan-ly/<int:version_id>/rut-lai/",
        correcting.take_version_back,
        name="take_back",
    ),
    path("thu-tuc/quan-ly/<int:version_id>/bai-bo/", history.abolition, name="abolish"),
    re_path(
        r"^thu-tuc/quan-ly/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/$", history.history, name="history"
    ),
    re_path(
        r"^thu-tuc/quan-ly/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/bo-sung/$", history.mode, name="mode"
    ),
    re_path(
        r"^thu-tuc/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/van-ban/$",
        unpublished.text,
        name="unpublished_text",
    ),
    re_path(
        r"^thu-tuc/quan-ly/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/noi-dung/$", texts.edit, name="texts"
    ),
    re_path(
        r"^thu-tuc/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/mau/(?P<pk>[0-9]{1,18})/$",
        texts.form_file,
        name="form_file",
    ),
    re_path(r"^thu-tuc/(?P<code>[1-9]\.[0-9A-Z.]{6,30})/$", public.procedure, name="procedure"),
]
