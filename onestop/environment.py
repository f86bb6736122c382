"""The environment a process starts in: variables given, then .env, then the embedded run's own
secrets.
"""

import json
import os
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

# Left empty in a copied .env.example: the same as not set.
EMPTY_IS_UNSET = (
    "SECRET_KEY", "LOOKUP_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "PUBLIC_URL", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL", "REDIS_URL", "TRUSTED_PROXIES", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "SECOND_FACTOR", "OFFICE_ADDRESSES",
)  # fmt: skip

# Signatures of tokens that only whoever holds the other half of a public key can make.
PUBLIC_KEY = {f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)}

# Below VAR_DIR: which processes keep dying, by name and number of deaths. Written by tools/run.py,
# read by /san-sang/.
AILING = "ailing.json"
# Below VAR_DIR: the demo found data that are not its own. Written by tools/prepare.py, read by tools/run.py.
OWN_DATA = "own-data"


def clamd(url: str) -> str:
    """The address of the virus check, as it was given. Errors: ValueError where it can be none."""
    parts = urlsplit(url)
    there = {"": True, "tcp": bool(parts.hostname), "unix": bool(parts.path.strip("/"))}
    if not there.get(parts.scheme) or (url and not parts.scheme) or parts.port == 0:
        raise ValueError("CLAMD_URL")
    return url


def public_key_algorithms(names: list[str]) -> list[str]:
    """Errors: ValueError for one that somebody without the provider's key could sign with."""
    if not names or not {*names} <= PUBLIC_KEY:
        raise ValueError("CITIZEN_OIDC_ALGORITHMS")
    return names


def assurance(level: int) -> int:
    """Errors: ValueError for a level at which nobody is known well enough to be shown what stands
    under an identity number.
    """
    if level < 2:
        raise ValueError("CITIZEN_OIDC_LEVEL_MIN")
    return level


def listed(path: str) -> list[dict[str, Any]]:
    """What a JSON file lists; nothing where no file is named. Errors: ValueError, OSError."""
    if not path:
        return []
    found = json.loads(Path(path).read_text("utf-8"))
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(f"{path}: not a list")
    return found


def clock(text: str) -> str:
    """A time of the day as HH:MM. Errors: ValueError where it is none."""
    if f"{time.fromisoformat(text):%H:%M}" != text:
        raise ValueError(f"{text}: not HH:MM")
    return text


def load(folder: Path) -> None:
    """Read `folder`/.env into the environment; what is already set stays, what is empty is as if it
    were not there.
    """
    environ.Env.read_env(folder / ".env")
    for name in EMPTY_IS_UNSET:
        if os.environ.get(name) == "":
            del os.environ[name]
