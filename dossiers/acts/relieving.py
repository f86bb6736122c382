"""Who pays nothing: what is owed still is not asked for, with the group and the paper that proves it
(R-125).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from dossiers.acts.fees import ALWAYS, TAKERS, check_relief, counter_of, may_take, proven
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.money import FeeRelief
from dossiers.registry import Act, Page, Rows, Told, own_page, register
from onestop.results import Answer, Denied
from onestop.templatetags.formatting import money

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def _may_relieve(desk: Desk, dossier: Dossier) -> Answer:
    """Who may take a fee, where one is owed still."""
    return may_take(desk, dossier) if dossier.fee_owed else Denied("nothing_owed")


RELIEFS = Rows("fee_reliefs", ("amount", "relief", "proof"))


def _relieved(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"Không thu {money(row['amount'])}: {proven(row)}"


RELIEVE_FEE = register(
    Act(
        "relieve_fee", "Miễn phí, lệ phí còn phải thu", 68, ALWAYS, None, TAKERS, _may_relieve,
        told_by=RELIEFS, lines=_relieved, page=Page("check", own_page("act_relieve_fee")),
    )
)  # fmt: skip


def relieve_fee(seen: Seen, relief: str, proof: str, *, by: Desk, at: datetime) -> FeeRelief:
    """What is owed still is not asked for. Effects: the row, nothing is owed, event. Errors:
    DomainError("fee_relief_why", "fee_relief_proof", "nothing_owed").
    """
    check_relief(relief, proof)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("relieve_fee")
        dossier = life.dossier
        row = life.add(
            FeeRelief(
                dossier=dossier,
                amount=dossier.fee_owed,
                relief=relief.strip(),
                proof=proof.strip(),
                agency_id=counter_of(dossier, at).pk,
                relieved_by=by.officer,
                relieved_at=at,
            )
        )
        dossier.fee_owed = 0
        life.record("relieve_fee", {"row": row.pk})
        return row
