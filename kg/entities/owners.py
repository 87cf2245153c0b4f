"""Whose thing a name speaks of: the whole country's, a division's above, or the place's own.

The answer follows from the name, its kind and the place that reports, never from what
other reports say; that is why adding a report changes nothing but its own part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from kg.entities.divisions import Division, gazetteer, short_name
from kg.entities.names import hanzi_number, is_generic, parse, plain
from kg.lexicon import rows, words

__all__ = ["Home", "Owner", "national", "owner", "regions", "resolve_place", "split_place"]

_SELF = re.compile(r"^(?:我|本|全)(省|市|区|县|州|盟|旗|自治区|自治州|新区)(?:域|境内|内)?$")
_SELF_PREFIX = re.compile(r"^(?:我|本|全)(省|市|区|县|州|盟|旗|自治区|新区)")
_LEVEL_PREFIX = re.compile(r"^(自治区|省|市|区|县|州|盟|旗|新区)(?:级|属|直|本级)?(?=.)")
_NOT_A_PREFIX = re.compile(
    r"^(?:[湾河江湖海山岛堰口话人籍菜]|[东西南北](?![部区])|路|桥|线|大道|街|至|-)"
)
_NATIONAL = re.compile(
    r"^(?:中国(?!银行|农业银行)|中共中央|中央|国家|全国|党中央|国务院|世界|联合国|全球|亚洲|中华"
    r"|国际(?!商务|会展|会议|图书|创新))"
)
_RAIL = re.compile(
    r"^(?!.*(?:机场|外环|内环|绕城|环城|绕越|连接线|站|口|段))"
    r"[一-鿿]{2,8}?(?:高铁|城际|铁路|高速)(?:铁路|公路)?(?:\d*期)?$"
)
_PLENUM = re.compile(
    r"^(?:中国共产党|中共|党的)?第?([一二三四五六七八九十]+)届(?:中央委员会)?"
    r"第?([一二三四五六七八九])(?:次全体会议|中全会?)?(?:精神)?$"
)
_CONGRESS = re.compile(
    r"^(?:中国共产党|中共|党的)?第?([一二三四五六七八九十]+)(?:大|次全国代表大会)(?:精神)?$"
)
_LONGEST_DIVISION: Final = 14


@dataclass(frozen=True, slots=True)
class Home:
    """The place that reports.

    Attributes:
        division: the place as a division, ``None`` if it is not known.
        path: names of the divisions above it and its own, outermost first.
        codes: their codes.
    """

    division: Division | None
    path: tuple[str, ...]
    codes: tuple[str, ...] = ()

    @classmethod
    def of(cls, place: str, chain: tuple[str, ...]) -> Home:
        """The home of a report by its place and chain."""
        division = gazetteer().home(place, chain) if place else None
        if division:
            return cls(division, division.path, division.codes)
        return cls(None, (*chain, place) if place else chain)

    @property
    def root(self) -> tuple[str, ...]:
        """The prefecture (or municipality) the place lies in, or the place itself."""
        if not self.codes or self.division is None:
            return self.path
        municipal = self.codes[0][:2] in ("11", "12", "31", "50")
        return self.path[: 1 if municipal else 2]

    def means(self, name: str) -> bool:
        """Whether a place calls itself so: by its name, whole or short, or by 我区, 全区."""
        if not self.path:
            return False
        own = self.path[-1]
        self_ = _SELF.match(name)
        if self_:
            return own.endswith(self_[1])
        return name in (own, short_name(own), "".join(self.path[-2:]))

    def level(self, char: str) -> Division | None:
        """The division that ``市``, ``区``, ``县`` or ``省`` means here, nearest first."""
        if self.division is None:
            return None
        chain = [gazetteer().division(code) for code in self.codes]
        if char in ("省", "自治区"):
            return chain[0]
        for division in reversed(chain):
            if division.name.endswith(char):
                return division
            if char == "区" and division.level in ("county", "area"):
                return division
            if char == "新区" and any(name.endswith("新区") for name in division.former_names):
                return division
        return None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a thing is.

    Attributes:
        scope: the divisions it belongs to, outermost first; ``()`` for the whole country.
        bare: the core of its name without the place it begins with.
        division: the place its name begins with, ``None`` if it names none.
        written: the place as the name writes it.
        full: the name with the place in full (``通州区体育场``), or ``None``.
    """

    scope: tuple[str, ...]
    bare: str
    division: Division | None = None
    written: str = ""
    full: str | None = None


