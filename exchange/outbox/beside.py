"""What stands in lists inside the message of a dossier: what was asked for and came, what is to be
paid and the receipts of what was, the result or its refusal. By the names of the national exchange
contract (legal fact base 5.8, and its block of completions).

The lists are those of the instant of sending, and stand there also where they are empty: what was
taken back here goes there too. A value that is a code of the peer's own (`values`) is told where the
installation says which, else left out; a file by its digest, with an address where the peer fetches it:
of a result only as it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dossiers.acts.refusals import SLUG as REFUSAL
from dossiers.acts.results import RESULT_FILE
from dossiers.desk.signed import WHOLE
from dossiers.intake.transfers import NOT_ASKED
from dossiers.models import Dossier, Ending, Result, Return, Slip, Supplement
from dossiers.models.digitising import GIVEN_OUT, DigitisedPaper
from dossiers.models.money import FeeReceipt
from dossiers.models.payment import PaymentRequest
from dossiers.states import State
from exchange.outbox import handed, messages
from exchange.outbox.handed import Handed
from exchange.outbox.linking import Links
from exchange.outbox.peers import Peer
from exchange.outbox.port import Fields
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict


@dataclass(frozen=True, slots=True)
class Beside:
    """Read once for all dossiers of a round, each list in its order."""

    asked: Mapping[int, Sequence[Supplement]] = field(default_factory=dict)
    receipts: Mapping[int, Sequence[FeeReceipt]] = field(default_factory=dict)
    # What another authority determined, and the dossier waits for (status 6).
    unpaid: Mapping[int, PaymentRequest] = field(default_factory=dict)
    results: Mapping[int, Result] = field(default_factory=dict)
    files: Mapping[int, Sequence[Attachment]] = field(default_factory=dict)
    # What counts in place of a result on paper, by its file.
    copies: Mapping[int, DigitisedPaper] = field(default_factory=dict)
    # Form 03 of a refusal after appraisal; of what was withdrawn or stopped, why.
    refusals: Mapping[int, Slip] = field(default_factory=dict)
    endings: Mapping[int, Ending] = field(default_factory=dict)
    returns: Mapping[int, Return] = field(default_factory=dict)
    handed: Handed = field(default_factory=Handed)

    @classmethod
    def of(cls, dossiers: Iterable[Dossier]) -> Beside:
        """Seven queries, and one more each where a dossier waits for a payment, was refused, was
        withdrawn or stopped, was given back; none of no dossier.
        """
        dossiers = list(dossiers)
        states = {one.pk: one.state for one in dossiers}
        ids = set(states)
        if not ids:
            return cls()
        asked: dict[int, list[Supplement]] = defaultdict(list)
        people = ("issued_by", "completed_by", "change")
        for one in Supplement.objects.issued().filter(dossier__in=ids).select_related(*people):
            asked[one.dossier_id].append(one)
        receipts: dict[int, list[FeeReceipt]] = defaultdict(list)
        taken = FeeReceipt.objects.standing().filter(dossier__in=ids)
        for receipt in taken.select_related("series").order_by("id"):
            receipts[receipt.dossier_id].append(receipt)

        def in_state(*wanted: State) -> list[int]:
            return [pk for pk, state in states.items() if state in wanted]

        # Of no dossier Django asks the database nothing.
        paying, over = in_state(State.AWAITING_PAYMENT), in_state(State.WITHDRAWN, State.STOPPED)
        unpaid = PaymentRequest.objects.unpaid().filter(dossier__in=paying)
        endings = Ending.objects.standing().filter(dossier__in=over).order_by("id")
        given = in_state(State.RETURNED)
        returns = Return.objects.standing().filter(dossier__in=given).order_by("id")
        results = {one.dossier_id: one for one in Result.objects.current().filter(dossier__in=ids)}
        files, papers = _files(ids, results)
        refused = [pk for pk, one in results.items() if _is_refused(one, states[pk])]
        slips = Slip.objects.standing().filter(dossier__in=refused, slug=REFUSAL)
        refusals = slips.select_related("pdf").order_by("id")
        copies = {one.file_id: one for one in DigitisedPaper.objects.of_results(results.values())}
        return cls(
            asked=asked,
            receipts=receipts,
            unpaid={one.dossier_id: one for one in unpaid},
            results=results,
            files=files,
            copies=copies,
            refusals={one.dossier_id: one for one in refusals if one.dossier_id},
            endings={one.dossier_id: one for one in endings},
            returns={one.dossier_id: one for one in returns},
            handed=Handed.of(dossiers, papers),
        )

    def fields(self, peer: Peer, dossier: Dossier, since: datetime | None = None) -> Fields:
        """`since`: when the message was made; addresses of ours open so many days from then."""
        pk = dossier.pk
        links = Links(peer, pk, since)
        paid = [line for one in self.receipts.get(pk, ()) for line in _paid(peer, one)]
        given = self.returns.get(pk)
        how = messages.returned(given.get_way_display(), given.post_number) if given else ""
        return {
            "DanhSachHoSoBoSung": [_asked(peer, one) for one in self.asked.get(pk, ())],
            "DanhSachLePhi": [*paid, *_owed(peer, dossier, self.unpaid.get(pk))],
            "DanhSachGiayToKetQua": self._result(peer, dossier, links),
            **self._why(peer, dossier),
            **_by_platform(peer, self.receipts.get(pk, ())),
            "ThongTinTra": how,
            **self.handed.fields(links),
        }

    def given_out(self, dossier: Dossier) -> Sequence[Attachment]:
        """The files of the result as it counts, once it was given out: signed, or the checked copy of what
        is on paper; of a refusal those that tell it.
        """
        result = self.results.get(dossier.pk)
        if result is None or dossier.state not in GIVEN_OUT:
            return ()
        files = self.files.get(dossier.pk, ())
        if result.kind == Result.Kind.REFUSED:
            return self._telling(result)
        if result.electronic:
            return [one for one in files if one.signature in WHOLE]
        return [one for one in files if _counts(self.copies.get(one.pk))]

    def open_files(self, dossier: Dossier) -> list[Attachment]:
        """What a peer that was told of it may fetch from here."""
        return [*self.given_out(dossier), *self.handed.all_of(dossier.pk)]

    def _why(self, peer: Peer, dossier: Dossier) -> Fields:
        """Why it ended without what was asked for; empty where that is not, or no longer, so."""
        result, ending = self.results.get(dossier.pk), self.endings.get(dossier.pk)
        if result is not None and _is_refused(result, dossier.state):
            return {"NgayTuChoi": peer.written(dossier.ended_at), "GhiChu": result.reason}
        why = messages.ended(ending.reason, ending.decision_number) if ending else ""
        return {"NgayTuChoi": "", "GhiChu": why}

    def _result(self, peer: Peer, dossier: Dossier, links: Links) -> list[Fields]:
        """A signed result, or a refusal that stands; one line a file, or one without where it is on
        paper.
        """
        result = self.results.get(dossier.pk)
        if result is None:
            return []
        given = {one.sha256 for one in self.given_out(dossier)}

        def told(one: Attachment) -> Fields:
            # In a store of the installation's own each lies, whatever it is.
            is_there = bool(peer.files) or one.sha256 in given
            return _file(one, links.of(one.sha256, peer.files) if is_there else "")

        if result.kind == Result.Kind.REFUSED:
            return self._refusal(result, told) if _is_refused(result, dossier.state) else []
        if not result.number:
            return []
        title = result.title or messages.RESULT
        line: Fields = {"TenGiayTo": title, "SoKyHieu": result.number}
        if code := code_of(dossier, result):
            line["MaGiayToKetQua"] = code
        files = self.files.get(dossier.pk, ())
        if result.electronic:
            files = _as_signed(files)
        lines = [line | told(one) | more for one in files for more in self._copy(peer, one)]
        return lines or [line]

    def _refusal(self, result: Result, told: Callable[[Attachment], Fields]) -> list[Fields]:
        slip = self.refusals.get(result.dossier_id)
        number = result.number or (_number_of(slip) if slip else "")
        title = result.title or messages.REFUSAL
        line: Fields = {"TenGiayTo": title} | ({"SoKyHieu": number} if number else {})
        return [line | told(one) for one in self._telling(result)] or [line]

    def _telling(self, result: Result) -> Sequence[Attachment]:
        """What was recorded with a refusal, else form 03 as it was drawn."""
        files = self.files.get(result.dossier_id, ())
        if result.electronic:
            files = _as_signed(files)
        slip = self.refusals.get(result.dossier_id)
        drawn = [slip.pdf] if slip is not None and slip.pdf is not None else []
        return files or drawn

    def _copy(self, peer: Peer, file: Attachment) -> list[Fields]:
        """Of a digitised copy what is known of it, and nothing of one that is not as the paper is, or that
        nobody has checked; of another file no more than it is.
        """
        copy = self.copies.get(file.pk)
        if copy is None:
            return [{}]
        return [_digitised(peer, copy)] if _counts(copy) else []


def code_of(dossier: Dossier, result: Result) -> str:
    """How the catalogue codes what was given: the result of that name, or the only one that the procedure
    has; "" where that is not certain.
    """
    listed = dossier.version.results
    named = [one for one in listed if one.get("name") == result.title]
    codes = {str(one.get("code") or "") for one in named or listed}
    return codes.pop() if len(codes) == 1 else ""


def _counts(copy: DigitisedPaper | None) -> bool:
    return copy is not None and copy.stage == DigitisedPaper.Stage.APPROVED


def _files(
    ids: Collection[int], results: Mapping[int, Result]
) -> tuple[dict[int, list[Attachment]], list[Attachment]]:
    """The files of each result, and whatever lies with the dossiers themselves. One query."""
    of_results: dict[int, list[Attachment]] = defaultdict(list)
    of_dossiers: list[Attachment] = []
    kinds = (RESULT_FILE, handed.KIND)
    for file in Attachment.objects.filter(kind__in=kinds, object_id__in=ids).order_by("id"):
        result = results.get(file.object_id)
        if file.kind == handed.KIND:
            of_dossiers.append(file)
        # Those of an earlier result came before this one was written down.
        elif result is not None and file.uploaded_at >= result.recorded_at:
            of_results[file.object_id].append(file)
    return of_results, of_dossiers


def _is_refused(result: Result, state: int) -> bool:
    """A refusal is none before the dossier ended with it (R-65)."""
    return result.kind == Result.Kind.REFUSED and state in GIVEN_OUT


def _number_of(slip: Slip) -> str:
    """As the form bears it."""
    return str(slip.snapshot["form"]["serial"].format(n=slip.number))


def _as_signed(files: Sequence[Attachment]) -> Sequence[Attachment]:
    """What was signed here lies beside the file it was made of, which is no result: what is as it was
    signed, else what bears a signature, else all.
    """
    whole = [one for one in files if one.signature in WHOLE]
    return whole or [one for one in files if one.signature != Verdict.NONE] or files


def _coded(peer: Peer, name: str, value: object) -> Fields:
    code = peer.values.get(f"{name}.{value}")
    return {name: code} if code else {}


def _asked(peer: Peer, one: Supplement) -> Fields:
    words = "; ".join([*one.entries, *filter(None, [one.reason])])
    return {
        "HoSoBoSungId": str(one.pk),
        "NguoiYeuCauBoSung": one.issued_by.full_name if one.issued_by else messages.BY_SYSTEM,
        "NoiDungBoSung": words,
        "NgayBoSung": peer.written(one.issued_at),
        "NguoiTiepNhanBoSung": one.completed_by.full_name if one.completed_by else "",
        "NgayTiepNhanBoSung": peer.written(one.completed_at),
        "NgayHenTraTruoc": peer.written(one.change.due_before) if one.change else "",
        "NgayHenTraMoi": peer.written(one.change.due_after) if one.change else "",
        **_coded(peer, "TrangThaiBoSung", "done" if one.completed_at else "asked"),
    }


def _paid(peer: Peer, one: FeeReceipt) -> list[Fields]:
    """Phí and lệ phí are a line each, both under the number of their receipt."""
    number = f"{one.series.symbol} {one.digits}"
    parts = (("fee", messages.FEE, one.fee), ("charge", messages.CHARGE, one.charge))
    return [
        {
            "TenPhiLePhi": messages.paid(words, number),
            "Gia": str(amount),
            **_coded(peer, "LoaiPhiLePhi", kind),
            **_coded(peer, "HinhThucThu", int(one.way)),
        }
        for kind, words, amount in parts
        if amount
    ]


def _by_platform(peer: Peer, receipts: Sequence[FeeReceipt]) -> Fields:
    """Whether it was paid on line: which platform that was to the peer, the installation says."""
    paid = any(one.is_on_line for one in receipts)
    return _coded(peer, "DuocThanhToanTrucTuyen", "online" if paid else "other")


def _owed(peer: Peer, dossier: Dossier, unpaid: PaymentRequest | None) -> list[Fields]:
    """What is to be paid still, as our ledger has it: at the counter, and what another authority
    determined, with its last day. Nothing of what ended without anything to pay for.
    """
    if dossier.state in NOT_ASKED:
        return []
    lines: list[Fields] = []
    if dossier.fee_owed:
        told = {"TenPhiLePhi": messages.OWED, "Gia": str(dossier.fee_owed)}
        lines.append(told | _coded(peer, "LoaiPhiLePhi", "owed"))
    if unpaid is not None:
        words = messages.obligation(unpaid.content, unpaid.pay_by)
        told = {"TenPhiLePhi": words, "Gia": str(unpaid.amount)}
        lines.append(told | _coded(peer, "LoaiPhiLePhi", "obligation"))
    return lines


def _digitised(peer: Peer, copy: DigitisedPaper) -> Fields:
    """What TT 01/2023 keeps of a digitised paper, to a peer that says how it calls one that is a result."""
    kind = _coded(peer, "LoaiSoHoa", "result")
    if not kind:
        return {}
    result = copy.result
    return kind | {
        "Ma": copy.code,
        "NgayBanHanh": peer.day(result.issued_on),
        "NguoiKy": result.signer,
        "CoQuanBanHanh": copy.issuer,
        "TrichYeuNoiDung": copy.abstract,
        "PhamViHieuLuc": copy.scope,
        "ThoiHanHieuLuc": peer.day(copy.valid_to),
        "ThoiHanVinhVien": "0" if copy.valid_to else "1",
    }


def _file(one: Attachment, address: str) -> Fields:
    told: Fields = {"GiayToId": one.sha256, "TenTepDinhKem": one.name}
    return told | ({"DuongDanTepTinKetQua": address} if address else {})
