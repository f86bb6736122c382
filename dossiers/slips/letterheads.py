"""Whose paper it is: the names at its head and the place beside the date, how it addresses whom it
is for, who signs in which capacity and who else gets it (NĐ 30/2020, Phụ lục I).
"""

from __future__ import annotations

from django.db.models import QuerySet

from dossiers.models import CounterVisit, Dossier
from dossiers.models.dossier import IdentityKind, OwnerKind
from dossiers.slips.contexts import CITIZEN, Office, Person, Signer
from onestop.accounts.models import Agency, AgencyKind, Department, DepartmentKind, Officer

ONE_STOP = "Bộ phận Tiếp nhận và Trả kết quả"
# What the law calls it for short, and offices name their department: the paper carries the whole
# name.
_SHORT_NAMES = frozenset(
    {"bộ phận một cửa", "một cửa", "bộ phận tn&tkq", "bộ phận tiếp nhận và trả kết quả"}
)


def office_of(agency: Agency, counter: Department | None = None) -> Office:
    """The head of what a counter hands out. `counter`: its department where it is at hand; else it
    is asked for.
    """
    return _office(
        agency,
        desk=agency.name
        if agency.kind == AgencyKind.SERVICE_CENTRE
        else _desk_name(agency, counter),
    )


def office_of_document(agency: Agency) -> Office:
    """The head of a document that the agency itself signs: no counter stands in it."""
    return _office(agency, desk=agency.name)


def office_of_department(agency: Agency, room: Department) -> Office:
    """The head of what a room of the agency writes."""
    return _office(agency, desk=room.name)


def _office(agency: Agency, *, desk: str) -> Office:
    return Office(
        agency=agency.name,
        superior=superior_of(agency),
        place=place_of(agency),
        desk=desk,
        address=agency.address,
        phone=agency.phone,
        email=agency.email,
        website=agency.website,
    )


def _desk_name(agency: Agency, counter: Department | None) -> str:
    if counter is None or counter.kind != DepartmentKind.ONE_STOP or counter.agency_id != agency.pk:
        counter = Department.objects.filter(
            agency=agency, kind=DepartmentKind.ONE_STOP, is_active=True
        ).first()
    return (
        counter.name
        if counter is not None and counter.name.casefold() not in _SHORT_NAMES
        else ONE_STOP
    )


def superior_of(agency: Agency) -> str:
    """The agency above, as the head names it; a people's committee stands under none."""
    return (
        ""
        if agency.kind == AgencyKind.PEOPLES_COMMITTEE or agency.parent is None
        else agency.parent.name
    )


_UNITS = ("xã ", "phường ", "đặc khu ", "thị trấn ", "tỉnh ", "thành phố ")


def place_of(agency: Agency) -> str:
    """The place before the date, the bare name of the unit as administrative documents write it:
    "Bình Minh, ngày …".

    A unit whose name is a number keeps its kind ("Phường 4"). An office of the province writes the
    province.
    """
    committee = "ủy ban nhân dân "
    name = (
        agency.name[len(committee) :]
        if agency.name.lower().startswith(committee)
        else agency.province_name or agency.label
    )
    for unit in _UNITS:
        bare = name[len(unit) :]
        if name.lower().startswith(unit) and not bare[:1].isdigit():
            return bare
    return name[:1].upper() + name[1:]


# --- whom it is for -------------------------------------------------------------------------------

# The beginning of an organisation's name, and how it is addressed.
_ORGANISATIONS = (
    ("công ty", "Quý Công ty"),
    ("hợp tác xã", "Quý Hợp tác xã"),
    ("hộ kinh doanh", "Quý Hộ kinh doanh"),
    ("doanh nghiệp", "Quý Doanh nghiệp"),
)