@cache
def national() -> dict[tuple[str, str], str]:
    """(kind, name in one spelling) → the name of a thing of the whole country."""
    table: dict[tuple[str, str], str] = {}
    for row in rows("national"):
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            table[row["kind"], plain(name)] = row["name"]
    return table


@cache
def regions() -> dict[str, str]:
    """Name of a region, a country or a part of the world in one spelling → its full name."""
    table: dict[str, str] = {}
    for row in rows("regions"):
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            table[plain(name)] = row["name"]
    for name in words("countries"):
        table.setdefault(plain(name), name)
    return table


@cache
def _known() -> dict[tuple[str, str], str]:
    """(kind, name in one spelling) → a policy, event or honour that many places report."""
    return {
        (row["kind"], plain(row["name"])): plain(row["name"])
        for row in rows("known_names")
        if row["kind"] in ("Policy", "Event", "Honour")
    }


def resolve_place(name: str, home: Home, context: str = "") -> Division | None:
    """The division a Place's name means to one who speaks from ``home``.

    Args:
        name: as written.
        home: who speaks.
        context: the paragraph; the province or city it names can tell a county far away.
    """
    text = plain(name)
    own = _SELF.match(text)
    if own:
        return home.level(own[1])
    if text in regions():
        return None
    found = gazetteer().resolve(text, home.codes)
    return found or (gazetteer().elsewhere(text, context) if context else None)


def national_name(name: str, kind: str) -> str | None:
    """The one name of a thing of the whole country, ``None`` if it is not known as such."""
    text = plain(name)
    found = national().get((kind, text)) or _known().get((kind, text))
    if found or kind != "Event":
        return found
    plenum = _PLENUM.match(text)
    if plenum and (number := hanzi_number(plenum[1])) and number >= 11:
        return f"党的{plenum[1]}届{plenum[2]}中全会"
    congress = _CONGRESS.match(text)
    if congress and (number := hanzi_number(congress[1])) and number >= 12:
        return f"党的{congress[1]}大"
    return None


def split_place(core: str, kind: str, home: Home) -> tuple[Division | None, str, str]:
    """Take the place off the front of a name.

    Args:
        core: the name after all reductions.
        kind: of an Institution the rest may be short (``区委``).
        home: who speaks.

    Returns:
        The place (``None`` if the name begins with none), the place as written, the rest.
    """
    division: Division | None = None
    rest = core
    while (step := _leading(rest, home, division)) is not None:
        division, rest = step
    if division is None or (kind != "Institution" and len(rest) < 3):
        return None, "", core
    return division, core[: len(core) - len(rest)], rest


def _leading(text: str, home: Home, above: Division | None) -> tuple[Division, str] | None:
    if above is None:
        own = _SELF_PREFIX.match(text) or _level_prefix(text)
        if own and (found := home.level(own[1])):
            return _kept(found, text[own.end() :])
    for length in range(min(_LONGEST_DIVISION, len(text) - 2), 1, -1):
        name = text[:length]
        found = _full(name, home, above) or _short(name, home, above)
        if found and not _NOT_A_PREFIX.match(text[length:]):
            return _kept(found, text[length:])
    return None


def _kept(division: Division, rest: str) -> tuple[Division, str] | None:
    return (division, rest) if rest else None


def _level_prefix(text: str) -> re.Match[str] | None:
    match = _LEVEL_PREFIX.match(text)
    if match and text[1:3] not in ("政府", "政协") and text.startswith(words("level_exceptions")):
        return None
    return match


