"""Running the service in a process of its own."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path

from kg.errors import MissingExtra, OutputError, UsageError

__all__ = ["serve"]


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    review: bool = False,
    decisions: Path | None = None,
) -> None:
    """Serve a folder until interrupted.

    Args:
        folder: what ``kg build`` wrote.
        host: address to listen at; everything but loopback is the caller's decision.
        port: port to listen at, 0 for any that is free.
        review: let a person decide on names; only on loopback, with a token.
        decisions: the table the decisions go to; ``decisions.tsv`` in the folder if none.

    Raises:
        MissingExtra: the packages of the extra ``serve`` are not installed.
        MissingInput: no build wrote the folder.
        UsageError: a review is asked for at an address that others can reach.
        OutputError: the port cannot be listened at.
    """
    try:
        import uvicorn

        from kg.serve.application import application
    except ImportError as error:
        raise MissingExtra(
            f"serving needs the package {error.name!r}",
            remedy="install it with pip install 'zhengpu[serve]'",
        ) from error
    if review and not _loopback(host):
        raise UsageError(
            f"names can be reviewed on loopback only, not at {host!r}",
            remedy="leave --host out or give 127.0.0.1",
        )
    desk = None
    if review:
        from kg.serve.review import Desk

        desk = Desk(Path(folder), decisions)
    app = application(Path(folder), review=desk)
    listener = _listen(host, port)
    address, number = listener.getsockname()[:2]
    name = f"[{address}]" if ":" in address else address
    _announce(f"http://{name}:{number}", desk.token if desk else "")
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=1000,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, so that a taken port is told in one line."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise OutputError(
            f"cannot listen at {host}:{port} ({error.strerror})",
            remedy="name another port with --port",
        ) from error
    return listener


def _announce(url: str, token: str) -> None:
    import sys

    lines = [f"{url}/          浏览 explorer", f"{url}/sparql    SPARQL 1.1"]
    if token:
        lines.append(f"{url}/review?token={token}    校核 review")
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
