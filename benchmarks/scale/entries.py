"""Up to a million entries of no city: what is asked, at a place, each with wordings of its own.

Made from the demo's entries and from our own list of things and acts. Every entry leaves one
wording out, by which it is asked for later. Entries are made one by one: a million are never held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from benchmarks.questions import CLOSINGS, OPENINGS, Question, demo_articles
from benchmarks.synthetic import ACTS, THINGS
from kb_index.article import Article

DISTRICTS = tuple(
    f"{name}区"
    for name in (
        *("红门", "青塔", "白水", "双井", "松林", "石桥", "南苑", "北桥", "东山", "西河", "柳园"),
        *("三里", "望湖", "锦溪", "云台", "长堤", "金谷", "临泉", "清岩", "永定"),
    )
)
STREETS = tuple(
    f"{name}{kind}"
    for name, kind in product(
        (
            *("槐荫", "杏坛", "玉泉", "桃源", "梅岭", "竹溪", "兰亭", "枫桥", "榆树"),
            *("桂花", "鼓楼", "钟楼", "书院", "药王", "龙潭", "虎坊", "鹿鸣"),
        ),
        ("街道", "镇", "里社区"),
    )
)
KEPT = 2  # similar questions of an entry; one more is left out
STRIDE = 1_000_003  # a prime: neighbours in the order have neither subject nor place in common
WAYS = (  # of asking for an act with a thing; the first is the standard question
    "{thing}怎么{act}",
    "{thing}想{act}要带什么",
    "{act}{thing}去哪个窗口",
    "办{thing}{act}找谁",
)
SAID_AT = (  # where one is, in words that no entry has
    "我住{district}{street}，{text}",
    "{text}，我家在{district}的{street}",
    "{district}这边，{street}的，{text}",
    "人在{street}（{district}），{text}",
)


@dataclass(frozen=True)
class Place:
    district: str
    street: str

    @property
    def name(self) -> str:
        return f"{self.district}{self.street}"


@dataclass(frozen=True)
class Subject:
    """What entries at all places say; `left_out` is in none of them."""

    questions: tuple[str, ...]
    left_out: str
    answer: str
    department: str
    category: str


class World:
    """All entries that can be made, by their number."""

    def __init__(self) -> None:
        self.places = [Place(*pair) for pair in product(DISTRICTS, STREETS)]
        self.subjects = [*_of_the_demo(), *_of_things()]

    @cached_property
    def size(self) -> int:
        return len(self.places) * len(self.subjects)

    def articles(self, count: int) -> Iterator[Article]:
        if count > self.size:
            raise ValueError(f"only {self.size} different entries can be made")
        return (self.article(number) for number in range(count))

    def article(self, number: int) -> Article:
        subject, place = self._parts(number)
        return Article(
            external_id=external_id(number),
            question=f"{place.name}{subject.questions[0]}",
            similar_questions=tuple(
                f"{place.name}的，{text}" for text in subject.questions[1 : 1 + KEPT]
            ),
            answer=f"{subject.answer}{place.name}的居民也可以到{place.street}便民服务站咨询。",
            department=subject.department,
            category=subject.category,
            version=1,
        )

    def questions(self, entries: int, count: int) -> list[Question]:
        """Of entries spread over the first `entries`, each by the wording that it lacks."""
        around = product(CLOSINGS, OPENINGS)
        wrappings = list(islice(around, 7 * len(OPENINGS)))
        step = max(1, entries // count)
        asked = []
        for turn, number in enumerate(range(0, entries, step)):
            subject, place = self._parts(number)
            said = SAID_AT[turn % len(SAID_AT)].format(
                district=place.district, street=place.street, text=subject.left_out
            )
            closing, opening = wrappings[turn * 17 % len(wrappings)]
            asked.append(Question(f"{opening}{said}{closing}", external_id(number)))
        return asked[:count]

    def _parts(self, number: int) -> tuple[Subject, Place]:
        spread = number * STRIDE % self.size
        return self.subjects[spread % len(self.subjects)], self.places[spread // len(self.subjects)]


def external_id(number: int) -> str:
    return f"made-{number:07}"


def _of_the_demo() -> Iterator[Subject]:
    for article in demo_articles():
        *kept, left_out = (text.rstrip("？?。 ") for text in article.similar_questions)
        yield Subject(
            (article.question.rstrip("？?"), *kept[:KEPT]),
            left_out,
            article.answer,
            article.department,
            article.category,
        )


def _of_things() -> Iterator[Subject]:
    for thing, act in product(THINGS, ACTS):
        *kept, left_out = (way.format(thing=thing, act=act) for way in WAYS)
        yield Subject(tuple(kept), left_out, _answer(thing, act), "政务服务局", f"{thing}/{act}")


def _answer(thing: str, act: str) -> str:
    return (
        f"{thing}{act}请本人带身份证到街道政务服务大厅办理，材料齐全的当场受理，三个工作日内办结。"
        f"不方便到场的，可以委托家人带双方身份证和委托书代为{act}。"
        f"{thing}的信息有变动的，先更正信息再{act}；需要缴费的，以窗口出具的缴费单为准。"
    )


def texts_of(subjects: Sequence[Subject]) -> list[str]:
    """What all entries say, without their places."""
    return list(dict.fromkeys(text for one in subjects for text in one.questions))