def _full(name: str, home: Home, above: Division | None) -> Division | None:
    if name[-1] not in "省市区县州盟旗镇乡道":
        return None
    found = gazetteer().resolve(name, above.codes if above else home.codes)
    if found is None or (found.name != name and name not in found.former_names):
        return None
    return found if above is None or above.name in found.chain else None


@cache
def _shorts(codes: tuple[str, ...]) -> dict[str, Division]:
    """Short names of the divisions of a home; of two alike the nearer one."""
    divisions = [gazetteer().division(code) for code in codes]
    return {item.short: item for item in divisions if len(item.short) >= 2}


def _short(name: str, home: Home, above: Division | None) -> Division | None:
    division = _shorts(home.codes).get(name)
    if division is not None:
        return division if above is None or above.name in division.chain else None
    if above is None and len(name) <= 4:
        found = gazetteer().resolve(name, ())
        if found and found.level in ("province", "city") and short_name(found.name) == name:
            return found
    return None


@lru_cache(maxsize=1 << 18)
def owner(name: str, kind: str, home: Home) -> Owner:
    """Whose thing ``name`` is when a report of ``home`` speaks of it."""
    known = national_name(name, kind)
    if known is not None:
        return Owner((), parse(known).core, full=known)
    core = parse(name).core
    if kind == "Person" or _abroad(core, kind):
        return Owner((), core)
    division, written, rest = split_place(core, kind, home)
    if division is not None and division.level == "town" and kind != "Place":
        return Owner(division.chain, division.short + rest)
    if division is not None and not _keeps_prefix(division, written, rest, kind, home):
        full = _in_full(plain(name), division) if _is_level(written) else None
        return Owner(division.path, rest, division, written, full)
    return Owner(() if _everywhere(core, kind) else home.path, core)


def _in_full(name: str, division: Division) -> str | None:
    """The name with its division in place of ``区``, ``区级``, ``我区``."""
    match = _SELF_PREFIX.match(name) or _LEVEL_PREFIX.match(name)
    return division.name + name[match.end() :] if match else None


def _is_level(written: str) -> bool:
    return bool(
        _SELF_PREFIX.match(written)
        or re.fullmatch(r"(?:自治区|省|市|区|县|州|盟|旗|新区)[级属直]?", written)
    )


def _keeps_prefix(division: Division, written: str, rest: str, kind: str, home: Home) -> bool:
    """Whether a name only begins like a place (``北京路``, ``上海银行``)."""
    ours = not home.codes or division.codes[:1] == home.codes[:1]
    at_home = division.codes == home.codes
    if written == division.short and (
        rest.startswith("大学") or (not at_home and is_generic(rest))
    ):
        return True
    if kind == "Institution" and not ours:
        return not rest.endswith(words("local_nouns"))
    if kind == "Institution" and re.search(r"(?:银行|证券|股份|公司|集团|大学)$", rest):
        return not at_home
    return False


def _abroad(core: str, kind: str) -> bool:
    """Whether a place's name begins with another country's (``阿联酋哈伊马角经济区``)."""
    if kind not in ("Place", "Zone") or not core.startswith(_countries()):
        return False
    return kind == "Place" or bool(re.search(r"(?:经济|自由|自贸|合作|贸易|开发)区$", core))


@cache
def _countries() -> tuple[str, ...]:
    return tuple(name for name in words("countries") if name != "蒙古")


def _everywhere(core: str, kind: str) -> bool:
    if kind == "Honour":
        return bool(_NATIONAL.match(core)) or bool(re.match(r"^\d*A", core))
    if kind == "Institution":
        if _NATIONAL.match(core):
            return True
        return not core.endswith(words("local_nouns")) and not is_generic(core)
    if kind in ("Event", "Policy"):
        return bool(re.match(r"^(?:中国|中央|中共中央|全国|国家|习近平|联合国|世界|党的)", core))
    if kind == "Project":
        return bool(_RAIL.match(core))
    return False
