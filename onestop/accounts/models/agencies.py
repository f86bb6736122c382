"""Agencies in a tree (province → departments, communes; districts only historic) and their
departments.
"""

from collections.abc import Callable, Iterator
from datetime import date
from operator import attrgetter
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q

from onestop.changes.domain import noted
from onestop.folding import fold, joined, tokens

# Since 01/7/2025 there are two levels of local government; districts are history (R-118, NĐ
# 118/2025).
LAST_DISTRICT_DAY = date(2025, 6, 30)

# The unit part of a dossier code (R-04, QĐ 20/2020 Đ4): groups of A–Z and 0–9 between dots, 35
# characters at most.
unit_code = RegexValidator(
    r"\A[A-Z0-9]+(\.[A-Z0-9]+)*\Z",
    "Mã đơn vị chỉ gồm chữ in hoa A–Z không dấu, chữ số 0–9 và dấu chấm giữa các nhóm, ví dụ H37.12.03.",
)


T = TypeVar("T")


def line_of_heirs(
    first: T, left_to: Callable[[T], tuple[date, T] | None], *, key: Callable[[T], object]
) -> Iterator[tuple[date, T]]:
    """Who took over after which last day, one from the other; nobody comes twice. `left_to`: the
    last day of one and who took it over, None where it stands; `key`: what tells one from another.
    """
    one, seen, last = first, {key(first)}, date.min
    while (left := left_to(one)) is not None and key(left[1]) not in seen:
        closed_on, one = left
        seen.add(key(one))
        # Whoever ended before it took over leaves on the day it took over.
        last = max(last, closed_on)
        yield last, one


class Level(models.TextChoices):
    CENTRAL = "central", "Trung ương"
    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện (đến 30/6/2025)"
    COMMUNE = "commune", "Cấp xã"


class AgencyKind(models.TextChoices):
    PEOPLES_COMMITTEE = "peoples_committee", "Ủy ban nhân dân"
    DEPARTMENT = "department", "Sở, ngành"
    SERVICE_CENTRE = "service_centre", "Trung tâm Phục vụ hành chính công"


class AgencyQuerySet(models.QuerySet["Agency"]):
    def under(self, *paths: str) -> "AgencyQuerySet":
        """The agencies at these paths and everything below them; no path gives nobody."""
        wanted = Q(pk__in=[])
        for path in paths:
            wanted |= Q(path__startswith=path)
        return self.filter(wanted)

    def open_on(self, on: date) -> "AgencyQuerySet":
        return self.filter(
            Q(opened_on=None) | Q(opened_on__lte=on), Q(closed_on=None) | Q(closed_on__gte=on)
        )

    def search(self, text: str) -> "AgencyQuerySet":
        """Words of the name without diacritics and marks, or the beginning of a code."""
        found = self
        for word in fold(text).split():
            plain = "".join(tokens(word))
            if plain:
                found = found.filter(Q(folded__contains=plain) | Q(code__istartswith=word))
        return found


