"""`python -m tests.bench.migrating FOLDER [plain]`: all migrations on a SQLite in an empty folder."""

import os
import sys


def main() -> None:
    folder, *how = sys.argv[1:]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.settings", ONESTOP_TEST_ROOT=folder, DATABASE_URL=f"sqlite:///{folder}/moi.sqlite3"
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    from onestop import migrating, speed

    with speed.plainly(*[migrating.NAME] if how == ["plain"] else []):
        call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
