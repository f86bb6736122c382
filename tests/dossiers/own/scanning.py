"""Papers scanned after the reception: no slip."""

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.acts import scanning
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from tests.samples import PDF
from tests.world import Office


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    scan = SimpleUploadedFile("don.pdf", PDF)
    desk = office.desk(office.clerk)
    scanning.add_scans(Seen(dossier.pk), [scan], reason="Bản vẽ khổ lớn", by=desk, at=at)