class Agency(models.Model):
    """An office that receives or handles dossiers. `path` ('/1/4/') holds the ids from the root
    down to this one.
    """

    code = models.CharField("mã định danh", max_length=35, unique=True, validators=[unit_code])
    name = models.CharField("tên cơ quan", max_length=200)
    short_name = models.CharField("tên gọi tắt", max_length=80, blank=True)
    folded = models.CharField(max_length=300, editable=False, default="")
    level = models.CharField("cấp", max_length=10, choices=Level)
    kind = models.CharField("loại", max_length=20, choices=AgencyKind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="cơ quan cấp trên",
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="cơ quan kế thừa",
    )
    path = models.CharField(max_length=200, editable=False, db_index=True, default="")
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    phone = models.CharField("điện thoại", max_length=40, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    website = models.CharField("trang thông tin", max_length=200, blank=True)
    province_name = models.CharField("tỉnh, thành phố", max_length=80, blank=True)
    opened_on = models.DateField("hoạt động từ ngày", null=True, blank=True)
    closed_on = models.DateField("hoạt động đến hết ngày", null=True, blank=True)
    # Here or below, somebody took over from somebody: only then is the succession asked for.
    has_succession = models.BooleanField(editable=False, default=False)
    # Here or above, a list was published of what counters receive: only then is it asked for.
    has_lists = models.BooleanField(editable=False, default=False, db_default=False)
    dossier_code = models.CharField(
        "phần đơn vị trong mã hồ sơ",
        max_length=35,
        blank=True,
        validators=[unit_code],
        help_text="In ở đầu mã hồ sơ, ví dụ H37.12.03. Để trống nếu cơ quan không tiếp nhận hồ sơ.",
    )
    is_one_stop = models.BooleanField("có Bộ phận Một cửa", default=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ quan"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(level=Level.DISTRICT)
                | Q(closed_on__isnull=False, closed_on__lte=LAST_DISTRICT_DAY),
                name="agency_district_is_historic",
            ),
            models.UniqueConstraint(
                fields=["dossier_code"],
                condition=~Q(dossier_code=""),
                name="agency_dossier_code_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps `folded`, and `path` of this agency and of everything below it, and who has to ask
        for the succession.
        """
        is_new = self._state.adding
        self.has_succession = self.has_succession or self.successor_id is not None
        if is_new and self.parent is not None:
            self.has_lists = self.parent.has_lists
        self.folded = " ".join(joined(f"{self.name} {self.short_name}"))
        with transaction.atomic():
            super().save(*args, **kwargs)
            above = self.parent.path if self.parent is not None else "/"
            path = f"{above}{self.pk}/"
            if path != self.path:
                before, self.path = self.path, path
                type(self).objects.filter(pk=self.pk).update(path=path)
                if before:
                    for child in (
                        type(self).objects.filter(path__startswith=before).exclude(pk=self.pk)
                    ):
                        type(self).objects.filter(pk=child.pk).update(
                            path=path + child.path[len(before) :]
                        )
                noted(type(self).objects.filter(path__startswith=path))
            self._mark_succession(is_new=is_new)

    def _mark_succession(self, *, is_new: bool) -> None:
        """Whoever stands above one that has a successor, or above the successor, has to ask."""
        concerned = set(self.lineage)
        if self.successor is not None:
            concerned.update(self.successor.lineage)
        elif is_new or not self._is_concerned():
            return
        self.has_succession = True
        unmarked = type(self).objects.filter(pk__in=concerned, has_succession=False)
        unmarked.update(has_succession=True)

    def _is_concerned(self) -> bool:
        """Asked anew: the row may have been read before somebody else named a successor."""
        ended = type(self).objects.filter(successor__isnull=False)
        here = Q(path__startswith=self.path) | Q(successor__path__startswith=self.path)
        return ended.filter(here).exists()

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def lineage(self) -> tuple[int, ...]:
        """Ids from the root down to this agency itself."""
        return tuple(int(part) for part in self.path.split("/") if part)

    def is_under(self, path: str) -> bool:
        return bool(path) and self.path.startswith(path)

    def has_ended(self, on: date) -> bool:
        return self.closed_on is not None and self.closed_on < on

    def in_charge(self, on: date) -> "Agency":
        """Who acts for it on that day: itself, or after its last day whoever took over, and from
        them (`accounts.succession` answers the same for sets). No query for one that stands.
        """
        one = self
        for last, heir in self.heirs():
            if on <= last:
                break
            one = heir
        return one

    def heirs(self) -> Iterator[tuple[date, "Agency"]]:
        """Who took over after which last day, one from the other."""
        return line_of_heirs(self, Agency._left_to, key=attrgetter("pk"))

    def _left_to(self) -> "tuple[date, Agency] | None":
        """Its last day and who took it over, where both are known."""
        if self.closed_on is None or self.successor is None:
            return None
        return self.closed_on, self.successor

    def clean(self) -> None:
        if self.level == Level.DISTRICT and (
            self.closed_on is None or self.closed_on > LAST_DISTRICT_DAY
        ):
            raise ValidationError(
                {
                    "closed_on": "Cấp huyện chỉ còn trong dữ liệu lịch sử: ghi ngày kết thúc hoạt động, muộn nhất là 30/6/2025."
                }
            )
        if self.opened_on and self.closed_on and self.closed_on < self.opened_on:
            raise ValidationError(
                {"closed_on": "Ngày kết thúc không thể trước ngày bắt đầu hoạt động."}
            )
        if self.pk and self._succeeds_itself():
            raise ValidationError(
                {"successor": "Cơ quan không thể kế thừa chính mình, kể cả qua cơ quan khác."}
            )
        if self.is_one_stop and not self.dossier_code:
            raise ValidationError(
                {"dossier_code": "Cơ quan có Bộ phận Một cửa cần phần đơn vị trong mã hồ sơ."}
            )
        if (
            self.pk
            and self.parent_id
            and self.parent is not None
            and self.parent.is_under(self.path)
        ):
            raise ValidationError(
                {
                    "parent": "Cơ quan cấp trên không thể là chính cơ quan này hoặc cơ quan trực thuộc nó."
                }
            )

    def _succeeds_itself(self) -> bool:
        one, seen = self.successor, set[int]()
        while one is not None and one.pk not in seen:
            if one.pk == self.pk:
                return True
            seen.add(one.pk)
            one = one.successor
        return False


class DepartmentKind(models.TextChoices):
    ONE_STOP = "one_stop", "Bộ phận Một cửa"
    PROFESSIONAL = "professional", "Chuyên môn"
    LEADERSHIP = "leadership", "Lãnh đạo"
    CLERICAL = "clerical", "Văn thư"


class Department(models.Model):
    """A room of an agency: where dossiers lie and officers sit."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="departments", verbose_name="cơ quan", db_index=False
    )
    name = models.CharField("tên phòng ban", max_length=150)
    kind = models.CharField(
        "loại", max_length=12, choices=DepartmentKind, default=DepartmentKind.PROFESSIONAL
    )
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_active = models.BooleanField("đang hoạt động", default=True)

    class Meta:
        verbose_name = "phòng ban"
        ordering = ["agency_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="department_name_once")
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, on: date) -> bool:
        """Whether work may be given to it: neither it nor its agency has ended."""
        return self.is_active and not self.agency.has_ended(on)
