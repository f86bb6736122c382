"""A result on paper as it was scanned after it was signed: what counts in its place (TT 01/2023/TT-VPCP).

A component that is scanned with its dossier (R-13) has no code and no such row: nobody vouches for it
(docs/adr/0042).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.undone import Undoable, standing
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.fields import BytewiseCharField

if TYPE_CHECKING:
    from dossiers.models.acts import Result

# Who holds the paper against its scan: whoever answers for what the agency gives out.
CHECKERS = frozenset({Role.HEAD, Role.LEADER, Role.DOCUMENTS})
# Its paper was given out: before that the result is none yet.
GIVEN_OUT = frozenset({State.FINISHED, State.RETURNED})


class DigitisedQuerySet(models.QuerySet["DigitisedPaper"]):
    def standing(self) -> DigitisedQuerySet:
        return self.filter(standing())

    def waiting(self) -> DigitisedQuerySet:
        """What another person has not compared with the paper yet, of results that still count."""
        return self._of_current(DigitisedPaper.Stage.WAITING)

    def counting(self) -> DigitisedQuerySet:
        """What counts in place of its paper, whether or not that is valid today: a result that was
        corrected takes its copy out of use (R-83).
        """
        return self._of_current(DigitisedPaper.Stage.APPROVED)

    def of_results(self, results: Iterable[Result]) -> DigitisedQuerySet:
        """Every scan of these results, however it stands, with its result."""
        rows = list(results)
        # By the dossier too, which has an index.
        owners = {one.dossier_id for one in rows}
        return self.filter(dossier__in=owners, result__in=rows).select_related("result")

    def _of_current(self, stage: int) -> DigitisedQuerySet:
        current = Q(result__undone_at=None, result__replaced_at=None)
        return self.standing().filter(current, stage=stage, dossier__state__in=GIVEN_OUT)


class DigitisedPaper(Undoable):
    """The scan of a signed result, with what is said of the paper beyond the result itself.

    `code`: given by this system, never twice. `valid_to`: its last day, None where the paper has none.
    `scope`: where, or for what, it holds. `stage`: whether somebody else found it as the paper is, or
    the agency signed the scan. `answer`: why not.
    """

    told_as = ("digitised_papers", "bản số hóa kết quả")

    class Stage(models.IntegerChoices):
        WAITING = 1, "Chờ người khác kiểm tra"
        APPROVED = 2, "Đã xác nhận đúng bản giấy"
        REFUSED = 3, "Không đúng bản giấy"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="digitised_papers")
    result = models.ForeignKey(
        "dossiers.Result", models.PROTECT, related_name="digitised", db_index=False
    )
    code = BytewiseCharField("mã giấy tờ số hóa", max_length=80)
    file = models.ForeignKey("files.Attachment", models.PROTECT, related_name="+", db_index=False)
    issuer = models.CharField("cơ quan ban hành", max_length=300)
    abstract = models.CharField("trích yếu nội dung", max_length=500)
    scope = models.CharField("phạm vi có hiệu lực", max_length=300)
    valid_to = models.DateField("có hiệu lực đến hết ngày", null=True, blank=True)
    digitised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    digitised_at = models.DateTimeField()
    stage = models.PositiveSmallIntegerField(
        "kiểm tra", choices=Stage.choices, default=Stage.WAITING
    )
    # None while it waits, and where the agency's signature is the check.
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # fmt: skip
    checked_at = models.DateTimeField("kiểm tra lúc", null=True, blank=True)
    answer = models.CharField("vì sao không xác nhận", max_length=300, blank=True)

    objects = DigitisedQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "id"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="digitised_code_once"),
            models.UniqueConstraint(
                fields=["result"],
                condition=Q(undone_at=None, stage__in=(1, 2)),
                name="digitised_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                name="digitised_waiting",
                condition=Q(undone_at=None, stage=1),
            ),
            # Asked whenever a file is deleted.
            models.Index(fields=["file"], name="digitised_file"),
        ]


def is_valid(valid_to: date | None, on: date) -> bool:
    """Whether a paper holds on a day; the last day belongs to it, and a paper without one holds on."""
    return valid_to is None or on <= valid_to
