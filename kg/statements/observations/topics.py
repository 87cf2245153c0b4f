"""What a sentence is about so far, and the names that words stand for in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.statements.observations import naming
from kg.statements.observations.clauses import Slot
from kg.statements.observations.measuring import Reading
from kg.statements.units import unit_kind

__all__ = [
    "EACH",
    "Candidate",
    "Made",
    "Topic",
    "clean",
    "complete_verb",
    "emit",
    "settle",
    "subject_of",
    "tells_of",
    "what_follows",
    "with_implied_unit",
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible observation, without its time.

    Attributes:
        indicator: the thing measured.
        reading: measure, signed value, unit and scope.
        slot: the figure in its place.
        rule: the rule that made it, without the layer's prefix.
        quote_start: where its quote begins.
        role: ``from`` and ``to`` of a movement, else empty.
        left: the words before the figure that were read.
        inherited: whether the indicator comes from an earlier figure.
    """

    indicator: str
    reading: Reading
    slot: Slot
    rule: str
    quote_start: int
    role: str = ""
    left: str = ""
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class _Past:
    """A name the sentence has spoken of."""

    name: str
    start: int
    unit: str
    clause: int


class Topic:
    """What the sentence is about so far."""

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self.start = 0
        self.verb = ""
        self.measure = ""
        self.clause = -1
        self.history: list[_Past] = []
        self.left = ""
        self.old = False

    def announce(self, clause: str, start: int) -> None:
        """Keep the subject of a clause without figures: X稳步提升，达到3%."""
        match = _ANNOUNCED.fullmatch(clause.strip())
        name = clean(match["subject"]) if match else ""
        if len(name) >= 3:
            self.names, self.measure, self.old = (name,), "announced", False
            self.start = start

    def next_sentence(self) -> None:
        """Keep the names only as a last resort."""
        self.old = True
        self.history = []
        self.verb, self.clause = "", -1

    def remember(self, made: Made, slot: Slot) -> None:
        """Keep the names of a group that was accepted."""
        if not made.names:
            return
        names = tuple(naming.shortened(name) for name in made.names)
        if not made.inherited:
            self.start = slot.clause_start
            verb = naming.leading_verb(names[0])
            if not slot.listed or verb:
                self.verb = verb
            for name in names:
                self.history.append(
                    _Past(name, slot.clause_start, slot.figure.unit, slot.clause_start)
                )
        self.names, self.measure, self.old = names, made.measure, False
        self.clause = slot.clause_start

    @property
    def has_level(self) -> bool:
        """Whether an amount of what it is about now was told in the sentence."""
        return any(item.name in self.names and item.unit not in ("%", "") for item in self.history)

    def last(self, count: int) -> tuple[str, ...]:
        """The last names, one for each figure."""
        if len(self.names) == count:
            return self.names
        past = self.history[-count:]
        return tuple(item.name for item in past) if len(past) == count else self.names

    def both(self) -> tuple[str, ...]:
        """All names that the last statements of one kind were about (均, 都)."""
        if len(self.names) > 1 or not self.history:
            return self.names
        unit = self.history[-1].unit
        alike = []
        for item in reversed(self.history):
            if item.unit != unit:
                break
            alike.append(item.name)
        return tuple(reversed(alike[:3])) or self.names


_ANNOUNCED: Final = re.compile(
    r"(?P<subject>[^，]{3,24}?)(?:主导地位|地位|水平)?(?:于[^，]{2,6})?(?:(?:再上|迈上|跃上|登上)新台阶|(?:日渐|日益|稳步|持续|不断|显著|明显|进一步|加快|更加|大幅|逐步|较快|平稳|快速|继续|稳定|实现|全面)+"
    r"(?:提升|提高|增长|改善|凸显|突出|增强|扩大|下降|降低|壮大|显现|转正|正增长|向好|回升|攀升|增加|优化|缩小|好转))"
)


