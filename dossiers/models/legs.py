"""Legs (phần phối hợp) of a dossier that lies with several agencies at once: what each other agency is
asked to do, until when, who has it there, what it answered (R-60, R-61, R-62). The main leg is the
dossier itself, with the agency that leads (docs/adr/0034-legs-beside-the-dossier.md).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.undone import Undoable
from dossiers.reach import LEG_ROLES
from onestop.accounts.models import Role

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

Ids = tuple[int, ...]
# Who sees every leg of an agency they serve; others see what lies with them or their department.
WHOLE_AGENCY = (Role.CLERK, Role.HEAD, Role.LEADER, Role.CONTROLLER, Role.DOCUMENTS)


class LegKind(models.IntegerChoices):
    """How the agencies of one press are reached. `ORDERED`: on paper, each when the one before has
    answered (R-60); `UPPER`: one of a higher level, whose counter is informed (R-62).
    """

    PARALLEL = 1, "Cùng cấp, điện tử: gửi tất cả cùng lúc"
    ORDERED = 2, "Cùng cấp, hồ sơ giấy: lần lượt từng cơ quan"
    UPPER = 3, "Khác cấp: gửi cơ quan cấp trên"


class LegState(models.IntegerChoices):
    WAITING = 1, "Chờ đến lượt"
    SENT = 2, "Đã gửi, chờ nhận"
    WORKING = 3, "Đang xử lý"
    ANSWERED = 4, "Đã trả lời"
    FAILED = 5, "Không thực hiện được"
    WITHDRAWN = 6, "Đã thu hồi"
    CLOSED = 7, "Kết thúc cùng hồ sơ"
    # It ended because its agency took the lead; the record of the agency that had led until then.
    LEADS = 8, "Thay chủ trì"
    LED = 9, "Đã thôi chủ trì"


WITH_AGENCY = (LegState.SENT.value, LegState.WORKING.value)
OPEN = (LegState.WAITING.value, *WITH_AGENCY)


class LegQuerySet(models.QuerySet["Leg"]):
    def standing(self) -> LegQuerySet:
        return self.filter(undone_at=None)

    def open(self) -> LegQuerySet:
        """Not ended: their turn may still be to come."""
        return self.filter(undone_at=None, state__in=OPEN)

    def with_agency(self) -> LegQuerySet:
        """Those that an agency has now."""
        return self.filter(undone_at=None, state__in=WITH_AGENCY)

    def visible_to(self, desk: Desk) -> LegQuerySet:
        """Those of this officer's agencies by role, or that lie or lay with the officer or a room of
        theirs; from when they were sent, and for good: what was asked and answered is the agency's
        own record (R-144).
        """
        here = desk.agency_ids_as(*LEG_ROLES)
        if not here:
            return self.none()
        whole = desk.agency_ids_as(*WHOLE_AGENCY)
        return self.within(desk.officer_ids, desk.department_ids, whole, here)

    def within(self, officers: Ids, rooms: Ids, whole: Ids, here: Ids) -> LegQuerySet:
        """The same by ids, for statements that are built once. `here`: where they have such a role
        today; whoever went to another agency leaves the legs of the old one there.
        """
        mine = Q(holder__in=officers) | Q(pending_officer__in=officers)
        if rooms:
            mine |= Q(holder_department__in=rooms) | Q(pending_department__in=rooms)
        if whole:
            mine |= Q(agency__in=whole)
        return self.standing().filter(mine, agency__in=here, sent_at__isnull=False)


class Leg(Undoable):
    """One agency's part. `minutes`: the working time it was given, which runs by its own calendar from
    when it was sent; `version`: the number of the event that changed it last, which its page names;
    `pending_*`: to whom it was given inside the agency and who has not taken it yet.
    """

    told_as = ("legs", "các phần phối hợp")

    class Outcome(models.IntegerChoices):
        DONE = 1, "Thống nhất, đã thực hiện"
        OTHER = 2, "Có ý kiến khác"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="legs")
    number = models.PositiveSmallIntegerField("số thứ tự")
    kind = models.PositiveSmallIntegerField("cách phối hợp", choices=LegKind)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    task = models.TextField("nội dung việc")
    minutes = models.PositiveIntegerField("thời hạn, phút làm việc")
    state = models.PositiveSmallIntegerField("trạng thái", choices=LegState)
    version = models.PositiveIntegerField("sự kiện thay đổi cuối")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField("lúc lập")
    sent_at = models.DateTimeField("lúc gửi", null=True, blank=True)
    due_at = models.DateTimeField("hạn", null=True, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    holder_department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )
    pending_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    pending_department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    received_at = models.DateTimeField("lúc nhận", null=True, blank=True)
    outcome = models.PositiveSmallIntegerField("kết quả", choices=Outcome, null=True, blank=True)
    answer = models.TextField("trả lời", blank=True)
    file = models.ForeignKey(
        "files.Attachment", models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField("lúc xong", null=True, blank=True)

    objects = LegQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "number"], condition=Q(undone_at=None), name="leg_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="leg_ended_has_instant",
            ),
        ]
        indexes = [
            # What agencies have now: as small as their work, whatever the archive holds.
            models.Index(
                fields=["agency", "id"],
                name="leg_with_agency",
                condition=Q(undone_at=None, state__in=WITH_AGENCY),
            ),
            models.Index(
                fields=["holder"],
                name="leg_in_hand",
                condition=Q(undone_at=None, state__in=WITH_AGENCY),
            ),
            # Asked whenever a file is deleted.
            models.Index(fields=["file"], name="leg_file", condition=Q(file__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.agency}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN and self.undone_at is None

    @property
    def is_with_agency(self) -> bool:
        return self.state in WITH_AGENCY and self.undone_at is None

    @property
    def is_to_take(self) -> bool:
        """Sent, or given to somebody inside the agency, and not taken yet."""
        given = self.pending_department_id is not None or self.pending_officer_id is not None
        return self.is_with_agency and (self.state == LegState.SENT or given)

    def is_late(self, at: datetime) -> bool:
        """Past its own time, open or ended after it."""
        end = self.ended_at or at
        return self.due_at is not None and self.due_at < end


def waited_for(dossier_id: int) -> str:
    """Which agencies have not answered yet, by name. One query."""
    open_legs = Leg.objects.open().filter(dossier=dossier_id).order_by("number")
    return ", ".join(dict.fromkeys(open_legs.values_list("agency__name", flat=True)))
