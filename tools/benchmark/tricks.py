"""What the speed layer gains (onestop/speed.py): each trick against the plain way, in turn, on the
page that it is for, in CPU of web and PostgreSQL. A tenth of the page is the least; what gains less
goes.
"""

from __future__ import annotations

from benchmark.offices import Offices
from benchmark.table import Table, measure

# by its name in the code: title, page and cookie by their names in `known`
TRICKS = {
    "counters": ("Số đếm: câu lệnh dựng một lần", "queue", "cookie"),
    "desks": ("Vai trò của cán bộ: giữ theo dấu", "queue", "cookie"),
    "signed in": ("Phiên và cán bộ: câu lệnh dựng một lần", "signed_in", "cookie"),
    "stamp": ("Dấu của lịch làm việc: câu lệnh dựng một lần", "lookup", ""),
    "lines": ("Dòng của danh sách: giữ theo nội dung", "queue", "cookie"),
    "late reasons": ("Hồ sơ trễ vì đâu: giữ theo lần sửa và ngày", "queue", "cookie"),
    "calendars": ("Lịch làm việc: giữ theo dấu", "queue", "cookie"),
    "cases": ("Trường hợp của thủ tục: giữ", "form", "clerk_cookie"),
    "blank form": ("Phiếu tiếp nhận trống: giữ", "form", "clerk_cookie"),
    "dossier": ("Hồ sơ và các mục của nó: câu lệnh dựng một lần", "dossier", "cookie"),
    "acts": ("Hồ sơ ở trang của một việc: câu lệnh dựng một lần", "why", "cookie"),
    "lists": ("Danh mục nói gì của một thủ tục: câu lệnh dựng một lần", "listed", ""),
    "lookup": ("Tra cứu theo mã: câu lệnh dựng một lần", "lookup", ""),
    "lookup with secret": ("Tra cứu cả mã tra cứu: như trên", "lookup_secret", ""),
}
# Of the page, in hundredths. What every page asks is a smaller part of each (of the mix: docs/adr/0008).
LEAST = 10
LEAST_OF = {"stamp": 3}


def tricks(table: Table, offices: Offices) -> None:
    office = offices.large
    pairs = [
        (name, title, office.page(path, cookie, x_plain=name), office.page(path, cookie))
        for name, (title, path, cookie) in TRICKS.items()
    ]
    # A few hundredths are told apart from what disturbs the machine by more pairs alone: those are
    # measured again behind each of the others, so that they find the machine as every page does.
    small = [sample for name, _, *both in pairs if name in LEAST_OF for sample in both]
    measure([sample for _, _, *both in pairs for sample in (*both, *small)])
    for name, title, plain, quick in pairs:
        table.sample(f"{title}: phần CPU của trang", quick, ratio=quick.saves(plain), limit=LEAST_OF.get(name, LEAST), at_least=True, unit=" %")  # fmt: skip
