"""Administrative divisions: from a name and where it is said to an official code.

The names are those of GB/T 2260 with the statistics codes down to towns; divisions that
were renamed, raised or merged lead to what they became, and their old codes are kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from kg.lexicon import rows, words
from kg.text import places

__all__ = ["Division", "Gazetteer", "gazetteer"]

_LEVELS: Final = ("nation", "province", "city", "county", "area", "town")
_WATERS: Final = re.compile(r"[江河湖海]$")


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division as it is today.

    Attributes:
        code: official code (6 digits, 9 for towns), ``""`` for an area that has none.
        name: full name.
        level: province, city, county, area or town.
        chain: names of the divisions above it, outermost first.
        codes: codes of the divisions above it and its own, outermost first.
        former: codes of what became it, sorted.
        former_names: names it had, sorted.
    """

    code: str
    name: str
    level: str
    chain: tuple[str, ...]
    codes: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The chain with the division itself."""
        return (*self.chain, self.name)

    @property
    def short(self) -> str:
        """The name without its class (``通州`` of ``通州区``)."""
        return short_name(self.name)


def short_name(name: str) -> str:
    """A division's name without its class, be it a town's.

    >>> short_name("恩施土家族苗族自治州"), short_name("西集镇"), short_name("易县")
    ('恩施', '西集', '易县')
    """
    return places.short_name(name, towns=True)


class Gazetteer:
    """All divisions, found by name and nearness."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, str]] = {}
        self._renamed: dict[str, list[str]] = defaultdict(list)
        for row in sorted(rows("divisions"), key=lambda row: (row["code"], row["until"])):
            if row["code"] in self._records:
                self._renamed[row["code"]].append(row["name"])
            else:
                self._records[row["code"]] = row
        self._former: dict[str, list[str]] = defaultdict(list)
        for code, row in self._records.items():
            if row["until"] and (now := self._today(code)) and now != code:
                self._former[now].append(code)
        self._areas = {row["name"]: row for row in rows("new_areas")}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_short: dict[str, list[str]] = defaultdict(list)
        for code, row in self._records.items():
            now = self._today(code)
            if now is None:
                continue
            _add(self._by_name[row["name"]], now)
            if not row["until"]:
                _add(self._by_short[short_name(row["name"])], now)
        for code, names in self._renamed.items():
            for name in names:
                if now := self._today(code):
                    _add(self._by_name[name], now)
        for name, row in self._areas.items():
            _add(self._by_name[name], row["successor"] or name)
            # 湘江 and 赣江 alone are the rivers that 湘江新区 and 赣江新区 are named after.
            if not row["successor"] and not _WATERS.search(short_name(name)):
                _add(self._by_short[short_name(name)], name)
        self._towns: dict[str, dict[str, str]] = defaultdict(dict)
        for row in rows("towns"):
            county = row["code"][:6]
            self._towns[county].setdefault(row["name"], row["code"])
            self._towns[county].setdefault(places.TOWN_CLASS.sub("", row["name"]), row["code"])
        self._town_names = {row["code"]: row["name"] for row in rows("towns")}
        self.division = lru_cache(maxsize=None)(self._division)
        self.resolve = lru_cache(maxsize=1 << 16)(self._resolve)

    def home(self, place: str, chain: tuple[str, ...]) -> Division | None:
        """The division of a report's place, given its chain.

        ``None`` if the chain holds a division that is not known: of the places that bear the
        same name elsewhere none is meant.
        """
        above: Division | None = None
        for name in (*chain, place):
            if name:
                found = self.resolve(name, above.codes if above else ())
                if found is None and name != place:
                    return None
                above = found or above
        return above if above and place in (above.name, above.short, *above.former_names) else None

    def towns(self, county: str) -> dict[str, str]:
        """Names and short names of a county's towns, with their codes."""
        return self._towns.get(county, {})

    def _division(self, code: str) -> Division:
        """The division of a code, or of the name of an area without one."""
        if code in self._areas:
            above = self.division(self._areas[code]["parent"])
            return Division("", code, "area", above.path, (*above.codes, code))
        if len(code) == 9:
            above = self.division(self._today(code[:6]) or code[:6])
            return Division(code, self._town_names[code], "town", above.path, (*above.codes, code))
        row = self._records[code]
        parent = row["parent"] if row["parent"] in self._records else ""
        if not parent and row["level"] != "province":
            parent = code[:2] + "0000"
        parent = (self._today(parent) or parent) if parent else ""
        chain = self.division(parent).path if parent else ()
        codes = (*self.division(parent).codes, code) if parent else (code,)
        old = [
            *(self._records[item]["name"] for item in self._former[code]),
            *(name for item in (code, *self._former[code]) for name in self._renamed[item]),
            *(name for name, area in self._areas.items() if area["successor"] == code),
        ]
        return Division(
            code=code,
            name=row["name"],
            level=row["level"],
            chain=chain,
            codes=codes,
            former=tuple(sorted(self._former[code])),
            former_names=tuple(sorted(set(old) - {row["name"]})),
        )

    def _resolve(self, name: str, home: tuple[str, ...]) -> Division | None:
        """What ``name`` means to one who speaks from ``home``.

        Args:
            name: full, former or short name of a division, or of a town of ``home``.
            home: codes of the speaker's division and those above it, outermost first.

        Returns:
            The speaker's own division or one above it if it bears the name, otherwise the
            nearest division of that name; ``None`` if there is none or several are equally
            near.  Below a prefecture a division of another province must be written with
            its class (``浦东新区``), and not be a common word (``老城区``).
        """
        for code in reversed(home):
            own = self.division(code)
            if name in (own.name, own.short, *own.former_names):
                return own
        full = self._by_name.get(name, ())
        if full and (found := self._nearest(full, home, 0)) and self._told(found, home):
            return found
        town = self._town(name, home)
        if town:
            return town
        shorts = self._by_short.get(name, ())
        found = self._nearest(shorts, home, 1) if shorts else None
        if found is None or not home or found.level in ("province", "city"):
            return found
        return found if found.codes[0] == home[0] or _national_area(found) else None

    def elsewhere(self, name: str, text: str) -> Division | None:
        """The county far away whose short name stands in a text beside what it lies in.

        ``None`` if there is none, several fit, or the name is a common word.
        """
        if name in words("not_places"):
            return None
        found = [self.division(code) for code in self._by_short.get(name, ())]
        fitting = [item for item in found if any(short_name(up) in text for up in item.chain)]
        return fitting[0] if len(fitting) == 1 else None

    def _told(self, division: Division, home: tuple[str, ...]) -> bool:
        """Whether the full name alone says that a place far away is meant."""
        near = not home or division.codes[0] == home[0] or division.level in ("province", "city")
        return near or division.short not in words("not_places")

    def _nearest(
        self, codes: list[str] | tuple[str, ...], home: tuple[str, ...], least: int
    ) -> Division | None:
        ranked = sorted((self._rank(code, home, least), code) for code in codes)
        ranked = [item for item in ranked if item[0] is not None]
        if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
            return None
        return self.division(ranked[0][1])

    def _rank(self, code: str, home: tuple[str, ...], least: int) -> tuple[int, int]:
        division = self.division(code)
        shared = sum(
            1 for mine, theirs in zip(division.codes, home, strict=False) if mine == theirs
        )
        level = _LEVELS.index(division.level)
        if shared < least and level > _LEVELS.index("city"):
            return (1, level)
        return (-shared, level)

    def _town(self, name: str, home: tuple[str, ...]) -> Division | None:
        if not home:
            return None
        code = self.towns(home[-1]).get(name)
        if code:
            return self.division(code)
        if len(home) == 2 and places.TOWN_CLASS.search(name):
            found = {
                self._towns[county][name]
                for county in self._towns
                if county[:4] == home[-1][:4] and name in self._towns[county]
            }
            if len(found) == 1:
                return self.division(found.pop())
        return None

    def _today(self, code: str) -> str | None:
        """The code of what a division is now; ``None`` if it ended without successor."""
        seen: set[str] = set()
        while code in self._records and self._records[code]["until"]:
            if code in seen:
                return None
            seen.add(code)
            code = self._records[code]["successor"]
        return code if code in self._records else None


def _national_area(division: Division) -> bool:
    """Whether it is a new area that stands right below a province (``雄安新区``)."""
    return division.level == "area" and len(division.codes) == 2


def _add(codes: list[str], code: str) -> None:
    if code not in codes:
        codes.append(code)


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer; reading it takes a fraction of a second."""
    return Gazetteer()
