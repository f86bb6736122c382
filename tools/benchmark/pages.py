"""Pages: each against its reference, over the size of the archive, on the wire, and in memory.

R: a bare view that reads one row by primary key and draws ten lines; M: the same for a signed-in
officer. Limits are ratios to them, measured in turn.
"""

from __future__ import annotations

import gzip
import subprocess

from benchmark.offices import Office, Offices, web
from benchmark.table import Sample, Table, ask, measure
from processes import ROOT

# title, address and cookie by their names in `known`, limit of its ratio, most statements
PUBLIC = [
    ("Tra cứu theo mã", "lookup", 2.5, 4),
    ("Tra cứu theo mã hồ sơ và mã tra cứu", "lookup_secret", 3.0, 4),
]
OFFICERS: list[tuple[str, str, str, float | None, int | None]] = [
    ("Việc của tôi, 50 dòng và mọi số đếm", "queue", "cookie", 5.0, 8),
    ("Phiếu tiếp nhận, 10 giấy tờ", "form", "clerk_cookie", 11.0, None),
    ("Trang hồ sơ", "dossier", "cookie", 4.0, 12),
    ("Điều hành, một cơ quan", "board", "board_cookie", None, 10),
    ("Tìm thủ tục khi đang gõ", "procedure_search", "clerk_cookie", None, None),
    ("Tìm người theo tên không dấu", "person_search", "cookie", None, None),
    ("Tìm theo đầu mã hồ sơ", "code_prefix", "cookie", None, None),
    ("Trả kết quả", "return_desk", "clerk_cookie", None, None),
    ("Sổ bàn giao", "batches", "clerk_cookie", None, None),
]
# With as many lines shown on both sides: more lines cost more in any archive.
GROWING = [
    ("Tra cứu", "lookup", ""),
    ("Việc của tôi", "queue", "cookie"),
    ("Trang hồ sơ", "dossier", "cookie"),
    ("Phiếu tiếp nhận", "form", "clerk_cookie"),
    ("Tìm thủ tục", "procedure_search", "clerk_cookie"),
    ("Tìm người, ba hồ sơ", "few_people", "cookie"),
    ("Điều hành", "board", "board_cookie"),
    ("Tìm theo đầu mã, hai hồ sơ", "few_codes", "cookie"),
    ("Tiếp nhận", "intake_start", "clerk_cookie"),
    ("Trả kết quả", "return_desk", "clerk_cookie"),
    ("Bàn giao", "give_list", "cookie"),
    ("Nhận bàn giao", "receive_list", "cookie"),
    ("Đã giao", "given_list", "cookie"),
    ("Sổ bàn giao", "batches", "clerk_cookie"),
    # The same reading as the letter of the morning.
    ("Việc hôm nay", "today", "board_cookie"),
    ("Nhật ký truy cập", "access_log", "administrator_cookie"),
    ("Việc chạy định kỳ", "jobs", "administrator_cookie"),
]
# How much more a page may cost on the large archive than on the small one: up to 200,000 dossiers,
# and on more.
GROWTH, GROWTH_OF_MILLIONS = 1.2, 1.3


def pages(table: Table, offices: Offices) -> None:
    office = offices.large
    bare, officer = office.page("bare"), office.page("signed_in", "cookie")
    public = [(office.page(row[1]), *row) for row in PUBLIC]
    ours = [(office.page(row[1], row[2]), *row) for row in OFFICERS]
    measure([bare, officer, *(row[0] for row in public), *(row[0] for row in ours)])
    table.sample("R: đọc một dòng, vẽ mười dòng", bare)
    table.sample("M: như R, cán bộ đã đăng nhập", officer)
    for page, title, _, limit, most in public:
        table.sample(
            title, page, ratio=page.against(bare), limit=limit, most_queries=most, unit=" R"
        )
    for page, title, _, _, held_to, most_asked in ours:
        table.sample(
            title,
            page,
            ratio=page.against(officer),
            limit=held_to,
            most_queries=most_asked,
            unit=" M",
        )


def growth(table: Table, offices: Offices) -> None:
    """The same address on a small and on a large archive, in turn. Held to CPU: on a busy machine a page
    without a line on either side took 1.17 of the time.
    """
    small, large = offices.small, offices.large
    pairs = [
        (title, small.page(path, cookie), large.page(path, cookie))
        for title, path, cookie in GROWING
    ]
    measure([sample for _, *both in pairs for sample in both])
    sizes = f"{large.count:,} so với {small.count:,} hồ sơ".replace(",", ".")
    limit = GROWTH if large.count <= 200_000 else GROWTH_OF_MILLIONS
    for title, one, other in pairs:
        table.sample(f"{title}: {sizes}", other, ratio=other.works(one), limit=limit)


def weights(table: Table, offices: Offices) -> None:
    """Bytes over the wire, compressed as a browser asks."""
    office = offices.large
    asked = {"Accept-Encoding": "br, gzip"}
    for title, sample in (
        ("Trang Việc của tôi, tài nguyên đã có sẵn", office.page("queue", "cookie")),
        ("Trang tiếp nhận", office.page("form", "clerk_cookie")),
        ("Trang tra cứu", office.page("lookup_secret")),
    ):
        _, body, _ = ask(sample, asked)
        table.row(f"{title} (kB)", size=len(body), ratio=len(body) / 1000, limit=100, unit=" kB")
    files = office.known["scripts"]
    scripts = sum(len(gzip.compress((ROOT / path).read_bytes(), 9)) for path in files)
    table.row(
        "JavaScript cả thảy, nén gzip", size=scripts, ratio=scripts / 1000, limit=40, unit=" kB"
    )


def memory(table: Table, offices: Offices, requests: int = 3_000) -> None:
    """One web worker through mixed requests: its memory in the middle and at the end."""
    office: Office = offices.small
    who = {
        "dossier": "cookie",
        "queue": "cookie",
        "person_search": "cookie",
        "form": "clerk_cookie",
    }
    mixed = [*who.items(), ("lookup", "")]
    with web(office.env) as (port, process):
        samples = [
            Sample(port, office.known[path], office.known[cookie] if cookie else "")
            for path, cookie in mixed
        ]
        sizes = []
        for number in range(requests):
            ask(samples[number % len(samples)])
            if number + 1 in (requests // 2, requests):
                sizes.append(_rss(process.pid))
    table.row(
        f"Bộ nhớ một tiến trình web sau {requests} yêu cầu", ratio=sizes[1], limit=200, unit=" MB"
    )
    table.row("  so với nửa chừng", ratio=sizes[1] / sizes[0], limit=1.05)


def _rss(master: int) -> float:
    """MB of the largest child of gunicorn's master."""
    children = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(master)], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.split()
    return max(int(kb) for kb in children) / 1000
