"""Web pages, Word and PDF documents → plain text, one line a paragraph where they say so.

The libraries are optional (``pip install zhengpu[formats]``) and imported when such a file
is read.  What they give is the report's source: offsets count into the extracted text.
"""

from __future__ import annotations

import importlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final

from kg.errors import MissingExtra, UnreadableInput
from kg.text.encoding import MAX_BYTES, decode

__all__ = ["DOCUMENTS", "extract"]

DOCUMENTS: Final = (".html", ".docx", ".pdf")
"""Endings of the files this module reads."""

_INLINE: Final = frozenset(
    ["a", "b", "em", "font", "i", "small", "span", "strong", "sub", "sup", "u"]
)
"""Tags that do not break a line; all others do."""

_FURNITURE: Final = ["aside", "footer", "form", "header", "nav", "noscript", "script", "style"]
_PAGE_NUMBER: Final = re.compile(
    r"[-—–－\s·]*(?:第\s*)?\d{1,4}\s*(?:页)?[-—–－\s·/]*(?:共?\s*\d+\s*页)?"
)
_TITLE: Final = re.compile(r"报告|计划|规划")
_UNPACKED: Final = 10
"""How many times larger than :data:`MAX_BYTES` the parts of a Word document may be."""


def extract(data: bytes, suffix: str, name: str) -> str:
    """The text of a document.

    Args:
        data: the whole file.
        suffix: one of :data:`DOCUMENTS`.
        name: what messages call it.

    Raises:
        MissingExtra: the library for this form is not installed.
        UnreadableInput: the file is damaged, protected or holds no text.
    """
    if not data:
        raise UnreadableInput(f"{name} is empty", remedy="give a file with a report in it")
    lines = {".html": _html, ".docx": _docx, ".pdf": _pdf}[suffix](data, name)
    text = "".join(line + "\n" for line in lines)
    if not text.strip():
        raise UnreadableInput(
            f"{name} holds no text, perhaps only pictures of it",
            remedy="give a version whose text can be selected",
        )
    return text


def _library(module: str, suffix: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(
            f"reading {suffix} files needs {module!r}, which is not installed",
            remedy="run: pip install 'zhengpu[formats]'",
        ) from error


def _damaged(name: str, kind: str) -> UnreadableInput:
    return UnreadableInput(
        f"{name} is no {kind} that can be opened", remedy="save it again, or as .txt"
    )


def _html(data: bytes, name: str) -> list[str]:
    """The lines of the part of a page that holds most of its running text."""
    soup = _library("bs4", ".html").BeautifulSoup(decode(data, name), "html.parser")
    for tag in soup(_FURNITURE):
        tag.decompose()
    body = soup.body or soup
    scores = Counter({id(tag): _own_text(tag) for tag in body.find_all(True)})
    tags = {id(tag): tag for tag in body.find_all(True)}
    best = tags[max(scores, key=lambda key: scores[key])] if scores else body
    if scores and scores[id(best)] * 2 < len(body.get_text(strip=True)):
        best = body
    lines = [line for line in _lines(best) if line]
    heading = soup.h1.get_text(strip=True) if soup.h1 else ""
    if not heading and soup.title:
        heading = re.split(r"[_|\-—]", soup.title.get_text(strip=True))[0].strip()
    if _TITLE.search(heading) and heading not in "".join(lines[:5]):
        lines.insert(0, heading)
    return lines


def _own_text(tag: Any) -> int:
    """Length of the text that stands in a tag itself or in its own paragraphs."""
    total = 0
    for child in tag.children:
        child_name = getattr(child, "name", None)
        if child_name is None:
            total += len(str(child).strip())
        elif child_name == "p" or child_name in _INLINE:
            total += len(child.get_text(strip=True))
    return total


def _lines(tag: Any) -> Iterator[str]:
    for line in "".join(_pieces(tag)).split("\n"):
        yield line.strip("\u3000\xa0 \t\r")


def _pieces(tag: Any) -> Iterator[str]:
    """Texts in order, with a line break around every block."""
    for child in tag.children:
        child_name = getattr(child, "name", None)
        if child_name is None:
            if type(child).__name__ == "NavigableString":
                yield re.sub(r"\s*[\r\n]\s*", "", str(child))
        elif child_name in _INLINE:
            yield from _pieces(child)
        else:
            yield "\n"
            yield from _pieces(child)
            yield "\n"


def _docx(data: bytes, name: str) -> list[str]:
    """Paragraphs and table rows of a Word document, in order."""
    docx = _library("docx", ".docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > _UNPACKED * MAX_BYTES:
            raise UnreadableInput(f"{name} is too large ({unpacked:,} bytes unpacked)")
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise _damaged(name, "Word document") from error
    lines: list[str] = []
    for item in document.iter_inner_content():
        if hasattr(item, "rows"):
            lines += ["\u3000".join(_cells(row)) for row in item.rows]
        else:
            lines += [line.strip() for line in item.text.split("\n")]
    return [line for line in lines if line.strip()]


def _cells(row: Any) -> list[str]:
    """Texts of a table row; a merged cell comes once."""
    texts: list[str] = []
    seen: set[int] = set()
    for cell in row.cells:
        if id(cell._tc) not in seen:
            seen.add(id(cell._tc))
            texts.append(cell.text.strip().replace("\n", ""))
    return texts


def _pdf(data: bytes, name: str) -> list[str]:
    """Lines of a PDF without page numbers and without what stands on every page."""
    pdfium = _library("pypdfium2", ".pdf")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _damaged(name, "PDF document (or is protected)") from error
    try:
        pages = [page.get_textpage().get_text_bounded().splitlines() for page in document]
    finally:
        document.close()
    return list(_running_text(pages))


def _running_text(pages: list[list[str]]) -> Iterator[str]:
    """The lines of all pages; of a running head or foot only the first copy."""
    filled = [[line.rstrip() for line in page if line.strip()] for page in pages]
    edges = Counter(line for page in filled for line in {*page[:2], *page[-2:]})
    repeated = {line for line, count in edges.items() if count > 1 and count * 2 >= len(pages)}
    seen: set[str] = set()
    for page in filled:
        for place, line in enumerate(page):
            if _PAGE_NUMBER.fullmatch(line):
                continue
            if line in repeated and (place < 2 or place >= len(page) - 2):
                if line in seen:
                    continue
                seen.add(line)
            yield line
