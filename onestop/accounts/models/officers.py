"""Officers (the user model), what they may do where and when, and who stands in for whom."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from onestop.accounts.models.agencies import Agency, Department
from onestop.folding import fold, joined, tokens
from onestop.instants import lies_ahead
from onestop.worktime import start_of_day

username_rule = RegexValidator(
    r"\A[a-z0-9][a-z0-9._-]{2,59}\Z",
    "Tên đăng nhập gồm 3–60 chữ thường không dấu, chữ số, dấu chấm, gạch nối hoặc gạch dưới.",
)


def sort_key(full_name: str) -> str:
    """Vietnamese lists order people by given name (the last word), then by the rest."""
    words = joined(full_name)
    return " ".join(words[-1:] + words[:-1])


class Role(models.TextChoices):
    CLERK = "clerk", "Công chức, viên chức tiếp nhận và trả kết quả"
    SPECIALIST = "specialist", "Chuyên viên"
    HEAD = "head", "Trưởng phòng"
    LEADER = "leader", "Lãnh đạo"
    CONTROLLER = "controller", "Đầu mối kiểm soát thủ tục hành chính"
    DOCUMENTS = "documents", "Văn thư"
    CASHIER = "cashier", "Thu phí, lệ phí"
    POSTAL = "postal", "Nhân viên bưu chính"
    PARTNER = "partner", "Nhân viên đơn vị gửi hộ"
    SUPPORT = "support", "Nhân viên hỗ trợ"
    ADMINISTRATOR = "administrator", "Quản trị"


class OfficerQuerySet(models.QuerySet["Officer"]):
    def working(self) -> "OfficerQuerySet":
        """Accounts that are open: neither closed nor disabled."""
        return self.filter(is_active=True)

    def of_subtree(self, *paths: str) -> "OfficerQuerySet":
        """Officers whose home agency stands at or below these paths."""
        wanted = Q(pk__in=[])
        for path in paths:
            wanted |= Q(agency__path__startswith=path)
        return self.filter(wanted)

    def with_role(self, role: Role, agency_id: int, on: date) -> "OfficerQuerySet":
        """Open accounts that hold this role at this agency on this day."""
        grants = RoleGrant.objects.valid_on(on).filter(role=role, agency_id=agency_id)
        return self.working().filter(pk__in=grants.values("officer_id"))

    def search(self, text: str) -> "OfficerQuerySet":
        """Words of the name without diacritics and marks in any order, or the beginning of the
        account name.
        """
        found = self
        for word in fold(text).split():
            plain = "".join(tokens(word))
            if plain:
                found = found.filter(Q(sort_name__contains=plain) | Q(username__startswith=word))
        return found


class OfficerManager(BaseUserManager["Officer"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Officer":
        """One officer with a password; `must_change_password` defaults to True as for any password
        somebody else chose.
        """
        officer = self.model(username=username, **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer

    def get_by_natural_key(self, username: str | None) -> "Officer":
        return self.get(username=(username or "").strip().lower())


class Officer(AbstractBaseUser):
    """One account, one person (R-144). Never deleted: it is closed, and history keeps its name."""

    username = models.CharField(
        "tên đăng nhập", max_length=60, unique=True, validators=[username_rule]
    )
    full_name = models.CharField("họ và tên", max_length=120)
    sort_name = models.CharField(max_length=120, editable=False, default="")
    title = models.CharField("chức vụ", max_length=120, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=40, blank=True)
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="officers",
        verbose_name="cơ quan",
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="officers",
        verbose_name="phòng ban",
    )
    is_active = models.BooleanField("đang mở", default=True)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=True)
    failed_count = models.PositiveSmallIntegerField(default=0, editable=False)
    lock_count = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_at = models.DateTimeField(null=True, editable=False)
    locked_until = models.DateTimeField(null=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, editable=False)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # Another one whenever what this officer may do could have changed (accounts/desk.py).
    desk_token = models.UUIDField(default=uuid4, editable=False)
    # How the own screen looks, by names that the apps above give (accounts/preferences.py): read
    # with the officer, so that no page asks for it.
    preferences = models.JSONField(default=dict, editable=False)
    # Whether there is a row of Factor: read with the officer, so that no page asks for it. Written
    # by domain/second_step.py alone.
    has_factor = models.BooleanField(default=False, db_default=False, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = OfficerManager.from_queryset(OfficerQuerySet)()

    class Meta:
        verbose_name = "cán bộ"
        ordering = ["sort_name", "id"]
        indexes = [models.Index(fields=["sort_name", "id"], name="officer_by_name")]

    @property
    def introduced(self) -> str:
        """The name with title and department, as far as they are known: people of one name are
        told apart. Reads the department.
        """
        place = self.department.name if self.department is not None else ""
        who = ", ".join(words for words in (self.title.strip(), place) if words)
        return f"{self.full_name} – {who}" if who else self.full_name

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = sort_key(self.full_name)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name

    def is_locked(self, at: datetime) -> bool:
        if lies_ahead(self.locked_at, at):  # by a clock that was wrong
            return False
        return self.locked_until is not None and at < self.locked_until


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def valid_on(self, on: date) -> "RoleGrantQuerySet":
        """Held on this day; one that was ended before its last day, not on the day of its end any
        more.
        """
        next_day = start_of_day(on + timedelta(days=1))
        return self.filter(
            Q(valid_from__lte=on),
            Q(valid_to=None) | Q(valid_to__gte=on),
            Q(ended_at=None) | Q(ended_at__gte=next_day),
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("a role ends, it does not vanish")

    def nearest_holders(self, role: Role, agency: Agency, on: date) -> list[Officer]:
        """The open accounts with this role at the agency, or at whoever took it over; where it has
        none, those of the nearest agency above it. One query.
        """
        agency = agency.in_charge(on)
        grants = self.valid_on(on).filter(
            role=role, agency__in=agency.lineage, officer__is_active=True
        )
        found: dict[int, dict[int, Officer]] = {}
        for grant in grants.select_related("officer").order_by("id"):
            found.setdefault(grant.agency_id, {})[grant.officer_id] = grant.officer
        return next(
            (list(found[pk].values()) for pk in reversed(agency.lineage) if pk in found), []
        )


class RoleGrant(models.Model):
    """An officer holds a role at an agency (perhaps in one department) between two days, both
    included.
    """

    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="grants", verbose_name="cán bộ"
    )
    role = models.CharField("vai trò", max_length=14, choices=Role)
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="grants", verbose_name="cơ quan", db_index=False
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name="phòng ban",
    )
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    # Of a postman: that he is trained to receive for the office, its number and day.
    certificate = models.CharField(
        "số chứng nhận tập huấn", max_length=60, blank=True, default="", db_default=""
    )
    certified_on = models.DateField("ngày chứng nhận tập huấn", null=True, blank=True)
    # When somebody ended it: from then on it is not held, whatever its last day says.
    ended_at = models.DateTimeField("kết thúc lúc", null=True, editable=False)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "vai trò được giao"
        ordering = ["officer_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="grant_dates_in_order",
            )
        ]
        indexes = [models.Index(fields=["agency", "role"], name="grant_by_agency")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} – {self.agency}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a role ends, it does not vanish")


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def valid_on(self, on: date) -> "SubstitutionQuerySet":
        return self.filter(from_date__lte=on, to_date__gte=on, ended_at=None)


class Substitution(models.Model):
    """Who does the work of an absent officer, between two days, both included, unless ended before."""

    absent = models.ForeignKey(
        Officer, models.PROTECT, related_name="absences", verbose_name="người vắng mặt"
    )
    substitute = models.ForeignKey(
        Officer, models.PROTECT, related_name="substitutions", verbose_name="người thay thế"
    )
    from_date = models.DateField("từ ngày")
    to_date = models.DateField("đến hết ngày")
    reason = models.CharField("lý do", max_length=200)
    ended_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công thay thế"
        ordering = ["-from_date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__gte=F("from_date")), name="substitution_dates_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(absent=F("substitute")), name="substitution_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} thay {self.absent}"


class UsualAddress(models.Model):
    """Where an officer signs in from: wrong passwords are counted here apart, so that a stranger
    who locks the name elsewhere does not lock the officer out at the own counter.
    """

    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="usual_addresses", db_index=False
    )
    address = models.CharField(max_length=45)
    last_good_at = models.DateTimeField()
    failed_count = models.PositiveSmallIntegerField(default=0)
    lock_count = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "address"], name="usual_address_once")
        ]

    def is_locked(self, at: datetime) -> bool:
        return self.locked_until is not None and at < self.locked_until


class PasswordRecord(models.Model):
    """The hash of a password an officer has had: an administrator may not use one of the last ten
    again (R-143).
    """

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="password_records")
    encoded = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