def owner_of(about: Dossier | CounterVisit) -> Person:
    """The owner as the paper names him, with the kind of his number and how he is addressed."""
    dossier = about if isinstance(about, Dossier) else None
    return Person(
        name=about.owner_name,
        address=about.address,
        phone=about.phone,
        email=about.email,
        identity=about.identity_number,
        identity_label=identity_label(dossier.identity_kind) if dossier is not None else "",
        addressed=addressed(
            about.owner_name, dossier.owner_kind if dossier is not None else OwnerKind.CITIZEN
        ),
    )


def identity_label(kind: int) -> str:
    """What a number is that no citizen's card or passport bears; "" for those, which the form names
    itself.
    """
    return {
        IdentityKind.TAX_CODE: "Mã số thuế/Mã số doanh nghiệp",
        IdentityKind.OLD_CARD: "Số chứng minh nhân dân",
        IdentityKind.OTHER: "Số giấy tờ",
    }.get(IdentityKind(kind), "")


def addressed(name: str, kind: int) -> str:
    """Ông/Bà for a person; an organisation by what it is. A visit knows no kind: its name tells."""
    for start, words in _ORGANISATIONS:
        if name.casefold().startswith(start):
            return words
    return {OwnerKind.COMPANY: "Quý Đơn vị", OwnerKind.ORGANISATION: "Quý Cơ quan"}.get(
        OwnerKind(kind), CITIZEN
    )


# --- who signs ------------------------------------------------------------------------------------

# The head of an office, as its deputies sign for him (KT.) and its rooms on his order (TL.).
_HEADS = (
    "chủ tịch",
    "giám đốc",
    "chi cục trưởng",
    "cục trưởng",
    "chánh văn phòng",
    "trưởng phòng",
    "trưởng ban",
    "thủ trưởng",
)
_ROOMS = (
    "chánh văn phòng",
    "trưởng phòng",
    "trưởng ban",
    "phó trưởng phòng",
    "phó chánh văn phòng",
    "phó trưởng ban",
)


def capacity(title: str, agency: Agency) -> tuple[str, ...]:
    """In which capacity somebody with this title signs for the agency, a line each: ("KT. CHỦ
    TỊCH", "PHÓ CHỦ TỊCH").

    Without a title nothing is made up: the line stays to be filled in.
    """
    committee = agency.kind == AgencyKind.PEOPLES_COMMITTEE
    words = title.casefold().strip()
    if not words:
        return ("TM. ỦY BAN NHÂN DÂN",) if committee else ()
    if words.startswith(_ROOMS):
        return (f"TL. {'CHỦ TỊCH' if committee else 'GIÁM ĐỐC'}", title.strip().upper())
    for head in _HEADS:
        if words.startswith(head):
            return ("TM. ỦY BAN NHÂN DÂN", head.upper()) if committee else (head.upper(),)
        if words.startswith(f"phó {head}"):
            return (f"KT. {head.upper()}", f"PHÓ {head.upper()}")
    return (title.strip().upper(),)


def signer_of(officer: Officer, agency: Agency) -> Signer:
    return Signer(name=officer.full_name, capacity=capacity(officer.title, agency))


def signer_named(name: str, among: QuerySet[Officer], agency: Agency) -> Signer:
    """The leader of this name; a name that no leader bears signs in no capacity that the system
    knows.
    """
    found = next(
        (one for one in among if one.full_name.casefold() == name.strip().casefold()), None
    )
    return (
        signer_of(found, agency)
        if found is not None
        else Signer(name=name.strip(), capacity=capacity("", agency))
    )


def recipients(dossier: Dossier, by: Officer, *, handler: Agency, desk: Office) -> tuple[str, ...]:
    """Nơi nhận: whom it is for, the agency above, the counter that hands it out, the file with the
    room that wrote it.
    """
    above = handler.parent
    room = dossier.holder_department or by.department
    return (
        "Như trên;",
        *((f"{above.name} (để b/c);",) if above is not None else ()),
        f"{desk.desk_name} (để trả kết quả);",
        f"Lưu: VT, {room.name if room is not None else handler.label}.",
    )
