"""Worker processes that run queries and are ended when one takes too long.

A query that runs in Oxigraph cannot be called off, so its process is: it is ended, another
takes its place, and no other query notices.  All processes read the same store on disk.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.rdf.vocab import PREFIXES
from kg.serve.negotiation import GRAPH_FORMS, RESULT_FORMS, choose

if TYPE_CHECKING:
    from pyoxigraph import Store

__all__ = ["Answer", "Limits", "Pool", "Question", "execute"]

_MEMORY = 2 * 2**30
"""Memory of its own that a worker may take, in bytes; one that asks for more ends."""
_QUICK = 0.05
"""Seconds below which an answer is not worth being kept."""
_QUOTED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""' + r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"' + r"|'(?:[^'\\\n]|\\.)*'" + r"|<[^<>\"{}|^`\\\s]*>|#[^\n]*",
    re.DOTALL,
)
_DATASET = re.compile(r"(?<![\w?$:-])FROM(?![\w:-])", re.IGNORECASE)
_SERVICE = re.compile(r"(?<![\w?$:-])SERVICE(?![\w:-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A query with the dataset it is to see and the forms the client takes.

    ``default_graphs`` and ``named_graphs`` are ``None`` where the request names no dataset:
    the default graph is then the union of all graphs, unless the query says FROM.
    """

    query: str
    accept: str = ""
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    base: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status with its content."""

    status: int
    media: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may take.

    Attributes:
        seconds: running time.
        size: bytes of the answer.
        workers: queries that run at the same time.
        waiting: queries that may wait for a worker.
        kept: bytes of answers that are kept for the next who asks the same; the store does
            not change while it is served.
    """

    seconds: float = 30.0
    size: int = 64 * 2**20
    workers: int = max(4, min(8, os.cpu_count() or 4))
    waiting: int = 200
    kept: int = 64 * 2**20


def _plain(status: int, text: str) -> Answer:
    return Answer(status, "text/plain; charset=utf-8", (text.rstrip() + "\n").encode())


class _TooLarge(Exception):
    pass


class _Bounded:
    """Takes bytes up to a limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.content = bytearray()

    def write(self, data: bytes) -> int:
        if len(self.content) + len(data) > self._limit:
            raise _TooLarge
        self.content += data
        return len(data)

    def flush(self) -> None:
        pass


def execute(store: Store, question: Question, size: int) -> Answer:
    """Run a query in this process.

    Returns:
        200 with the answer in the form the client likes best; 400 with the parser's words;
        406 where no form will do; 413 where the answer is longer than ``size``.
    """
    from pyoxigraph import (
        QueryBoolean,
        QueryResultsFormat,
        QuerySolutions,
        RdfFormat,
        serialize,
    )

    bare = _QUOTED.sub(" ", question.query)
    if _SERVICE.search(bare):
        return _plain(400, "SERVICE is not offered: this endpoint asks no other one.")
    try:
        results: Any = store.query(question.query, **_dataset(question, bare))
        solutions = isinstance(results, QuerySolutions | QueryBoolean)
        forms = RESULT_FORMS if solutions else GRAPH_FORMS
        form = choose(question.accept, forms)
        if form is None:
            offered = ", ".join(item.media for item in forms)
            return _plain(406, f"None of the forms asked for is offered here: {offered}")
        out: Any = _Bounded(size)
        if solutions:
            results.serialize(out, format=getattr(QueryResultsFormat, form.name))
        elif form.name == "N_TRIPLES":
            results.serialize(out, format=RdfFormat.N_TRIPLES)
        else:
            serialize(results, out, getattr(RdfFormat, form.name), prefixes=dict(PREFIXES))
    except _TooLarge:
        return _plain(413, f"The answer is longer than {size} bytes; ask for less with LIMIT.")
    except SyntaxError as error:
        return _plain(400, f"The query does not parse: {error.msg}")
    except (ValueError, OSError, RuntimeError) as error:
        return _plain(400, f"The query does not run: {error}")
    text = form.media.startswith("text/")
    media = f"{form.media}; charset=utf-8" if text else form.media
    return Answer(200, media, bytes(out.content))


def _dataset(question: Question, bare: str) -> dict[str, Any]:
    from pyoxigraph import NamedNode

    options: dict[str, Any] = {"prefixes": dict(PREFIXES)}
    if question.base:
        options["base_iri"] = question.base
    if question.default_graphs is None and question.named_graphs is None:
        options["use_default_graph_as_union"] = not _DATASET.search(bare)
    else:
        options["default_graph"] = [NamedNode(iri) for iri in question.default_graphs or ()]
        options["named_graphs"] = [NamedNode(iri) for iri in question.named_graphs or ()]
    return options


def _work(pipe: Connection, path: str, size: int) -> None:
    """The life of a worker: open the store, then answer until the pipe is closed."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        # Not the address space: the files of the store are mapped into that as well.
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from pyoxigraph import Store

    store = Store.read_only(path)
    # The engine writes there that memory was refused to it; who asked is told by the pool.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    pipe.send(None)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            question = pipe.recv()
            try:
                answer = execute(store, question, size)
            except MemoryError:
                answer = _plain(503, "The query takes more memory than there is for it.")
            except Exception as error:
                # Whatever a query brings about must not end the worker of the next one.
                answer = _plain(500, f"The query failed ({type(error).__name__}).")
            pipe.send(answer)


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, path: Path, size: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(
            target=_work, args=(other, str(path), size), daemon=True, name="kg-query"
        )
        self._process.start()
        other.close()
        self._ready = False

    def ask(self, question: Question, seconds: float) -> Answer | None:
        """The answer, or ``None`` where there is none in time or the process has died."""
        try:
            if not self._ready:
                if not self._pipe.poll(60):
                    return None
                self._pipe.recv()
                self._ready = True
            self._pipe.send(question)
            if not self._pipe.poll(seconds):
                return None
            answer: Answer = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return answer

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


