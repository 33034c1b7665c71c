"""A small library: what it knows and reads is written out, so that the rules alone are tested."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import msgspec

from actions.knowledge import NOTHING, CannotSearch, Entry, Found, Passage
from actions.library import Library, Said
from actions.protocol import Decision, Draft, Judged, Option, Turn

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class AnEntry:
    external_id: str
    question: str
    answer: str
    department: str = "区人力社保局"
    source: str = "办事指南"
    passage: Passage | None = None
    document_number: str = ""
    confirmed_on: date | None = None


CARD = AnEntry("card", "社保卡丢了怎么补办", "带身份证到任一社保服务网点补办，当场可取。")
HEAT = AnEntry("heat", "暖气不热怎么报修", "先拨打本小区供热单位的服务电话。", "区城管委", "")
NOISE = AnEntry("noise", "噪音扰民归谁管", "生活噪声由公安机关管理。", "", "")


class FakeKnowledge:
    """Knows a question by its exact words."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {e.external_id: e for e in (CARD, HEAT, NOISE)}
        self.answers: dict[str, Found] = {
            "社保卡丢了怎么补？": Found(answer=CARD),
            "学校说没学位转不进去咋办": Found(answer=CARD),
            "噪音扰民归谁管": Found(answer=NOISE),
            "卡的事": Found(menu=(CARD, HEAT)),
        }
        self.same: dict[str, Entry] = {}
        self.next_best: dict[str, tuple[Entry, ...]] = {}
        self.is_down = False

    def find(self, question: str, *, hotline: str, now: datetime) -> Found:
        if self.is_down:
            raise CannotSearch
        return self.answers.get(question, NOTHING)

    def find_same(self, question: str, *, hotline: str, now: datetime) -> Entry | None:
        if self.is_down:
            raise CannotSearch
        return self.same.get(question)

    def others(
        self, question: str, *, without: Collection[str], hotline: str, now: datetime
    ) -> tuple[Entry, ...]:
        if self.is_down:
            raise CannotSearch
        found = self.next_best.get(question, ())
        return tuple(entry for entry in found if entry.external_id not in without)

    def get(self, external_id: str, *, hotline: str, now: datetime) -> Entry | None:
        if self.is_down:
            raise CannotSearch
        return self.entries.get(external_id)


@dataclass(frozen=True)
class AWord:
    value: str
    confidence: float
    start: int
    end: int


# What the reader finds, wherever it stands in a text: words, field, value.
WORDS: tuple[tuple[str, str, str], ...] = (
    ("六铺炕南小街", "place", "六铺炕南小街"),
    ("海淀区和平路25号", "place", "海淀区和平路25号"),
    ("建设路30号", "place", "建设路30号"),
    ("昨晚十一点", "time", "2026-11-23T23"),
    ("前天下午三点", "time", "2026-11-22T15"),
    ("天天", "time", "天天"),
    ("噪音扰民", "kind", "complaint"),
    ("打混凝土", "kind", "complaint"),
    ("乱停车", "kind", "complaint"),
    ("咨询", "kind", "consultation"),
    ("路灯坏了", "category", "城市管理/路灯"),
    ("我姓王", "name", "王"),
)


class FakeReader:
    def read(self, text: str, now: datetime) -> Mapping[str, Said]:
        said: dict[str, Said] = {}
        for words, name, value in WORDS:
            if (start := text.find(words)) >= 0:
                said[name] = AWord(value, 0.8, start, start + len(words))
        return said

    def kind(self, text: str) -> str:
        return next((value for words, name, value in WORDS if name == "kind" and words in text), "")


@dataclass
class Talk:
    """A citizen's side of a conversation; the router's part is played as it is."""

    library: Library
    decide: Callable[[str, Turn, Library], Decision]
    draft: Draft | None = None
    offered: tuple[Option, ...] = ()
    waiting: bool = False
    has_phone: bool = False
    judged: Judged | None = None
    turns: int = 0
    said: list[Decision] = field(default_factory=list)

    def __call__(self, intent: str, text: str = "", choice: str = "") -> Decision:
        self.turns += 1
        turn = Turn(
            id=f"m{self.turns}",
            text=text,
            hotline="12341",
            channel="webchat",
            now=NOON,
            choice=choice,
            draft=self.draft,
            offered=self.offered,
            waiting=self.waiting,
            has_phone=self.has_phone,
            judged=self.judged,
        )
        # Everything crosses the wire, so everything must survive it.
        turn = msgspec.json.decode(msgspec.json.encode(turn), type=Turn)
        decision = self.decide("choose" if choice else intent, turn, self.library)
        decision = msgspec.json.decode(msgspec.json.encode(decision), type=Decision)
        self.draft = decision.draft
        replies = [*decision.replies, *(effect.done for effect in decision.effects)]
        self.offered = tuple(option for reply in replies for option in reply.options)
        self.said.append(decision)
        return decision


def text_of(decision: Decision) -> str:
    """All that a citizen reads when each effect happens."""
    replies = [*decision.replies, *(effect.done for effect in decision.effects)]
    return "\n".join(reply.text for reply in replies)


def options_of(decision: Decision) -> list[str]:
    replies = [*decision.replies, *(effect.done for effect in decision.effects)]
    return [option.id for reply in replies for option in reply.options]
