"""The explorer and the endpoint as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import jinja2
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.serve.addresses import Addresses
from kg.serve.catalogue import Catalogue
from kg.serve.passages import Reader
from kg.serve.pool import Limits, Pool
from kg.store import base_of, open_store

__all__ = ["Service", "application"]

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PAGES = 8
"""How many pages are made at the same time."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Handler: TypeAlias = Callable[..., Awaitable[Response]]


@dataclass(frozen=True)
class Service:
    """What the pages are made from.

    Attributes:
        folder: the built folder.
        store: opened read-only; for the explorer's own short queries.
        catalogue: what can be looked up.
        reader: the texts.
        addresses: IRIs and paths.
        pool: runs queries that come from outside.
        templates: the pages' forms, with everything escaped that is put into them.
        review: the reviewer's desk, if there is one.
    """

    folder: Path
    store: Any
    catalogue: Catalogue
    reader: Reader
    addresses: Addresses
    pool: Pool
    templates: jinja2.Environment
    review: Any = None

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> Response:
        """Fill a template."""
        content = self.templates.get_template(template).render(**values)
        return Response(content, status, headers, media_type="text/html")


def application(folder: Path, *, limits: Limits | None = None, review: Any = None) -> Starlette:
    """The application over a built folder.

    Args:
        folder: what ``kg build`` wrote.
        limits: what a query may take.
        review: a :class:`kg.serve.review.Desk`, or ``None`` for reading only.

    Raises:
        MissingInput: no build wrote the folder.
        UnreadableInput: the store is damaged.
    """
    from kg.serve import explorer, protocol

    store = open_store(folder)
    catalogue = Catalogue(store)
    addresses = Addresses(base_of(folder))
    service = Service(
        folder=folder,
        store=store,
        catalogue=catalogue,
        reader=Reader(folder, store, catalogue),
        addresses=addresses,
        pool=Pool(folder / "store", limits),
        templates=_templates(addresses, catalogue, review),
        review=review,
    )

    waiting = CapacityLimiter(service.pool.limits.waiting + 1)

    async def sparql(request: Request) -> Response:
        return await protocol.endpoint(request, service.pool, addresses.base, waiting)

    def bound(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        return partial(handler, service=service)

    methods = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"]
    routes: list[Any] = [
        Route("/sparql", sparql, methods=methods),
        Mount("/static", StaticFiles(directory=_HERE / "static")),
    ]
    routes += [Route(path, bound(handler)) for path, handler in explorer.PAGES.items()]
    if review is not None:
        routes += review.routes(service)
    routes.append(
        Route(addresses.prefix + "{rest:path}", bound(explorer.resource), methods=["GET", "HEAD"])
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # Pages are made by Python: more threads than this would only share the same time.
        to_thread.current_default_thread_limiter().total_tokens = _PAGES
        await run_in_threadpool(service.pool.start)
        yield
        service.pool.close()

    async def failed(request: Request, error: Exception) -> Response:
        return _failed(service, request, error)

    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(_Guarded)],
        exception_handlers={HTTPException: failed, Exception: failed},
    )


def _failed(service: Service, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = {404: "没有这一页。", 405: "此处不接受这种请求。", 403: "不许可。", 400: "请求有误。"}
    detail = error.detail if isinstance(error, HTTPException) and status != 404 else ""
    headers = dict(getattr(error, "headers", None) or {})
    text = words.get(status, "出了差错。")
    if "text/html" not in request.headers.get("accept", "text/html"):
        return Response(f"{text} {detail}\n", status, headers, media_type="text/plain")
    return service.page("error.html", status=status, headers=headers, text=text, detail=detail)


def _templates(addresses: Addresses, catalogue: Catalogue, review: Any) -> jinja2.Environment:
    from kg.view.payload import labels

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        path=addresses.path,
        kinds=labels("kind"),
        measures=labels("measure"),
        stages=labels("stage"),
        catalogue=catalogue,
        reviewing=review is not None,
    )
    return environment


class _Guarded:
    """Sets the security headers of every answer, unless it brings its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                present = {name.lower() for name, _ in headers}
                for name, value in (_HEADERS | {"Content-Security-Policy": _POLICY}).items():
                    if name.lower().encode() not in present:
                        headers.append((name.lower().encode(), value.encode("latin-1")))
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, guarded)
