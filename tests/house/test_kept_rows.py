"""No change of a kept row goes past its log: what writes many rows at once does it through
onestop.changes.
"""

from __future__ import annotations

import ast

from onestop.changes.domain import kept
from tests.house.test_rules import ROOT, name, ours

# Statements that Django sends no signal for.
SILENT = {"bulk_create", "bulk_update", "update", "_raw_delete"}
LOG = ROOT / "onestop" / "changes" / "domain.py"

# Silent on purpose, each with its reason.
ALLOWED = {
    # Columns that are not told.
    "onestop/accounts/domain/signing_in.py": "what counts wrong passwords",
    "onestop/accounts/desk.py": "the token that caches ask for",
    "onestop/accounts/preferences.py": "how the own screen looks",
    # Noted right after, as a whole.
    "onestop/accounts/models/agencies.py": "paths of a branch, noted together",
    "onestop/files/domain.py": "files of a draft, noted by the visit that takes them",
    # Rows that hang on a dossier, or none that is kept.
    "dossiers/desk/matters.py": "the dossier that followed a visit, told in its event",
    "dossiers/slips/issuing.py": "the PDF of a slip, which names its slip",
}


def test_rows_are_written_by_save_or_through_the_log() -> None:
    tables = {table.model.__name__ for table in kept()}
    found = []
    for path in ours():
        if path == LOG or name(path) in ALLOWED:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                whose = ast.unparse(node.func.value)
                if node.func.attr in SILENT and whose.split(".objects")[0] in tables:
                    found.append(f"{name(path)}:{node.lineno} {whose}.{node.func.attr}")
    assert found == []


def test_what_is_allowed_is_still_there() -> None:
    assert all((ROOT / path).is_file() for path in ALLOWED)
