"""What a figure says of its indicator: a level, a growth, a change, a share, a progress."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from kg import lexicon
from kg.statements.observations.clauses import Slot
from kg.statements.observations.naming import leading_verb, strip_left, strip_right
from kg.statements.quantities import Quantity
from kg.statements.units import unit_kind

__all__ = ["Reading", "read"]

_ADVERB: Final = (
    r"(?:同比|环比|可比口径|按可比价|可比价|名义|实际|年均|平均|每年|累计|分别|预计|均|都|各|双双|继续|持续|稳步|逐年|再|又|也|约|近|超|达|达到|了|大幅|进一步|合计|共"
    r"|首次|已|将|力争|确保|幅度|总体|整体|又|有望|突破|超过|不低于|不少于|仅|只|实现|保持|完成|至少|连续|就|接近|提前|逆势|快速)*"
)
_BASE: Final = re.compile(
    r"(?:同比|环比|(?:比|较)(?:上|去|前)[^，、；]{1,12}|(?:比|较|与)[^，、；]{0,12}?(?:年|月|初|末|期|前|时|水平|平均|目标|计划|底|间|比)(?:初|末|底|同期|同期相比|相比|前)?|(?:比|较)[^，、；]{1,6})"
    + _ADVERB
    + r"$"
)
_RATE: Final = re.compile(
    r"(?P<noun>年均增速|平均增速|增速|增幅|涨幅|增长率|增长速度|升幅|(?P<down>降幅|降低率|改善率|下降率|压减率|减幅))(?P<rest>.{0,12})$"
)
_NOT_RATE: Final = re.compile(r"[高低快]于|自然增长率|人口")
_AHEAD: Final = re.compile(r"^(?:的|左右)?(?P<verb>高?增长|增速|增幅|涨幅|下降|降幅|提升)")
_SHARE: Final = re.compile(
    r"(?P<subject>.*?)(?:占|相当于)(?P<scope>[^占，]{0,24}?)(?:的)?(?:(?P<noun>比重|比例|份额|比率|比)(?P<rest>.{0,10}))?$"
)
_PROPORTION: Final = re.compile(r"(?P<subject>.*?)的?(?P<noun>占比|比重|份额)(?P<rest>.{0,12})$")
_PROGRESS: Final = re.compile(
    r"(?P<subject>.*?)(?:(?:超额|已|累计|共)*完成|达到?|为|是|占)?(?:了)?"
    r"(?P<goal>(?:(?!完成)[^，]){0,8}?(?:年度|全年|市定|省定|总|目标|计划|任务|投资)[^，]{0,6}?(?:计划|任务|目标|任务数|目标任务|进度|投资额|总量)|计划|任务|目标任务|工程量|总工程量)的?(?:[约近超]|超过|达|为)*$"
)
_DONE: Final = re.compile(r"(?P<subject>.+?)(?:完成|完工|完成了|进度达?到?|形象进度达?到?)$")
_TURNED: Final = re.compile(
    r"(?:(?P<down>减少|削减|压缩|压减|降低|缩短|精简|缩减|下调|压降)|(?P<up>提高|增加|上调|提升))(?P<subject>[^，]{2,14})$"
)
"""The verb before what it moves: 压缩验收时限35%."""
_SHORTENED: Final = re.compile(
    r"(?P<before>[^，]*?)(?:压缩|缩短|压减|精简|减少)(?:了)?(?P<noun>[^，]{0,8}?(?:时限|时间|用时|周期|工期))"
)
"""全流程压缩时限30个工作日: by so much, not to so much."""
_STANDS: Final = re.compile(r"(?:[到至达为占在]|比重|占比|比例)[^，]{0,2}$")
_TO: Final = re.compile(r"(?:到|至|为|成)$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a figure says.

    Attributes:
        measure: one of the contract's measures.
        subject: the words before, without the words of measuring.
        value: with its sign, and multiples turned into percent.
        unit: as it is to be noted.
        scope: the whole of a share.
        value_max: upper end of a range, with its sign.
        attribute: a word to be added to the subject (增速).
    """

    measure: str
    subject: str
    value: float
    unit: str
    scope: str = ""
    value_max: float | None = None
    attribute: str = ""


