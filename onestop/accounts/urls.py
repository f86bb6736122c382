from django.urls import path

from onestop.accounts.views import sign_in

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("dang-nhap/", sign_in.sign_in, name="sign_in"),
    path("dang-xuat/", sign_in.sign_out, name="sign_out"),
    path("mat-khau/", sign_in.change_password, name="change_password"),
]
