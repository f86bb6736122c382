"""The product behind its web worker, with three addresses of the test's own."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from onestop.wsgi import application as product


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if not environ["PATH_INFO"].startswith("/thu/"):
        return product(environ, start_response)
    body = environ["wsgi.input"].read()
    if (
        environ["PATH_INFO"] == "/thu/cho/"
    ):  # says that it has begun, then works until it is allowed to end
        folder = Path(os.environ["VAR_DIR"])
        (folder / "begun").touch()
        while not (folder / "enough").exists():
            time.sleep(0.05)
    about = {
        "pid": os.getpid(),
        "sha256": hashlib.sha256(body).hexdigest(),
        "forwarded": environ.get("HTTP_X_FORWARDED_FOR"),
        "address": environ["REMOTE_ADDR"],
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(about).encode()]
