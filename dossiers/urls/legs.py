"""Addresses of parts of the work that other agencies do (liên thông)."""

from django.urls import path

from dossiers.views import legs

urlpatterns = [
    path("ho-so/<str:code>/phoi-hop/", legs.open_legs, name="act_open_legs"),
    path("ho-so/<str:code>/phoi-hop/<int:number>/thu-hoi/", legs.withdraw, name="act_withdraw_leg"),
    path(
        "ho-so/<str:code>/phoi-hop/<int:number>/chu-tri/",
        legs.replace_lead,
        name="act_replace_lead",
    ),
    path("viec/phoi-hop/", legs.list_page, name="legs"),
    path("viec/phoi-hop/<int:pk>/", legs.leg_page, name="leg"),
    path("viec/phoi-hop/<int:pk>/nhan/", legs.receive, name="leg_receive"),
    path("viec/phoi-hop/<int:pk>/giao/", legs.pass_on, name="leg_pass"),
    path("viec/phoi-hop/<int:pk>/tra-loi/", legs.answer, name="leg_answer"),
    path("viec/phoi-hop/<int:pk>/hoan-tac/", legs.take_back, name="leg_take_back"),
    path("viec/phoi-hop/<int:pk>/tep/<int:file>/", legs.leg_file, name="leg_file"),
]
