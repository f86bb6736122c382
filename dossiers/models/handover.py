"""Hand-overs: the rows that drive the queues and print as the control sheet (R-66)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dossiers.models.outcome import Outcome
from dossiers.models.undone import OfDossier, StandingManager, Undoable, standing

# What the hand-over list is called in addresses, and its numbers are counted by.
LIST_SLUG = "ban-giao"


class Batch(OfDossier):
    """One act of giving one or many dossiers to one department: prints as the hand-over list, whose
    number runs on through a year of the agency. It may hold many dossiers: the events of each of
    them tell it.
    """

    told_as = ("batches", "phiên bàn giao")
    told_through = "hand_overs__dossier_id"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    giver_department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    receiver_department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    given_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            # The number first: a list is asked for by its number, its year is left out.
            models.UniqueConstraint(fields=["number", "year", "agency"], name="batch_number_once")
        ]
        # The list of lists picks its page from each of these (desk/batches.py).
        indexes = [
            models.Index(fields=["agency", "-given_at", "-id"], name="batch_agency_given"),
            models.Index(fields=["giver_department", "-given_at", "-id"], name="batch_given_from"),
            models.Index(fields=["receiver_department", "-given_at", "-id"], name="batch_given_to"),
            models.Index(fields=["giver", "-given_at", "-id"], name="batch_given_by"),
            models.Index(
                fields=["receiver", "-given_at", "-id"],
                name="batch_given_to_officer",
                condition=Q(receiver__isnull=False),
            ),
        ]

    @property
    def serial(self) -> str:
        """Its number as people write it: 45/2026."""
        return f"{self.number}/{self.year}"


class Purpose(models.IntegerChoices):
    HANDLE = 1, "Xử lý"
    APPROVE = 2, "Trình duyệt"
    STAMP = 3, "Vào sổ, đóng dấu"
    RETURN = 4, "Chuyển kết quả về Bộ phận Một cửa"
    SEND_BACK = 5, "Chuyển lại"


def on_the_way(path: str = "") -> Q:
    """What was given and nobody has confirmed: at most one of a dossier. `path` as for standing()."""
    return Q(**{f"{path}confirmed_at": None}) & standing(path)


def moved_with_its_desk() -> Q:
    """Those by which a dossier went with the desk of a leaver to a successor (acts/desks.py), at the same
    step: nobody passed it on.
    """
    same = Q(
        confirmed_at=F("given_at"), next_step_name=F("step_name"), receiver_role=F("giver_role")
    )
    return same & ~Q(giver=F("receiver"))


class HandOverManager(StandingManager["HandOver"]):
    def on_the_way(self) -> models.QuerySet["HandOver"]:
        return self.filter(on_the_way())

    def passed_on(self) -> models.QuerySet["HandOver"]:
        """Standing ones by which somebody gave a dossier away."""
        return self.standing().exclude(moved_with_its_desk())


class HandOver(Undoable):
    """Giver, receiver, times, the giver's step with its allowed time, and its outcome as the
    receiver stated it.
    """

    told_as = ("hand_overs", "các lần bàn giao")

    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, related_name="hand_overs", db_index=False
    )
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="hand_overs")
    seq = models.PositiveSmallIntegerField()
    purpose = models.PositiveSmallIntegerField(choices=Purpose.choices, default=Purpose.HANDLE)
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    giver_role = models.CharField(max_length=20)
    giver_department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    receiver_department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    receiver_role = models.CharField(max_length=20, blank=True)
    # The giver's step: when its clock began, what it was allowed, when it should have been over.
    step_name = models.CharField(max_length=300, blank=True)
    step_from = models.DateTimeField()
    step_minutes = models.PositiveIntegerField("số phút làm việc cho phép", null=True, blank=True)
    step_due_at = models.DateTimeField(null=True, blank=True)
    # The receiver's step that begins with the giving.
    next_step_order = models.PositiveSmallIntegerField(default=1)
    next_step_name = models.CharField(max_length=300, blank=True)
    next_step_minutes = models.PositiveIntegerField(null=True, blank=True)
    next_step_by_share = models.BooleanField("thời gian chia theo thời hạn", default=False)
    given_at = models.DateTimeField()
    confirm_by = models.DateTimeField("quá lúc này mà chưa nhận thì nhắc", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    outcome = models.PositiveSmallIntegerField(choices=Outcome.choices, null=True, blank=True)
    difference = models.CharField("sai khác khi nhận", max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = HandOverManager()

    class Meta:
        ordering = ["dossier", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "seq"], name="handover_seq_once"),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=on_the_way(),
                name="handover_one_pending",
            ),
        ]
        indexes = [
            models.Index(
                fields=["receiver_department", "given_at", "id"],
                name="handover_pending",
                condition=on_the_way(),
            ),
            models.Index(fields=["receiver_department", "-given_at"], name="handover_received"),
            models.Index(fields=["giver_department", "-given_at"], name="handover_given"),
        ]

    @property
    def is_on_the_way(self) -> bool:
        """Whether its receiver has yet to confirm it, as `on_the_way()` says of many."""
        return self.is_standing and self.confirmed_at is None

    @property
    def is_moved(self) -> bool:
        """Whether it went with the desk of its giver, as `moved_with_its_desk()` says of many."""
        same = self.next_step_name == self.step_name and self.receiver_role == self.giver_role
        went = self.receiver_id is not None and self.receiver_id != self.giver_id
        return self.confirmed_at == self.given_at and same and went
