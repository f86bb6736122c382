"""Addresses of citizens who sign in."""

from django.urls import URLPattern, path

from citizens.views import mine, papers, rating, sign_in

app_name = "citizens"
urlpatterns: list[URLPattern] = [
    path("cua-toi/", mine.mine, name="mine"),
    path("cua-toi/dang-nhap/", sign_in.begin, name="sign_in"),
    path("cua-toi/dang-nhap/xong/", sign_in.back, name="back"),
    path("cua-toi/dang-xuat/", sign_in.sign_out, name="sign_out"),
    path("cua-toi/da-dang-xuat/", sign_in.signed_out, name="signed_out"),
    path("cua-toi/ho-so/<str:code>/", mine.one, name="one"),
    path("cua-toi/ho-so/<str:code>/vi-sao/", mine.why, name="why"),
    path("cua-toi/ho-so/<str:code>/bo-sung/", papers.send, name="papers"),
    path("cua-toi/ho-so/<str:code>/bo-sung/<int:pk>/lay-lai/", papers.take_back, name="take_back"),
    path("cua-toi/ho-so/<str:code>/danh-gia/", rating.rate, name="rate"),
    path("cua-toi/ho-so/<str:code>/thanh-toan/", mine.pay, name="pay"),
    path("cua-toi/ho-so/<str:code>/ket-qua/<int:pk>/", mine.file, name="file"),
]
