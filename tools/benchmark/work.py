"""Work that is no page: receiving, printing, counting, bringing in."""

from __future__ import annotations

from benchmark.offices import Offices
from benchmark.table import Table


def work(table: Table, offices: Offices) -> None:
    office = offices.small
    receiving = office.ask("receiving()")
    for papers, name in ((1, "one"), (50, "fifty")):
        table.row(
            f"Tiếp nhận một hồ sơ, {papers} giấy tờ",
            median=receiving[f"{name}_ms"],
            queries=receiving[name],
            most_queries=25,
        )
    batches(table, offices)
    page = office.ask("one_more_act()")
    table.row(
        "Trang hồ sơ khi khai báo thêm một việc, câu lệnh thêm",
        queries=page["many"],
        ratio=page["many"] - page["few"],
        limit=0,
    )
    due = office.ask("due_rate()") / 1000
    table.row("Hàm tính hẹn, 20 ngày làm việc (nghìn lần/giây CPU)", ratio=due)


# Of reading and hashing all texts of events.
MOST_BY_HASHING = 9


def ledger(table: Table, offices: Offices) -> None:
    """The ledger: proven, and stored."""
    proven = offices.proven.ask("verification()")
    table.row(
        f"verify_events, 100.000 hồ sơ ({proven['seconds']:.0f} giây CPU), so với băm trần",
        ratio=proven["ratio"],
        limit=MOST_BY_HASHING,
    )
    stored = offices.large.ask("size()")
    table.row("Một hồ sơ trong cơ sở dữ liệu", ratio=stored / 1000, unit=" kB")


# One press on so many dossiers, and the statements it may take for each: for all of them 40.
BATCH, MOST_A_DOSSIER = 200, 0.2


def batches(table: Table, offices: Offices) -> None:
    """Giving and receiving many by one press."""
    pressed = offices.small.ask(f"batches({BATCH})")
    for name, title in (("give", "Giao"), ("confirm", "Nhận")):
        table.row(
            f"{title} {BATCH} hồ sơ một lần bấm, câu lệnh mỗi hồ sơ",
            median=pressed[f"{name}_ms"],
            queries=pressed[name],
            ratio=pressed[name] / BATCH,
            limit=MOST_A_DOSSIER,
        )


# Slips that a day of many receptions prints, and how many times as fast two workers are at it.
SLIPS, TIMES_AS_FAST = 200, 1.4


def paper(table: Table, offices: Offices) -> None:
    """PDF."""
    slips = offices.small.ask("printing()")
    table.row(
        "Phiếu mẫu 01 trọn việc so với WeasyPrint trần",
        median=slips["task_ms"],
        ratio=slips["ratio"],
        limit=1.25,
    )
    table.row(
        "CPU mỗi phiếu khi hai tiến trình cùng làm so với một", ratio=slips["beside"], limit=1.3
    )
    many = offices.small.ask(f"many_slips({SLIPS})")
    table.row(
        f"{SLIPS} phiếu: hai tiến trình nhanh gấp mấy lần một",
        median=many["two"] * 1000,
        ratio=many["ratio"],
        limit=TIMES_AS_FAST,
        at_least=True,
    )


# Of the catalogue, of a country's, of a large counter's board.
FEW, MANY, BOARD = 330, 5_000, 400


def listing(table: Table, offices: Offices) -> None:
    """The published lists."""
    office = offices.small
    asked = office.ask("lists()")
    table.row(
        "Cơ quan hôm nay nhận thủ tục nào, so với R",
        median=asked["ms"], queries=asked["queries"], ratio=asked["ratio"], limit=0.2, most_queries=1,
    )  # fmt: skip
    found = office.ask(f"searching({FEW}, {MANY})")
    table.row(
        f"Tìm thủ tục trong {MANY} so với trong {FEW}",
        median=found["many_ms"],
        ratio=found["ratio"],
        limit=1.3,
    )
    drawn = office.ask(f"notice({BOARD})")
    table.row(
        f"Bảng niêm yết {drawn['entries']} thủ tục thành PDF (giây)",
        size=drawn["size"],
        ratio=drawn["seconds"],
        limit=20,
    )