class _Kept:
    """Answers by question, up to some bytes in all; the one not asked for longest goes first."""

    def __init__(self, size: int) -> None:
        self._size, self._used = size, 0
        self._answers: OrderedDict[Question, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, question: Question) -> Answer | None:
        with self._lock:
            answer = self._answers.get(question)
            if answer is not None:
                self._answers.move_to_end(question)
            return answer

    def put(self, question: Question, answer: Answer) -> None:
        size = len(answer.content) + len(question.query)
        if answer.status != 200 or size > self._size // 16:
            return
        with self._lock:
            if question in self._answers:
                return
            self._answers[question] = answer
            self._used += size
            while self._used > self._size:
                old, gone = self._answers.popitem(last=False)
                self._used -= len(gone.content) + len(old.query)


class Pool:
    """Runs queries in worker processes; safe to be called from many threads.

    Args:
        path: the folder of the store.
        limits: what a query may take.
    """

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self._path = path
        self.limits = limits or Limits()
        self._free = threading.Semaphore(self.limits.workers)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._kept = _Kept(self.limits.kept)
        self._waiting = 0
        self._closed = False
        self.replaced = 0

    def start(self) -> None:
        """Start the processes ahead of the first query."""
        with self._lock:
            while len(self._idle) < self.limits.workers:
                self._idle.append(_Worker(self._path, self.limits.size))

    def ask(self, question: Question) -> Answer:
        """Run a query; waits while all workers are at work.

        Returns:
            Besides the answers of :func:`execute`: 503 where too many wait, or the query ran
            longer than allowed or took too much memory.
        """
        kept = self._kept.get(question)
        if kept is not None:
            return kept
        with self._lock:
            if self._waiting >= self.limits.waiting:
                return _plain(503, "Too many queries are waiting; try again in a moment.")
            self._waiting += 1
        try:
            with self._free:
                # Somebody may have asked the same while this one waited.
                kept = self._kept.get(question)
                if kept is not None:
                    return kept
                begun = time.monotonic()
                answer = self._run(question)
            if time.monotonic() - begun > _QUICK:
                self._kept.put(question, answer)
            return answer
        finally:
            with self._lock:
                self._waiting -= 1

    def _run(self, question: Question) -> Answer:
        worker = self._take()
        answer = worker.ask(question, self.limits.seconds)
        if answer is not None:
            self._give(worker)
            return answer
        died = not worker.alive
        worker.end()
        with self._lock:
            self.replaced += 1
            if not self._closed:
                self._idle.append(_Worker(self._path, self.limits.size))
        if died:
            return _plain(503, "The query took more memory than there is for it and was ended.")
        return _plain(
            503, f"The query ran longer than {self.limits.seconds:g} seconds and was ended."
        )

    def _take(self) -> _Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Worker(self._path, self.limits.size)

    def _give(self, worker: _Worker) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                return
        worker.end()

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()