@cache
def _moves() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A verb of rising or falling: at the end of the words, and anywhere in them."""
    rows = sorted(lexicon.rows("moves"), key=lambda row: len(row["word"]), reverse=True)
    up = "|".join(row["word"] for row in rows if row["sign"] == "+")
    down = "|".join(row["word"] for row in rows if row["sign"] == "-")
    verb = rf"(?P<verb>(?P<up>{up})|(?P<down>{down}))"
    return re.compile(rf"{verb}(?:了|幅度)?{_ADVERB}(?:(?:保持|稳定|维持)在)?$"), re.compile(verb)


def read(slot: Slot, left: str, right: str) -> Reading:
    """The reading of a figure of which the words before and after are given.

    Args:
        slot: the figure with its place.
        left: the words before it, of its own or of the figure it is joined to.
        right: the words after it.
    """
    figure = slot.figure
    if figure.kind == "rank":
        return Reading("rank", left, figure.value, "")
    assert isinstance(figure, Quantity)
    if figure.kind == "zero":
        if right.startswith("增长"):
            return Reading("growth", left, 0.0, "%")
        return Reading("level", left, 0.0, "")
    if figure.kind == "double":
        return _double(figure, left, right)
    if figure.kind == "times":
        return _times(figure, left)
    if figure.kind == "digits":
        return _digits(figure, left, right)
    if figure.kind == "fraction" or figure.unit in ("%", "‰"):
        return _relative(figure, left, right)
    return _amount(figure, left, right)


def _signed(figure: Quantity, sign: int) -> tuple[float, float | None]:
    maximum = figure.value_max
    return sign * figure.value, sign * maximum if maximum is not None else None


def _moved(left: str) -> tuple[str, int] | None:
    """Subject and sign if the words end with a verb of rising or falling."""
    match = _moves()[0].search(left)
    if match is None or _TO.search(left):
        return None
    subject = left[: match.start()]
    if match["verb"] in ("增", "升", "减", "降", "少", "涨", "翻") and subject.endswith(
        ("新", "净", "多", "递", "不", "至", "压", "锐")
    ):
        return None
    return _without_base(subject), -1 if match["down"] else 1


def _without_base(subject: str) -> str:
    """Without what is compared with (同比, 比上年)."""
    match = _BASE.search(subject)
    if match:
        subject = subject[: match.start()]
    return re.sub(_ADVERB + "$", "", subject)


def _relative(figure: Quantity, left: str, right: str) -> Reading:
    unit = figure.unit
    moved = _moved(left)
    if moved is not None:
        subject, sign = moved
        value, maximum = _signed(figure, sign)
        return Reading("growth", subject, value, unit, "", maximum)
    rate = _RATE.search(left)
    if (
        rate is not None
        and not _NOT_RATE.search(left[rate.start() - 4 :])
        and not right[:3].startswith("的")
    ):
        value, maximum = _signed(figure, -1 if rate["down"] else 1)
        return Reading("growth", _without_base(left[: rate.start()]), value, unit, "", maximum)
    turned = _TURNED.match(strip_left(left)) if not right else None
    if turned is not None and unit != "1" and not _STANDS.search(left):
        value, maximum = _signed(figure, -1 if turned["down"] else 1)
        return Reading("growth", turned["subject"], value, unit, "", maximum)
    ahead = _AHEAD.match(right)
    if ahead is not None:
        value, maximum = _signed(figure, -1 if ahead["verb"] in ("下降", "降幅") else 1)
        return Reading("growth", _without_base(strip_right(left)), value, unit, "", maximum)
    maximum = figure.value_max
    if re.search(r"(?:计划|任务|目标)的?[约近超达到为]*$", left) and not re.search(
        r"占[^，]*$", left
    ):
        goal = _PROGRESS.fullmatch(left)
        if goal is not None:
            return Reading("progress", goal["subject"], figure.value, unit, goal["goal"], maximum)
    share = _SHARE.fullmatch(left)
    if share is not None and (share["noun"] or share["scope"] is not None):
        return Reading("share", share["subject"], figure.value, unit, share["scope"] or "", maximum)
    spent = re.fullmatch(r"(?P<subject>.*?用于[^，]+?)的?比[例重].{0,8}", left)
    if spent is not None:
        return Reading("share", spent["subject"], figure.value, unit, "", maximum)
    share = _PROPORTION.fullmatch(left)
    if share is not None:
        return Reading("share", share["subject"], figure.value, unit, "", maximum, "")
    done = _DONE.fullmatch(left)
    if done is not None and (unit == "1" or figure.value <= 100) and not right:
        return Reading("progress", done["subject"], figure.value, unit, "", maximum)
    if unit == "1" and not left.endswith(("降至", "缩小至", "为")):
        return Reading("share", left, figure.value, unit, "", maximum)
    return Reading("level", left, figure.value, unit, "", maximum)


def _double(figure: Quantity, left: str, right: str) -> Reading:
    value = figure.value
    if right.startswith("完成") or (not right and re.search(r"完成$|超额$", left)):
        return Reading("progress", left, 200.0, "%")
    return Reading("growth", _without_base(left), value, "%")


def _times(figure: Quantity, left: str) -> Reading:
    multiple = figure.value
    if re.search(r"(?:计划|任务|目标)[^，]{0,4}的[约近超]*$", left):
        subject = re.sub(r"[，]?(?:是|为|达|达到)[^，]*$", "", left)
        return Reading("progress", subject, round(multiple * 100, 6), "%")
    if re.search(
        r"(?:是|为|达到?|相当于|扩大到|提高到|增至|增长到)[^，]*?的?[约近超]*$", left
    ) and not _moved(left):
        subject = re.sub(
            r"(?:分别|约|已)*(?:是|为|达到?|相当于|扩大到|提高到|增至|增长到)[^，]*$", "", left
        )
        return Reading("growth", subject, round((multiple - 1) * 100, 6), "%")
    moved = _moved(left)
    if moved is not None:
        return Reading("growth", moved[0], round(moved[1] * multiple * 100, 6), "%")
    return Reading("growth", left, round(multiple * 100, 6), "%")


def _digits(figure: Quantity, left: str, right: str) -> Reading:
    moved = _moved(left)
    if right.lstrip("的以上").startswith(("增长", "增速", "增幅")):
        return Reading("growth", left, figure.value, "%")
    if moved is not None:
        return Reading("growth", moved[0], moved[1] * figure.value, "%")
    if re.search(r"增速|增幅|增长", left):
        return Reading("growth", re.sub(r"(?:增速|增幅|增长).*$", "", left), figure.value, "%")
    unit = "起" if re.search(r"起数.{0,12}$", left) else ""
    return Reading("level", left, figure.value, unit)


def _amount(figure: Quantity, left: str, right: str) -> Reading:
    unit = figure.unit
    if unit == "倍":
        unit = ""
    if unit in ("百分点", "基点"):
        moves = list(_moves()[1].finditer(left))
        moves = [m for m in moves if len(left) - m.end() <= 6]
        if re.search(r"[高低快慢]于[^，]*$", left):
            return Reading("level", left, figure.value, unit, "", figure.value_max)
        if not moves:
            return Reading("change", left, figure.value, unit, "", figure.value_max)
        move = moves[-1]
        value, maximum = _signed(figure, -1 if move["down"] else 1)
        return Reading("change", _without_base(left[: move.start()]), value, unit, "", maximum)
    shorter = _SHORTENED.fullmatch(strip_left(left)) if unit_kind(unit) == "time" else None
    if shorter is not None and not right and not _STANDS.search(left):
        value, maximum = _signed(figure, -1)
        subject = shorter["before"] + shorter["noun"]
        return Reading("change", subject, value, unit, "", maximum)
    moved = _moved(left)
    if moved is not None:
        subject, sign = moved
        compared = _BASE.search(left) is not None or re.search(r"[比较]", left) is not None
        verb = leading_verb(strip_left(subject))
        sure = re.search(
            r"(?:压缩|缩短|精简|提高|上升|下降|降低|减少|增加|增长|提升)" + _ADVERB + "$", left
        )
        worked = verb or re.search(r"(?:改造|整治|改善)" + _ADVERB + "$", left) or right
        if compared or (sure and not worked) or (re.search(r"(?:压缩|缩短|精简)$", left)):
            value, maximum = _signed(figure, sign)
            return Reading("change", subject, value, unit, "", maximum)
    return Reading("level", left, figure.value, unit, "", figure.value_max)
