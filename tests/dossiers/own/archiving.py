"""A result that nobody fetched is put to the archive: no slip."""

from datetime import datetime

from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.collecting import ResultArchive
from tests.world import Office


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """There is no result yet."""


def when_ready(dossier: Dossier, office: Office, at: datetime) -> None:
    """As if it had waited long enough."""
    with writer.change(dossier.pk, by=office.desk(office.clerk), at=at) as life:
        row = life.add(
            ResultArchive(
                dossier=life.dossier,
                place="Kho tầng 1, hộp 12",
                note="Gọi ba lần không nghe máy",
                days=120,
                notices=3,
                archived_by=office.clerk,
                archived_at=at,
            )
        )
        life.record("archive_result", {"row": row.pk})
