"""A running service for tests: the real server, on a free port of loopback, in a thread."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from kg.serve.application import application
from kg.serve.pool import Limits


@contextmanager
def running(folder: Path, *, limits: Limits | None = None, review: Any = None) -> Iterator[str]:
    """The address of a service over a folder, as long as the block runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = application(folder, limits=limits or Limits(workers=2), review=review)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def client(url: str, **options: Any) -> httpx.Client:
    """A client that waits long enough for a busy machine."""
    return httpx.Client(base_url=url, timeout=60, **options)
