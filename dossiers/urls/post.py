"""Addresses of the public post."""

from django.urls import path

from dossiers.views import post, post_notes

urlpatterns = [
    path("buu-chinh/", post.desk, name="post_desk"),
    path("buu-chinh/giao/", post.give, name="post_give"),
    path("buu-chinh/nhan/", post_notes.take, name="post_take"),
    path("buu-chinh/da-phat/", post.delivered, name="post_delivered"),
    path("buu-chinh/<int:pk>/", post.item, name="post_item"),
    path("buu-chinh/<int:pk>/phieu-gui.pdf", post.item_pdf, name="post_item_pdf"),
    path("buu-chinh/bien-ban/", post_notes.notes, name="post_notes"),
    path("buu-chinh/bien-ban/<int:pk>/", post_notes.note, name="post_note"),
    path("buu-chinh/bien-ban/<int:pk>.pdf", post_notes.note_pdf, name="post_note_pdf"),
]
