"""Invented people with the names, numbers and addresses of the place. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from dossiers.identity import rules
from dossiers.models.dossier import IdentityKind, OwnerKind

# Family names as common as they are in the country, with those of the northern mountains.
_FAMILY = (
    ("Nguyễn", 310), ("Trần", 110), ("Lê", 95), ("Phạm", 70), ("Hoàng", 62), ("Vũ", 39), ("Đặng", 28), ("Bùi", 25), ("Đỗ", 24),
    ("Nông", 42), ("Lý", 24), ("Vi", 22), ("Lương", 20), ("Hà", 18), ("Dương", 18), ("Ngô", 14), ("Triệu", 14), ("Hứa", 12),
    ("Chu", 12), ("Mông", 10), ("Bế", 9), ("Lộc", 9), ("Đàm", 8), ("Phùng", 8), ("Đinh", 8), ("Đoàn", 7), ("Mai", 6), ("Tô", 6),
)  # fmt: skip
_NAMES = [name for name, _ in _FAMILY]
_WEIGHTS = list(accumulate(weight for _, weight in _FAMILY))
_MIDDLE_F = (
    "Thị",
    "Thị",
    "Thị",
    "Thị Thu",
    "Thị Hồng",
    "Thị Minh",
    "Thị Ngọc",
    "Ngọc",
    "Thu",
    "Thị Bích",
    "Thị Kim",
    "Khánh",
)
_MIDDLE_M = (
    "Văn",
    "Văn",
    "Văn",
    "Đức",
    "Minh",
    "Quốc",
    "Hữu",
    "Công",
    "Xuân",
    "Đình",
    "Quang",
    "Trọng",
    "Thanh",
    "Tuấn",
)
_GIVEN_F = (
    "Lan", "Hương", "Hoa", "Mai", "Hằng", "Thảo", "Trang", "Linh", "Nga", "Dung", "Hạnh", "Yến", "Nhung", "Huyền", "Ánh", "Phương",
    "Thủy", "Hiền", "Loan", "Oanh", "Vân", "Xuân", "Diệp", "Ngân", "Quỳnh", "Anh", "My", "Bích", "Chi", "Thơm",
)  # fmt: skip
_GIVEN_M = (
    "Hùng", "Dũng", "Tuấn", "Nam", "Hải", "Sơn", "Cường", "Thắng", "Đạt", "Long", "Quân", "Bình", "Khánh", "Toàn", "Mạnh", "Trung",
    "Kiên", "Hiếu", "Phúc", "Lâm", "Việt", "Tiến", "Duy", "Thành", "Ân", "Đông", "Vinh", "Quyết", "Hoàng", "Lộc",
)  # fmt: skip
_PLACES = (
    "Thôn Nà Pàn",
    "Thôn Bản Chu",
    "Thôn Khòn Lèng",
    "Thôn Pò Hà",
    "Khối 1",
    "Khối 3",
    "Khối 5",
    "Khối 8",
    "Thôn Đồng Én",
    "Tổ 4",
)
_TRADES = (
    "Thương mại",
    "Xây dựng",
    "Vận tải",
    "Nông sản",
    "Du lịch",
    "Xuất nhập khẩu",
    "Cơ khí",
    "Dược liệu",
)
_PREFIXES = ("032", "035", "038", "070", "079", "083", "086", "091", "094", "096", "097", "098")


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    owner_kind: int
    identity_kind: int
    identity_number: str
    phone: str
    address: str


def full_name(rng: Random, *, woman: bool) -> str:
    family = rng.choices(_NAMES, cum_weights=_WEIGHTS)[0]
    middle, given = (_MIDDLE_F, _GIVEN_F) if woman else (_MIDDLE_M, _GIVEN_M)
    return f"{family} {rng.choice(middle)} {rng.choice(given)}"


# Nobody but a person has a birth, a marriage or an identity card.
PERSONAL_FIELDS = frozenset({"Hộ tịch", "Nuôi con nuôi", "Cấp, quản lý căn cước"})


def company_share(applicants: str, field: str) -> float:
    """How many of a procedure's owners are companies, by whom the catalogue lets apply."""
    who = applicants.replace("không bao gồm doanh nghiệp", "")
    if field in PERSONAL_FIELDS or "oanh nghiệp" not in who:
        return 0.0
    return 0.15 if "ông dân" in who or "á nhân" in who else 1.0


def somebody(rng: Random, place: str, year: int, companies: float = 0.0) -> Somebody:
    """A citizen, or a company for that share of the calls. In: the place of the office, the year of
    reception.
    """
    phone = rng.choice(_PREFIXES) + f"{rng.randrange(10_000_000):07d}"
    address = f"{rng.choice(_PLACES)}, {place}"
    if rng.random() < companies:
        name = f"Công ty TNHH {rng.choice(_TRADES)} {rng.choice(_GIVEN_M)} {rng.choice(_GIVEN_F)}"
        return Somebody(
            name, OwnerKind.COMPANY, IdentityKind.TAX_CODE, tax_code(rng), phone, address
        )
    woman = rng.random() < 0.52
    number = card(rng, woman=woman, born=year - rng.randint(18, 78))
    return Somebody(
        full_name(rng, woman=woman),
        OwnerKind.CITIZEN,
        IdentityKind.CITIZEN_CARD,
        number,
        phone,
        address,
    )


def card(rng: Random, *, woman: bool, born: int) -> str:
    """Twelve digits by the real rule: place of birth, century and sex, year, number."""
    place = rng.choice(("020", "020", "020", "006", "004", "024", "001"))
    return f"{place}{2 * (born // 100 - 19) + woman}{born % 100:02d}{rng.randrange(10**6):06d}"


def tax_code(rng: Random) -> str:
    """Ten digits whose last one checks the others."""
    rule = rules()["tax_code"]
    while True:
        digits = [4, 9, *(rng.randrange(10) for _ in range(7))]
        rest = sum(d * w for d, w in zip(digits, rule["weights"], strict=False)) % rule["modulus"]
        if rest:
            return "".join(map(str, digits)) + str(10 - rest)
