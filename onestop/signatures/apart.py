"""Starts `alone.py` and bounds how long it may take: a file from outside stops at most its own check."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

_ALONE = Path(__file__).with_name("alone.py")


class Failed(Exception):
    """No answer: the file unpacks to more than it may, takes too long, or cannot be read; its kind."""


def run(said: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """What came out, and (of signing) the signed file. Errors: Failed."""
    try:
        done = subprocess.run(  # noqa: S603 - our own file, nothing of it from outside
            [sys.executable, "-I", str(_ALONE)],
            input=json.dumps(said).encode() + b"\n" + content,
            capture_output=True,
            timeout=settings.SIGN_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Failed("TimeoutExpired") from late
    head, _, made = done.stdout.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(head)
    except ValueError as nothing:
        raise Failed(f"exit {done.returncode}") from nothing
    if "error" in answer:
        raise Failed(answer["error"])
    return answer, made
