"""Bytes → text: which encoding a file has, and a refusal where it has none.

Chinese offices publish in UTF-8 (with and without byte order mark) and in GBK or its
superset GB18030; Windows editors also save UTF-16.  GB18030 accepts almost any bytes, so
a text only counts as GB18030 when most of its characters stand in the rows that Chinese
prose uses: level 1 of GB 2312 and its punctuation.
"""

from __future__ import annotations

import re
from typing import Final

from kg.errors import UnreadableInput

__all__ = ["MAX_BYTES", "decode"]

MAX_BYTES: Final = 20_000_000
"""Largest file that is read; a report of a year has some 60 kB."""

_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_USUAL_SHARE: Final = 0.75
"""Least share of two-byte characters in the usual rows; prose in GBK has over 0.95, UTF-8
read as GBK under 0.5, Big5 read as GBK about 0.5."""


def decode(data: bytes, name: str, *, max_bytes: int = MAX_BYTES) -> str:
    """The text of a file's bytes, without byte order mark and otherwise unchanged.

    Args:
        data: the whole file.
        name: what messages call it.
        max_bytes: largest size that is accepted.

    Raises:
        UnreadableInput: the file is too large, empty, binary or in another encoding.
    """
    if len(data) > max_bytes:
        raise UnreadableInput(
            f"{name} is too large ({len(data):,} bytes, at most {max_bytes:,} are read)",
            remedy="split it into one file a report",
        )
    for start, kind in _MAGIC:
        if data.startswith(start):
            raise UnreadableInput(f"{name} is {kind}, not text", remedy="save it as .txt first")
    text = _text(data, name)
    if not text.strip("\ufeff\u200b \t\r\n\f\v\u3000\xa0"):
        raise UnreadableInput(f"{name} is empty", remedy="give a file with a report in it")
    controls = len(_CONTROL.findall(text))
    if controls > max(4, len(text) // 200):
        raise UnreadableInput(f"{name} is binary, not text", remedy="save it as .txt first")
    return text


def _text(data: bytes, name: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(name, f"broken {encoding.upper()}", error.start) from error
    if b"\x00" in data:
        wide = _wide(data)
        if wide is None:
            raise UnreadableInput(f"{name} is binary, not text", remedy="save it as .txt first")
        return wide
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        position = error.start
    if _usual_share(data) >= _USUAL_SHARE:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise _undecodable(name, "broken GB18030", error.start) from error
    raise _undecodable(name, "neither UTF-8 nor GB18030 nor UTF-16", position)


def _undecodable(name: str, what: str, position: int) -> UnreadableInput:
    return UnreadableInput(
        f"{name} is {what} (byte {position + 1})", remedy="save it again as UTF-8"
    )


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: which byte order gives Chinese or Latin text, if any."""
    if len(data) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        plain = sum(1 for char in text if " " <= char <= "~" or "\u3000" <= char <= "\u9fff")
        breaks = sum(text.count(char) for char in "\r\n\t")
        odd = len(text) - plain - breaks
        if odd * 20 <= len(text) and "\x00" not in text:
            return text
    return None


def _usual_share(data: bytes) -> float:
    """Share of the two-byte characters that lie in GB 2312 level 1 or its punctuation."""
    usual = other = 0
    place = 0
    sample = data[:200_000]
    while place < len(sample):
        lead = sample[place]
        if lead < 0x80:
            place += 1
            continue
        trail = sample[place + 1] if place + 1 < len(sample) else 0xA1
        in_rows = 0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7
        if in_rows and trail >= 0xA1:
            usual += 1
        else:
            other += 1
        place += 2
    return usual / (usual + other) if usual + other else 0.0
