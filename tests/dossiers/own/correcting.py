"""A correction: everything as it stands, and one value put right."""

from dataclasses import replace
from datetime import datetime

from dossiers.acts import correcting
from dossiers.acts.correcting import Corrected
from dossiers.acts.many import Seen
from dossiers.intake.brought import PaperIn, Person, SubmitterIn
from dossiers.models import Dossier, Submitter
from procedures.models import Case
from tests.world import Office


def as_it_stands(dossier: Dossier) -> Corrected:
    owner = Person(
        name=dossier.owner_name,
        kind=dossier.owner_kind,
        identity_kind=dossier.identity_kind,
        identity_number=dossier.identity_number,
        identity_note=dossier.identity_note,
        phone=dossier.phone,
        email=dossier.email,
        address=dossier.address,
    )
    row = Submitter.objects.filter(dossier=dossier).first()
    by = SubmitterIn(row.name, row.authorisation, row.identity_number, row.phone) if row else None
    papers = tuple(
        PaperIn(one.paper_id, one.originals, one.certified, one.copies, one.from_database)
        for one in dossier.papers.all()
    )
    return Corrected(owner, by, papers, dossier.summary, dossier.sets)


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    dossier = Dossier.objects.get(pk=dossier.pk)
    case = Case.objects.prefetch_related("methods", "papers").get(pk=dossier.case_id)
    said = as_it_stands(dossier)
    said = replace(said, owner=replace(said.owner, phone="0987654321"))
    clerk = office.desk(office.clerk)
    correcting.correct(Seen(dossier.pk), said, case=case, reason="Gõ nhầm", by=clerk, at=at)
