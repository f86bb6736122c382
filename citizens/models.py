"""Citizens who sign in with their electronic identity: who they are to the provider, where they are
signed in now, and sign-ins on their way.
"""

from django.db import models

from onestop.fields import BytewiseCharField


class Citizen(models.Model):
    """Who signed in, known by issuer and subject alone: telephone numbers and e-mail change hands."""

    issuer = BytewiseCharField("nơi cấp tài khoản", max_length=300)
    subject = BytewiseCharField("mã tài khoản", max_length=255)
    first_at = models.DateTimeField("đăng nhập lần đầu lúc")

    class Meta:
        verbose_name = "công dân đã đăng nhập"
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="citizen_once"),
        ]

    def __str__(self) -> str:
        return f"công dân {self.pk}"


class CitizenSession(models.Model):
    """One browser in which a citizen is signed in. The browser has the key, the row its digest; what
    the provider said of the person lives no longer than this row.
    """

    key = BytewiseCharField("dấu của khóa phiên", max_length=64)
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, related_name="sessions", db_index=False, verbose_name="công dân"
    )
    name = models.CharField("họ và tên", max_length=200, blank=True)
    identity_number = models.CharField("số định danh cá nhân", max_length=12)
    began_at = models.DateTimeField("bắt đầu lúc")
    # Put off by each page, never beyond what a sign-in is good for (sessions.py).
    ends_at = models.DateTimeField("hết phiên lúc")

    class Meta:
        verbose_name = "phiên của công dân"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="citizen_session_key"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="citizen_session_over")]

    def __str__(self) -> str:
        return f"{self.pk}"


class SignIn(models.Model):
    """A sign-in that was sent to the provider. Taken by its answer, once: the row is gone then."""

    # Digests: of the state in the address, of what the browser that began it holds.
    state = BytewiseCharField("dấu của mã trạng thái", max_length=64)
    browser = BytewiseCharField("dấu của trình duyệt", max_length=64)
    nonce = models.CharField(max_length=64)
    verifier = models.CharField(max_length=128)
    onward = models.CharField("mở tiếp", max_length=300)
    ends_at = models.DateTimeField("hết hạn lúc")

    class Meta:
        verbose_name = "lần đăng nhập đang chờ"
        constraints = [models.UniqueConstraint(fields=["state"], name="citizen_sign_in_state")]
        indexes = [models.Index(fields=["ends_at"], name="citizen_sign_in_over")]

    def __str__(self) -> str:
        return f"{self.pk}"