def figures(table: Table, offices: Offices) -> None:
    """Reports."""
    quarter = offices.large.ask("quarter()")
    table.row(
        "II.06a cả tỉnh, một quý, so với SQL trần",
        median=quarter["ms"],
        queries=quarter["statements"],
        ratio=quarter["ratio"],
        limit=2,
        most_queries=1,
    )

    reports(table, offices)


# Cells of a PDF cost no more than this, and a worker never holds more.
MOST_MS_A_CELL, MOST_MIB = 0.75, 160
WORKBOOK = 50_000


def reports(table: Table, offices: Offices) -> None:
    """Files of reports, each made by a process of its own."""
    office = offices.large
    for code, rows in (("II.06c", 0), ("register", 200), ("register", 5000)):
        made = office.ask(f"paper({code!r}, {rows})")
        title = f"{code} PDF, {made['cells']} ô"
        table.row(f"{title}, mỗi ô", size=made["size"], ratio=made["ms_a_cell"], limit=MOST_MS_A_CELL, unit=" ms")  # fmt: skip
        table.row(f"{title}, bộ nhớ một tiến trình", ratio=made["mib"], limit=MOST_MIB, unit=" MiB")
    few, many = (office.ask(f"workbook({rows})") for rows in (WORKBOOK // 10, WORKBOOK))
    table.row(f"Excel {many['rows']} hồ sơ", median=many["seconds"] * 1000, size=many["size"])
    table.row(
        f"  bộ nhớ so với {few['rows']} hồ sơ ({many['mib']:.0f} và {few['mib']:.0f} MiB)",
        ratio=many["mib"] / few["mib"],
        limit=1.1,
    )


# Generated dossiers, and how many times the CPU of copying their bare rows they may take. In time it
# is less where a processor is free: one thread invents while another one writes.
ARCHIVE, MOST_BY_COPY = 20_000, 10


def taking(table: Table, offices: Offices) -> None:
    """What is brought in from outside."""
    first, second = offices.empty.ask("imports()")
    table.row("import_procedures 330 bản ghi, lần đầu (giây CPU)", ratio=first)
    table.row("import_procedures lần hai (giây CPU)", ratio=second)
    made = offices.taking.ask(f"archive({ARCHIVE})")
    table.row(
        f"generate_dossiers {ARCHIVE} hồ sơ ({made['a_second']:.0f}/giây) so với CPU của COPY trần",
        ratio=made["ratio"],
        limit=MOST_BY_COPY,
    )
    rows = offices.large.count // 2
    few, many = (
        offices.taking.ask(f"brought_in({n}, {at})") for at, n in enumerate((rows // 5, rows))
    )
    table.row(f"import_dossiers {rows} dòng", median=many["seconds"] * 1000)
    table.row(
        "  mỗi dòng so với tệp bằng một phần năm", ratio=many["cpu"] / few["cpu"] / 5, limit=1.3
    )
    table.row(
        f"  bộ nhớ so với tệp ấy ({many['mib']:.0f} và {few['mib']:.0f} MiB)",
        ratio=many["mib"] / few["mib"],
        limit=1.1,
    )


# Dossiers that two senders tell a peer, and how many a second of two free cores at least.
TOLD, TOLD_A_SECOND = 1_000, 50


def telling(table: Table, offices: Offices) -> None:
    """What goes to other systems."""
    pushed = offices.small.ask(f"pushing({TOLD})")
    title = f"Hai tiến trình báo {pushed['there']} trong {pushed['of']} hồ sơ (hồ sơ/giây)"
    table.row(title, ratio=pushed["a_second"])
    # By CPU: what else runs on the machine changes the clock, by any factor.
    title = "  tính theo CPU đã dùng, trên hai lõi rảnh"
    table.row(title, ratio=pushed["on_two_cores"], limit=TOLD_A_SECOND, at_least=True)
    if pushed["there"] < pushed["of"]:
        table.broken.append("Có hồ sơ không báo được")