@dataclass(slots=True)
class Made:
    """What a group of figures gave."""

    candidates: list[Candidate]
    names: tuple[str, ...]
    measure: str
    inherited: bool


EACH: Final = re.compile(
    r"(?:(?<![人户亩地年月日劳平])均|(?<![首成])都|(?<![社])各|双双)(?!类|种|项|级|地|市|县|区)(?:[\u4e00-\u9fff]{0,5})$"
)


def settle(
    subject: str, topic: Topic, *, count: int | None, apart: bool, each: bool = False
) -> tuple[tuple[str, ...], bool]:
    """The names that a cleaned subject stands for, and whether they are inherited."""
    if not subject:
        if topic.measure == "announced" and count:
            return naming.subjects(topic.names[0], count), True
        if count:
            return topic.last(count), True
        return (topic.both() if each else topic.names), True
    if naming.is_attribute(subject) and topic.names and not topic.old:
        names = topic.both() if each else topic.names
        if subject.endswith("倍差"):
            return (naming.join_subject("和".join(names), subject),), True
        return tuple(naming.join_subject(_thing(name), subject) for name in names), True
    if apart:
        return naming.subjects(subject, count, strict=count is None and not each), False
    return (subject,), False


def _thing(name: str) -> str:
    for tail in ("总投资", "增速", "占比"):
        name = name.removesuffix(tail)
    return name


def clean(words: str) -> str:
    """Without leads and links, footnotes and examples."""
    name = naming.tidy(naming.strip_left(naming.tidy(naming.strip_right(words))))
    return naming.without_examples(name) if "等" in name else name


def emit(
    names: Sequence[str],
    reading: Reading,
    slot: Slot,
    rule: str,
    topic: Topic,
    *,
    inherited: bool = False,
    role: str = "",
    left: str | None = None,
) -> list[Candidate]:
    """One candidate for each name."""
    start = topic.start if inherited and topic.names else slot.clause_start
    return [
        Candidate(
            naming.shortened(name),
            reading,
            slot,
            rule,
            start,
            role,
            slot.left if left is None else left,
            inherited,
        )
        for name in names
        if name
    ]


_PEOPLE: Final = re.compile(
    r"(?:学生|人口|群众|劳动力|职工|员工|工人|人数|学生数|居民|老人|人员|人才)(?:数|总数)?(?:达|近|超)?$"
)
_PASSENGERS: Final = re.compile(r"(?:客流量|旅客吞吐量|游客接待量|接待游客|人次)$")


def with_implied_unit(reading: Reading, names: Sequence[str]) -> Reading:
    """The unit that goes without saying: 突破万亿 is 元, 常住人口109万 is 人."""
    if reading.unit or reading.measure not in ("level", "change") or not names:
        return reading
    if names[0].endswith(("倍差", "倍差降")):
        return replace(reading, unit="1")
    if reading.value >= 1e8:
        return replace(reading, unit="元")
    if _PASSENGERS.search(names[0]):
        return replace(reading, unit="人次")
    if reading.value >= 1000 and _PEOPLE.search(names[0]):
        return replace(reading, unit="人")
    return reading


def subject_of(words: str, slot: Slot, topic: Topic) -> str:
    """The cleaned subject; an item of a list takes the verb of its first item."""
    before, apart, after = words.partition("分别")
    if apart and after:
        after = clean(after)
        before = clean(before)
        if not before:
            return after
        return after + before if naming.is_bare_verb(after) else before + after
    subject = clean(words)
    if _LEVEL.fullmatch(subject) and slot.listed and topic.names and not topic.old:
        subject = _of_level(subject, topic.names[-1])
    if subject == "" and "累计" in words and topic.names and not topic.old:
        return "累计" + naming.without_verb(topic.names[0])
    if naming.is_attribute(subject):
        return subject
    if _shares_verb(words, slot, topic):
        return naming.with_verb(topic.verb, subject) if subject else subject
    return subject


