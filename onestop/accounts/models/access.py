"""The access log: who signed in, from where, what was looked at and changed (R-137, R-144). Rows
are never changed.
"""

from typing import Any

from django.db import models
from django.db.models import Q

from onestop.accounts.models.agencies import Agency
from onestop.accounts.models.officers import Officer


class AccessKind(models.TextChoices):
    LOGIN = "login", "Đăng nhập"
    LOGOUT = "logout", "Đăng xuất"
    IDLE_LOGOUT = "idle_logout", "Tự đăng xuất do không thao tác"
    SESSION_ENDED = "session_ended", "Kết thúc phiên đăng nhập"
    LOGIN_FAILED = "login_failed", "Đăng nhập không thành công"
    LOCKED = "locked", "Khóa tài khoản"
    UNLOCKED = "unlocked", "Mở khóa tài khoản"
    DISABLED = "disabled", "Ngừng tài khoản không sử dụng"
    ENABLED = "enabled", "Mở lại tài khoản"
    ACCOUNT_CREATED = "account_created", "Tạo tài khoản"
    ACCOUNT_CHANGED = "account_changed", "Sửa tài khoản"
    ACCOUNT_CLOSED = "account_closed", "Đóng tài khoản"
    PASSWORD_CHANGED = "password_changed", "Đổi mật khẩu"
    PASSWORD_RESET = "password_reset", "Cấp lại mật khẩu"
    FIRST_STEP = "first_step", "Đúng mật khẩu, chờ bước xác thực thứ hai"
    FACTOR_ADDED = "factor_added", "Đăng ký xác thực hai bước"
    FACTOR_REMOVED = "factor_removed", "Bỏ xác thực hai bước"
    RECOVERY_CODES = "recovery_codes", "Lập mã dự phòng"
    RESET_PROPOSED = "reset_proposed", "Đề nghị đặt lại xác thực hai bước"
    FACTORS_RESET = "factors_reset", "Đặt lại xác thực hai bước"
    ROLE_GRANTED = "role_granted", "Giao vai trò"
    ROLE_ENDED = "role_ended", "Kết thúc vai trò"
    SUBSTITUTION_MADE = "substitution_made", "Phân công người thay thế"
    SUBSTITUTION_ENDED = "substitution_ended", "Kết thúc phân công thay thế"
    AGENCY_CHANGED = "agency_changed", "Sửa cơ quan"
    DEPARTMENT_CHANGED = "department_changed", "Sửa phòng ban"
    CALENDAR_CHANGED = "calendar_changed", "Sửa lịch làm việc"
    VIEWED = "viewed", "Xem"
    SEARCHED = "searched", "Tìm"
    PRINTED = "printed", "In"
    DOWNLOADED = "downloaded", "Tải về"
    LOG_VIEWED = "log_viewed", "Xem nhật ký truy cập"
    REPORT_ACT = "report_act", "Lập, trình, ký báo cáo"
    CATALOGUE_CHANGED = "catalogue_changed", "Sửa thông tin danh mục"
    BACKED_UP = "backed_up", "Sao lưu, thử khôi phục"
    DENIED = "denied", "Bị từ chối"
    # Of people without an account here, known by their electronic identity.
    CITIZEN_LOGIN = "citizen_login", "Công dân đăng nhập"
    CITIZEN_LOGOUT = "citizen_logout", "Công dân đăng xuất"
    CITIZEN_REFUSED = "citizen_refused", "Công dân đăng nhập không thành công"
    CITIZEN_VIEWED = "citizen_viewed", "Công dân xem"


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    def of_agencies(
        self, agency_ids: list[int], *, unplaced: bool = False
    ) -> "AccessEventQuerySet":
        """Lines of accounts of these agencies; `unplaced`: also those of nobody's account (unknown
        names, commands).
        """
        mine = Q(agency_id=agency_ids[0]) if len(agency_ids) == 1 else Q(agency_id__in=agency_ids)
        return self.filter(mine | Q(agency=None) if unplaced else mine)


class AccessEvent(models.Model):
    """One line of the log. Triggers in the database refuse UPDATE, DELETE and TRUNCATE
    (onestop.guards).
    """

    at = models.DateTimeField("lúc")
    kind = models.CharField("việc", max_length=20, choices=AccessKind)
    officer = models.ForeignKey(
        Officer,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name="cán bộ",
        db_index=False,
    )
    agency = models.ForeignKey(
        Agency,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name="cơ quan",
        db_index=False,
    )
    username = models.CharField("tài khoản", max_length=60, blank=True)
    address = models.CharField("địa chỉ nguồn", max_length=45, blank=True)
    user_agent = models.CharField("trình duyệt", max_length=200, blank=True)
    object_kind = models.CharField("đối tượng", max_length=30, blank=True)
    object_id = models.BigIntegerField(null=True)
    detail = models.CharField("nội dung", max_length=1000, blank=True)
    # The agency whose account, role or setting was changed, where another agency's officer did it.
    about = models.ForeignKey(
        Agency,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        verbose_name="về cơ quan",
        db_index=False,
    )

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = "nhật ký truy cập"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["agency", "-id"], name="access_by_agency"),
            models.Index(
                fields=["object_kind", "object_id"],
                name="access_by_object",
                condition=Q(object_id__isnull=False),
            ),
            models.Index(fields=["at"], name="access_by_time"),
            models.Index(
                fields=["about", "-id"], name="access_about", condition=Q(about__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.username}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an access event is never changed")
        super().save(*args, **kwargs)
