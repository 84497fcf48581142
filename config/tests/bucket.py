"""A bucket on an S3 server of the test's own, and the settings that an operator would write."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

NAME, REGION = "segmentti", "eu-north-1"
WHO, SECRET = "who", "only-for-tests"


@dataclass
class Bucket:
    """Where it is, and what is in it, asked of the server itself."""

    url: str = ""
    server: Any = None

    def start(self) -> None:
        """Lets the server answer, where it did before if it did."""
        port = urlsplit(self.url).port or 0
        self.server = ThreadedMotoServer("127.0.0.1", port=port, verbose=False)
        self.server.start()
        self.url = "http://{}:{}".format(*self.server.get_host_and_port())

    def stop(self) -> None:
        """Nobody answers any more; what is kept stays."""
        if self.server is not None:
            self.server.stop()
        self.server = None

    @property
    def client(self) -> Any:
        """Amazon's own client, to ask the server."""
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=WHO,
            aws_secret_access_key=SECRET,
        )

    @property
    def environment(self) -> dict[str, str]:
        """STORAGE and STORAGE_OPTIONS as docs/operations.md has them."""
        options = {
            "bucket_name": NAME,
            "endpoint_url": self.url,
            "region_name": REGION,
            "access_key": WHO,
            "secret_key": SECRET,
            "default_acl": "private",
            "file_overwrite": False,
            "max_memory_size": 10_000_000,
        }
        return {
            "STORAGE": "storages.backends.s3.S3Storage",
            "STORAGE_OPTIONS": json.dumps(options),
        }

    @property
    def settings(self) -> dict[str, Any]:
        """What config/settings.py makes of it."""
        options = json.loads(self.environment["STORAGE_OPTIONS"])
        ours = {"backend": self.environment["STORAGE"], "options": options}
        return {"BACKEND": "crm.storage.Documents", "OPTIONS": ours}

    def names(self) -> set[str]:
        """The names of all that is in it."""
        return {one["Key"] for one in self.client.list_objects_v2(Bucket=NAME).get("Contents", ())}

    def grants(self, key: str) -> set[str]:
        """To whom a file is open: groups of the world by their address, else the owner's id."""
        found = self.client.get_object_acl(Bucket=NAME, Key=key)["Grants"]
        return {grant["Grantee"].get("URI", "owner") for grant in found}


@contextmanager
def served() -> Iterator[Bucket]:
    """An empty bucket, as long as its server runs."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    bucket = Bucket()
    bucket.start()
    try:
        # What the server keeps is the process's, and outlives it.
        urlopen(Request(f"{bucket.url}/moto-api/reset", method="POST")).close()
        place = {"LocationConstraint": REGION}
        bucket.client.create_bucket(Bucket=NAME, CreateBucketConfiguration=place)
        yield bucket
    finally:
        bucket.stop()
