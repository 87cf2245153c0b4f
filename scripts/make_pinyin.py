"""Make kg/tables/division_pinyin.tsv: how file names spell the names of divisions.

Usage: pip install pypinyin==0.55.0
       python scripts/make_pinyin.py kg/tables

Names are shortened first (通州区 → 通州 → tongzhou); 陕西 is spelt shaanxi, as on road signs,
so that it never meets 山西.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pypinyin import Style, lazy_pinyin

from kg.lexicon import words
from kg.text.places import short_name

SOURCE = "# Made by scripts/make_pinyin.py with pypinyin 0.55.0 (MIT); do not edit."

SPELT = {
    "单县": "shanxian",
    "什邡": "shifang",
    "六安": "luan",
    "崆峒": "kongtong",
    "曾都": "zengdu",
    "朝阳": "chaoyang",
    "洪洞": "hongtong",
    "浚县": "xunxian",
    "涡阳": "guoyang",
    "筠连": "junlian",
    "郫都": "pidu",
    "锡林郭勒": "xilinguole",
    "长子": "zhangzi",
    "陕西": "shaanxi",
}
"""Names that the dictionary lacks and would read by the commoner sound of a character."""

FIRST = {"长": ("zhang", "chang"), "都": ("dou", "du")}
"""First characters that names read otherwise than words do."""


def main(folder: str) -> None:
    """Write the table from those of divisions and new areas."""
    names = sorted(
        {short_name(name) for name in (*words("divisions", "name"), *words("new_areas"))}
    )
    rows = [f"{name}\t{SPELT.get(name) or spell(name)}" for name in names]
    lines = [SOURCE, "short\tpinyin"]
    path = Path(folder) / "division_pinyin.tsv"
    path.write_text("\n".join([*lines, *sorted(rows)]) + "\n", encoding="utf-8")


def spell(name: str) -> str:
    """Pinyin without tones and spaces, ü as v (吕梁 is lvliang)."""
    spelt = "".join(lazy_pinyin(name, style=Style.NORMAL)).replace("ü", "v")
    usual, sound = FIRST.get(name[0], ("", ""))
    return sound + spelt.removeprefix(usual) if spelt.startswith(usual) else spelt


if __name__ == "__main__":
    main(*sys.argv[1:])
