"""Addresses of the doors to other systems."""

from django.urls import URLPattern, path

from exchange.views import (
    asking,
    catalogue,
    door,
    files,
    inbox,
    level,
    level_many,
    mappings,
    pay_requests,
    paying,
)

urlpatterns: list[URLPattern] = [
    path("trao-doi/thong-diep/", inbox.messages_page, name="exchange_messages"),
    path("trao-doi/thong-diep/doc-lai/", inbox.read_again, name="exchange_read_again"),
    path("trao-doi/thong-diep/<int:pk>/", inbox.message_page, name="exchange_message"),
    path("trao-doi/thong-diep/<int:pk>/doc-lai/", inbox.read_one, name="exchange_message_read"),
    path("trao-doi/thong-diep/<int:pk>/dong/", inbox.close, name="exchange_message_close"),
    path("trao-doi/thong-diep/<int:pk>/mo-lai/", inbox.open_again, name="exchange_message_open"),
    path("trao-doi/thong-diep/<int:pk>/tai-lai/", inbox.fetch_again, name="exchange_message_fetch"),
    path("trao-doi/cong-dan/", asking.ask_page, name="exchange_ask"),
    path("trao-doi/cong-dan/tep/", asking.ask_file, name="exchange_ask_file"),
    path("trao-doi/tep/<str:sha256>/", files.file, name="exchange_file"),
    path("trao-doi/thu-tuc/", catalogue.pull_page, name="exchange_pull"),
    path("quan-tri/anh-xa/", mappings.mappings, name="exchange_mappings"),
    path("quan-tri/anh-xa/<int:pk>/", mappings.mapping, name="exchange_mapping"),
    path("trao-doi/doi-soat/", level.level_page, name="level"),
    path("trao-doi/doi-soat/gui-lai/", level_many.level_again_many, name="level_again_many"),
    path("trao-doi/doi-soat/thoi-gui/", level_many.level_give_up_many, name="level_give_up_many"),
    path("trao-doi/doi-soat/hoi/", level_many.level_ask_many, name="level_ask_many"),
    path("trao-doi/doi-soat/bao/", level_many.level_untold, name="level_untold"),
    path("trao-doi/doi-soat/so-quoc-gia/", level_many.level_national, name="level_national"),
    path("trao-doi/doi-soat/<int:pk>/", level.level_line, name="level_line"),
    path("trao-doi/doi-soat/<int:pk>/hoi/", level.level_ask, name="level_ask"),
    path("trao-doi/doi-soat/<int:pk>/gui-lai/", level.level_again, name="level_again"),
    path("trao-doi/doi-soat/<int:pk>/thoi-gui/", level.level_give_up, name="level_give_up"),
    path("trao-doi/thanh-toan/<slug:name>/", paying.receive, name="pay_door"),
    path("trao-doi/thanh-toan/bien-lai/<int:pk>/", paying.bill, name="pay_bill"),
    path("trao-doi/thanh-toan/ho-so/<str:code>/", paying.ask, name="pay_ask"),
    path("thu-tien/thanh-toan-truc-tuyen/", pay_requests.listed, name="pay_requests"),
    path("thu-tien/thanh-toan-truc-tuyen/<int:pk>/", pay_requests.one, name="pay_request"),
    path(
        "thu-tien/thanh-toan-truc-tuyen/<int:pk>/hoi-lai/",
        pay_requests.again,
        name="pay_request_again",
    ),
    path(
        "thu-tien/thanh-toan-truc-tuyen/<int:pk>/dong/",
        pay_requests.close,
        name="pay_request_close",
    ),
    path("tra-cuu/<str:code>/thanh-toan/", paying.ask_by_payer, name="lookup_pay"),
    # Last: a door may have any name.
    path("trao-doi/<slug:name>/", door.receive, name="exchange_door"),
]
