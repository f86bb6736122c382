"""A bucket of any store that speaks S3. Imported where one is used, never at the start: boto3 alone
costs 0.2 seconds of work.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Any, NoReturn, cast

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from onestop.breaker import Breaker
from onestop.stores import Found, StoreAway

CONNECT_SECONDS, READ_SECONDS = 3, 10
# With the first one. A request that was answered with an error of the server's, or not at all.
TRIES = 2
# One that does not answer is left alone for so long: else each page waits for it, one a thread.
REST = 5.0
IN_MEMORY = 1024 * 1024
PROBE = "san-sang"


class S3Files(S3Storage):
    """Nothing is public: no address of a file is ever given out, all goes through the product.

    A put is all or nothing; the parts of a large one are nowhere to be seen until the last.
    """

    def __init__(self, **given: Any) -> None:
        # Stores of one's own are reached by path; checksums of S3's newest kind are unknown to many
        # of them, and ours are compared anyway.
        style = "path" if given.get("endpoint_url") else "auto"
        config = Config(
            s3={"addressing_style": style},
            signature_version="s3v4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            client_config=config,
            transfer_config=TransferConfig(use_threads=False, num_download_attempts=2),
            # As on a disk: a name that is taken is not written over.
            file_overwrite=False,
            object_parameters={"ContentType": "application/octet-stream"},
            **given,
        )
        self._breaker = Breaker(REST)
        self._lock = threading.Lock()
        self._made: tuple[int, Any] = (0, None)

    @property
    def connection(self) -> Any:
        """One a process: its client may be shared by threads, a fork needs its own."""
        with self._lock:
            if self._made[0] != os.getpid():
                session = self._create_session()
                made = session.resource(
                    "s3",
                    region_name=self.region_name,
                    endpoint_url=self.endpoint_url,
                    config=self.client_config,
                )
                self._made = (os.getpid(), made)
            return self._made[1]

    @property
    def bucket(self) -> Any:
        return self.connection.Bucket(self.bucket_name)

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """All of it is fetched before any of it is handed on: a connection that is cut later cuts
        nobody's download.
        """
        if mode not in ("r", "rb"):
            raise ValueError(mode)
        spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the file is its owner)
        try:
            with self._told(name):
                self.bucket.Object(self._normalize_name(name)).download_fileobj(
                    spool, Config=self.transfer_config
                )
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return File(cast(Any, spool), name)

    def _save(self, name: str, content: Any) -> str:
        with self._told(name):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with self._told(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with self._told(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with self._told(name):
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with self._told(name):
            return cast(datetime, super().get_modified_time(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with self._told(path):
            return cast(tuple[list[str], list[str]], super().listdir(path))

    def walk(self, folder: str = "") -> Iterator[Found]:
        """One request a thousand files, where `listdir` needs one a folder and one a file."""
        start = f"{self.location}/" if self.location else ""
        with self._told(folder):
            pages = self.connection.meta.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket_name, Prefix=f"{start}{folder}"
            )
            for page in pages:
                for entry in page.get("Contents", ()):
                    path = entry["Key"].removeprefix(start)
                    yield Found(path, entry["Size"], entry["LastModified"])

    def probe(self) -> None:
        """Write something and take it away again. Errors: StoreAway."""
        self.delete(self.save(PROBE, ContentFile(b"?")))

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """What S3 says, as whoever uses a storage knows it. Errors: FileNotFoundError, StoreAway."""
        if self._breaker.open:
            raise StoreAway("left alone")
        try:
            yield
        except ClientError as error:
            said = error.response
            status = said.get("ResponseMetadata", {}).get("HTTPStatusCode")
            code = said.get("Error", {}).get("Code", "")
            if status == HTTPStatus.NOT_FOUND and code != "NoSuchBucket":
                raise FileNotFoundError(name) from error
            raise StoreAway(code) from error
        except (BotoCoreError, Boto3Error, RetriesExceededError, HTTPError) as error:
            self._breaker.failed()
            raise StoreAway(type(error).__name__) from error

    def url(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError("files are handed out by the product only")
