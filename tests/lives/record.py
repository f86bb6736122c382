"""`python -m tests.lives.record`: lives as they are lived by today's code.

    python -m tests.lives.record                     compares every recorded life, writes nothing
    python -m tests.lives.record 0 7                 only these blocks of ten
    python -m tests.lives.record --write [0 7]       records these blocks, or all, anew
    python -m tests.lives.record --data /some/where  keeps or reads them elsewhere

On SQLite in a folder of its own, or on the engine of DATABASE_URL. Ends with 1 when a life is
told otherwise.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lives.record")
    parser.add_argument("blocks", nargs="*", type=int, help="blocks of ten lives")
    parser.add_argument("--write", action="store_true", help="record them anew")
    parser.add_argument("--data", type=Path, help="another folder than tests/lives/data")
    asked = parser.parse_args()
    with ExitStack() as stack:
        root = stack.enter_context(tempfile.TemporaryDirectory(prefix="motcua-lives-"))
        os.environ |= {"ONESTOP_TEST_ROOT": root, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        _database(stack)
        from tests.lives import kept

        data = asked.data or kept.DATA
        return _run(asked.blocks or kept.blocks(data), data, write=asked.write)


def _database(stack: ExitStack) -> None:
    import django

    django.setup()
    logging.disable()
    from django.test.utils import (
        setup_databases,
        setup_test_environment,
        teardown_databases,
        teardown_test_environment,
    )

    setup_test_environment()
    stack.callback(teardown_test_environment)
    made = setup_databases(verbosity=0, interactive=False)
    stack.callback(teardown_databases, made, verbosity=0)


def _run(blocks: Iterable[int], data: Path, *, write: bool) -> int:
    from tests.lives import comparing, kept, living

    otherwise = 0
    for block in blocks:
        now = {seed: kept.as_json(told) for seed, told in living.lives(kept.seeds_of(block))}
        if write:
            kept.write(block, now, data)
            print(f"block {block}: {len(now)} lives recorded", flush=True)
            continue
        was = kept.read(block, data)
        for seed, told in now.items():
            if found := list(comparing.differences(was[seed], told)):
                otherwise += 1
                print("\n".join([f"life {seed}, {found[0]}", *found[1:]]), flush=True)
        print(f"block {block}: compared", flush=True)
    return 1 if otherwise else 0


if __name__ == "__main__":
    sys.exit(main())
