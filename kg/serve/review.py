"""Review by a person: names are accepted, corrected or added on the page of a report.

Only on loopback, and only with the token that is printed at the start: it is traded for a
cookie that scripts cannot read and other sites cannot send.  Every decision goes to
``decisions.tsv`` at once.
"""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg import decisions
from kg.decisions import VERDICTS, Decision
from kg.errors import ZhengpuError
from kg.model import KINDS
from kg.serve.protocol import BODY_LIMIT

if TYPE_CHECKING:
    from kg.serve.application import Service

__all__ = ["Desk"]

_COOKIE = "zhengpu-review"
_LONGEST = 2000
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


class Desk:
    """Holds the token and the table of decisions.

    Args:
        folder: the built folder.
        path: the table; ``decisions.tsv`` in the folder where none is named.
        token: the secret; a random one where none is given.
    """

    def __init__(self, folder: Path, path: Path | None = None, token: str = "") -> None:
        self.path = path or Path(folder) / decisions.NAME
        self.token = token or secrets.token_urlsafe(24)
        self._lock = threading.Lock()
        decisions.read(self.path)

    def routes(self, service: Service) -> list[Route]:
        """The paths a reviewer needs."""

        def bound(
            handler: Callable[[Request, Service], Awaitable[Response]],
        ) -> Callable[[Request], Awaitable[Response]]:
            return partial(_called, handler, service)

        return [
            Route("/review", bound(self.enter)),
            Route("/review/decisions", bound(self.listed)),
            Route("/review/decisions", bound(self.decide), methods=["POST"]),
            Route("/review/decisions", bound(self.undo), methods=["DELETE"]),
        ]

    def of(self, stem: str) -> list[Decision]:
        """The decisions on a report."""
        return [item for item in decisions.read(self.path) if item.report == stem]

    async def enter(self, request: Request, service: Service) -> Response:
        """Trade the token for a cookie, then show what there is to review."""
        given = request.query_params.get("token")
        if given is not None:
            if not hmac.compare_digest(given.encode(), self.token.encode()):
                raise HTTPException(403, "令牌不对。")
            response = RedirectResponse("/review", 303)
            response.set_cookie(
                _COOKIE, self.token, httponly=True, samesite="strict", max_age=7 * 86400
            )
            return response
        self._admit(request)
        known = await run_in_threadpool(decisions.read, self.path)
        counts: dict[str, int] = {}
        for item in known:
            counts[item.report] = counts.get(item.report, 0) + 1
        reports = list(service.catalogue.reports.values())
        return service.page(
            "review.html",
            reports=reports,
            counts=counts,
            total=len(known),
            table=self.path,
            beside=self.path.parent == service.folder,
        )

    async def listed(self, request: Request, service: Service) -> Response:
        """The decisions on one report as JSON."""
        self._admit(request)
        stem = self._stem(service, request.query_params.get("report", ""))
        found = await run_in_threadpool(self.of, stem)
        return _json([_record(item) for item in found])

    async def decide(self, request: Request, service: Service) -> Response:
        """Take a decision down."""
        decision = await self._decision(request, service)
        await run_in_threadpool(self._put, decision)
        return _json(_record(decision), 201)

    async def undo(self, request: Request, service: Service) -> Response:
        """Take a decision back."""
        decision = await self._decision(request, service)
        await run_in_threadpool(self._drop, decision)
        return _json(_record(decision))

    def _put(self, decision: Decision) -> None:
        with self._lock:
            known = decisions.read(self.path)
            decisions.write(self.path, decisions.put(known, decision))

    def _drop(self, decision: Decision) -> None:
        with self._lock:
            known = decisions.read(self.path)
            decisions.write(self.path, [item for item in known if item.key != decision.key])

    def _admit(self, request: Request) -> None:
        """Refuse who has no token, or comes by another name or from another site."""
        host = request.headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if name not in _LOOPBACK:
            raise HTTPException(403, "校核只在本机进行。")
        given = request.cookies.get(_COOKIE) or request.headers.get("x-review-token", "")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise HTTPException(403, "请用启动时打印的带令牌的地址打开。")
        origin = request.headers.get("origin")
        if origin is not None and origin != f"{request.url.scheme}://{host}":
            raise HTTPException(403, "请求来自别的站点。")

    async def _decision(self, request: Request, service: Service) -> Decision:
        self._admit(request)
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise HTTPException(415, "application/json")
        content = b""
        async for chunk in request.stream():
            content += chunk
            if len(content) > BODY_LIMIT:
                raise HTTPException(413)
        try:
            record = json.loads(content)
            stem = self._stem(service, record["report"])
            return await run_in_threadpool(_checked, service, stem, record)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise HTTPException(400, str(error)) from error

    @staticmethod
    def _stem(service: Service, report: str) -> str:
        item = service.catalogue.reports.get(report)
        if item is None:
            raise HTTPException(404)
        return item.stem


async def _called(
    handler: Callable[[Request, Service], Awaitable[Response]], service: Service, request: Request
) -> Response:
    try:
        return await handler(request, service)
    except ZhengpuError as error:
        raise HTTPException(500, str(error)) from error


def _checked(service: Service, stem: str, record: dict[str, Any]) -> Decision:
    """A decision whose span is in the paragraph and whose words are among the choices.

    Raises:
        ValueError: it is not.
    """
    report = next(item for item in service.catalogue.reports.values() if item.stem == stem)
    extraction = service.reader.extraction(report.iri)
    number, start, end = (int(record[key]) for key in ("paragraph", "start", "end"))
    paragraphs = extraction.report.paragraphs if extraction else ()
    text = next((item.text for item in paragraphs if item.number == number), None)
    if text is None:
        raise ValueError(f"there is no paragraph {number}")
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start}-{end} is no span of paragraph {number}")
    verdict, kind = str(record["verdict"]), str(record.get("kind", ""))
    if verdict not in VERDICTS:
        raise ValueError(f"verdict: {', '.join(VERDICTS)}")
    if kind not in KINDS:
        raise ValueError(f"kind: {', '.join(KINDS)}")
    other, note = str(record.get("other", "")), str(record.get("note", ""))
    if len(other) > _LONGEST or len(note) > _LONGEST:
        raise ValueError(f"not more than {_LONGEST} letters")
    if verdict in ("join", "part") and not other.strip():
        raise ValueError("the other name is missing")
    if verdict in ("join", "part") and service.catalogue.named(other.strip()) is None:
        raise ValueError(f"nothing in the graph is named {other.strip()!r}")
    return Decision(
        report=stem,
        paragraph=number,
        start=start,
        end=end,
        text=text[start:end],
        kind=kind,
        verdict=verdict,
        other=other.strip(),
        note=note.strip(),
        date=date.today().isoformat(),
    )


def _record(item: Decision) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Decision.__dataclass_fields__}


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), status, media_type="application/json")