_LEVEL: Final = re.compile(r"(?:国家|省|市|县|区|州|自治区|地市)级")
"""A level alone: 省级企业技术中心8家、市级30家."""


def _of_level(level: str, name: str) -> str:
    """The thing of another level: 培育省级企业技术中心, 市级 → 市级企业技术中心."""
    before = _LEVEL.match(name, len(naming.leading_verb(name)))
    return level + name[before.end() :] if before else level


def _shares_verb(words: str, slot: Slot, topic: Topic) -> bool:
    """Whether the verb that opened the list goes for this figure too.

    Within a clause: 新增A3个、B4个.  Over a comma when only a noun and the same unit
    follow: 新增A3个，B4个.
    """
    if not topic.verb or topic.old:
        return False
    if slot.listed and topic.clause == slot.clause_start:
        return True
    unit = topic.history[-1].unit if topic.history else None
    bare = clean(words) == naming.tidy(words) and not re.search(r"[率额值入资]$", words)
    return slot.first and bare and unit == slot.figure.unit and unit_kind(unit or "") == "count"


def _thing_alone(name: str) -> str:
    """The thing of a name without the flow verb before or after it (乡镇项目新签约)."""
    if naming.leading_verb(name):
        return naming.without_verb(name)
    return _COURSE.sub("", name)


_COURSE: Final = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})新?(?:签约|开工|竣工|投产|达产|入库|入规|落地)$"
)
"""Where a project stands, after its name: 工业项目新签约."""
_COUNTED_OUT: Final = re.compile(r"(?:总量|总数|数量)$")


def complete_verb(
    names: tuple[str, ...], subject: str, inherited: bool, topic: Topic
) -> tuple[tuple[str, ...], bool]:
    """建成投用14所 after 新建中小学35所 is about 建成投用中小学."""
    fits = subject and topic.names and not topic.old and naming.is_bare_verb(subject)
    if fits and len(subject) <= 6:
        names = tuple(_COUNTED_OUT.sub("", _thing_alone(name)) for name in topic.names)
        return tuple(subject + name for name in names), True
    return names, inherited


_RIGHT_NOISE: Final = re.compile(
    r"^(?:大关|台阶|新台阶|行列|关口|门槛|级城市行列|级行列|的?水平|的?规模(?!以上)|的?目标|左右|以上|以内|的?历史新高|的?新阶段|整(?=$|[，。；、])|之多|之巨|的?好成绩|左右的?|的?任务"
    r"|的?基础上|起|时|人民币)"
)
_RIGHT_LINK: Final = re.compile(r"^(?:的|、|和|与|及|“(?=$))")
_TOLD_OF: Final = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:对[^，]{2,8}(?:贡献率|支撑度)|(?:年度|累计|已|共)?完成投资(?:额)?"
    r"|(?:合计)?(?:实现|完成)?(?:规模以上工业|规上工业)?(?:营业收入|营收|总?产值|产值规模|增加值)(?:占[^，]*)?)$"
)
"""What the figure after it tells of counted things: 4个产业链|对税收贡献率超过55%."""
_PREDICATE: Final = re.compile(
    r"(?:较|比)(?:19|20|上|去)|(?:增长|下降|增加到|达到?|超过?|突破|占|由|从|实现|完成|提高|提升)(?=$|[约近])|中$|各$|分别$"
)


def tells_of(words: str) -> bool:
    """Whether words name counted things and then what a figure tells of them."""
    return _TOLD_OF.search(words) is not None


def what_follows(slot: Slot) -> str:
    """The noun phrase that follows the figure, cleaned."""
    words = slot.right.strip()
    if words.startswith("、") or _RIGHT_NOISE.match(words):
        return ""
    words = _RIGHT_LINK.sub("", words)
    if slot.right_end < slot.clause_end:
        cut = _PREDICATE.search(words)
        if cut:
            words = words[: cut.start()]
        words = _TOLD_OF.sub("", words)
    return naming.tidy(words)
