from django.urls import path

from onestop.accounts.views import (
    agencies,
    calendar,
    factor_resets,
    jobs,
    log,
    officers,
    own_account,
    own_keys,
    own_sessions,
    places,
    second_step,
    session,
    sign_in,
    substitutions,
)

app_name = "accounts"

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("dang-nhap/", sign_in.sign_in, name="sign_in"),
    path("dang-nhap/ma/", second_step.second_step, name="second_step"),
    path("dang-nhap/ma/tai-cho/", session.second_step_here, name="second_step_here"),
    path("dang-nhap/con-phien/", session.alive, name="alive"),
    path("dang-nhap/tai-cho/", session.sign_in_here, name="sign_in_here"),
    path("dang-nhap/tiep-tuc/", session.carry_on, name="carry_on"),
    path("dang-xuat/", sign_in.sign_out, name="sign_out"),
    path("doi-mat-khau/", sign_in.change_password, name="change_password"),
    path("tai-khoan/phien-dang-nhap/", own_sessions.own_sessions, name="own_sessions"),
    path(
        "tai-khoan/phien-dang-nhap/ket-thuc/", own_sessions.end_own_session, name="end_own_session"
    ),
    path(
        "tai-khoan/phien-dang-nhap/ket-thuc-khac/",
        own_sessions.end_other_sessions,
        name="end_other_sessions",
    ),
    path("tai-khoan/", own_account.own_account, name="own_account"),
    path("tai-khoan/ung-dung/", own_account.enrol_totp, name="enrol_totp"),
    path("tai-khoan/khoa-bao-mat/", own_keys.enrol_key, name="enrol_key"),
    path("tai-khoan/ma-du-phong/", own_account.new_codes, name="recovery_codes"),
    path("tai-khoan/bo/<int:pk>/", own_account.remove_factor, name="remove_factor"),
    path("noi-tiep-nhan/", places.places, name="places"),
    path("noi-tiep-nhan/<str:code>/", places.place, name="place"),
    path("quan-tri/", log.overview, name="administration"),
    path("quan-tri/nhat-ky-truy-cap/", log.access_log, name="access_log"),
    path("quan-tri/viec-dinh-ky/", jobs.scheduled_jobs, name="scheduled_jobs"),
    path("quan-tri/can-bo/", officers.officer_list, name="officers"),
    path("quan-tri/can-bo/moi/", officers.new_officer, name="new_officer"),
    path("quan-tri/can-bo/<int:pk>/", officers.officer_page, name="officer"),
    path("quan-tri/can-bo/<int:pk>/vai-tro/", officers.grant_role, name="grant_role"),
    path(
        "quan-tri/can-bo/<int:pk>/vai-tro/<int:grant_pk>/ket-thuc/",
        officers.end_role,
        name="end_role",
    ),
    path("quan-tri/can-bo/<int:pk>/mo-khoa/", officers.unlock, name="unlock"),
    path(
        "quan-tri/can-bo/<int:pk>/cap-lai-mat-khau/", officers.reset_password, name="reset_password"
    ),
    path("quan-tri/can-bo/<int:pk>/ket-thuc-phien/", officers.end_sessions, name="end_sessions"),
    path(
        "quan-tri/can-bo/<int:pk>/xac-thuc/de-nghi/",
        factor_resets.propose_reset,
        name="propose_reset",
    ),
    path(
        "quan-tri/can-bo/<int:pk>/xac-thuc/xac-nhan/",
        factor_resets.confirm_reset,
        name="confirm_reset",
    ),
    path(
        "quan-tri/can-bo/<int:pk>/xac-thuc/khong-dat-lai/",
        factor_resets.refuse_reset,
        name="refuse_reset",
    ),
    path("quan-tri/can-bo/<int:pk>/thoi-viec/", officers.close_account, name="close_account"),
    path("quan-tri/lam-thay/", substitutions.substitution_list, name="substitutions"),
    path(
        "quan-tri/lam-thay/<int:pk>/ket-thuc/",
        substitutions.end_substitution,
        name="end_substitution",
    ),
    path("quan-tri/co-quan/", agencies.agency_list, name="agencies"),
    path("quan-tri/co-quan/moi/", agencies.new_agency, name="new_agency"),
    path("quan-tri/co-quan/<int:pk>/", agencies.agency_page, name="agency"),
    path(
        "quan-tri/co-quan/<int:pk>/phong-ban/moi/", agencies.department_page, name="new_department"
    ),
    path(
        "quan-tri/co-quan/<int:pk>/phong-ban/<int:department_pk>/",
        agencies.department_page,
        name="department",
    ),
    path("quan-tri/lich/", calendar.calendar_page, name="calendar"),
    path("quan-tri/lich/ngay/moi/", calendar.new_day, name="new_day"),
    path("quan-tri/lich/ngay/<int:pk>/xoa/", calendar.remove_day, name="remove_day"),
    path("quan-tri/lich/tuan/moi/", calendar.new_week, name="new_week"),
    path("quan-tri/lich/nam/", calendar.year_page, name="year"),
]
