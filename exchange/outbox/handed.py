"""The papers of a dossier as files: handed in with it, sent on line for a request, scanned since, or taken
from an earlier result of ours in place of a paper (R-13, R-15).

What officers put beside them (minutes, letters, proofs of payment, what a taker signed) is none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dossiers.intake.portal_codes import NATIONAL_NAME
from dossiers.models import Dossier, DossierPaper
from dossiers.models.scanning import Scanning, pages_by_file
from exchange.models.inbox import FORM, IncomingFile
from exchange.outbox.linking import Links
from exchange.outbox.peers import Peer
from exchange.outbox.port import Fields
from onestop.files.models import Attachment

KIND = "dossier"
YES, NO = "1", "0"


@dataclass(frozen=True, slots=True)
class PaperCode:
    """A code of a source's own: it says nothing to another one."""

    code: str
    door: str
    source: str

    def is_of(self, peer: Peer) -> bool:
        return self.door == peer.door if peer.door else self.source == NATIONAL_NAME


@dataclass(frozen=True, slots=True)
class Handed:
    """By dossier, each in its order."""

    files: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)
    reused: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)
    # How the sender of a file called its paper, by the file.
    codes: Mapping[int, PaperCode] = field(default_factory=dict)

    @classmethod
    def of(cls, dossiers: Iterable[Dossier], files: Iterable[Attachment]) -> Handed:
        """Two queries, and one where there are files. In: the dossiers' files, which somebody has read with
        others.
        """
        known = {one.pk: one for one in dossiers}
        scanned: set[int] = set()
        scannings = Scanning.objects.standing().filter(dossier__in=known, signed=False)
        for pages in scannings.values_list("pages", flat=True):
            scanned.update(pages_by_file(pages))
        found: dict[int, list[Attachment]] = defaultdict(list)
        for one in files:
            dossier = known[one.object_id]
            came = one.uploaded_by_id is None or one.uploaded_at <= dossier.recorded_at
            if came or one.pk in scanned:
                found[dossier.pk].append(one)
        reused: dict[int, list[Attachment]] = defaultdict(list)
        papers = DossierPaper.objects.filter(dossier__in=known, stored_file__isnull=False)
        for paper in papers.select_related("stored_file").order_by("dossier", "order"):
            if paper.stored_file is not None:
                reused[paper.dossier_id].append(paper.stored_file)
        return cls(found, reused, _codes([one.pk for files in found.values() for one in files]))

    def all_of(self, dossier: int) -> list[Attachment]:
        return [*self.files.get(dossier, ()), *self.reused.get(dossier, ())]

    def fields(self, links: Links) -> Fields:
        dossier = links.dossier
        papers = [self._paper(links, one, again=NO) for one in self.files.get(dossier, ())]
        papers += [self._paper(links, one, again=YES) for one in self.reused.get(dossier, ())]
        return {"TaiLieuNop": papers, "HoSoCoThanhPhanSoHoa": YES if papers else NO}

    def _paper(self, links: Links, one: Attachment, *, again: str) -> Fields:
        told: Fields = {
            "TepDinhKemId": one.sha256,
            "TenTepDinhKem": one.name,
            "DuocSoHoa": YES,
            "DuocTaiSuDung": again,
        }
        code = self.codes.get(one.pk)
        if code is not None and code.is_of(links.peer):
            told["MaThanhPhanHoSo"] = code.code
        if address := links.of(one.sha256, links.peer.papers):
            told["DuongDanTaiTepTin"] = address
        return told


def _codes(files: Sequence[int]) -> dict[int, PaperCode]:
    if not files:
        return {}
    came = IncomingFile.objects.filter(attachment__in=files).exclude(paper_code__in=("", FORM))
    columns = ("attachment", "paper_code", "message__door__name", "message__door__source__name")
    return {pk: PaperCode(*of) for pk, *of in came.order_by("pk").values_list(*columns)}
