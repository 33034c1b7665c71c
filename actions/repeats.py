"""What is reported already: told before a case is opened, so that a citizen may join instead.

Once per read-back. Who looks it up is the library's; nobody there, or a desk that does not answer,
is the same as nothing found: a citizen never waits for it.
"""

from __future__ import annotations

import re
from datetime import datetime

import msgspec
from msgspec.structs import replace

from actions.drafting import value
from actions.like_cases import Asked, Repeat, Repeats
from actions.options import GIVE_UP, JOIN, OPEN_ANYWAY
from actions.protocol import Decision, Draft, Effect, EffectKind, Reply, Status, Turn
from actions.wording import plain
from intake.occurred import CITY

# Reports are confidential, praise and advice are nobody's trouble twice.
KINDS = frozenset({"complaint", "help", ""})


FOUND = (
    "先告诉您：{day}已经有人反映过{matter}，现在{state}{people}。是同一件事吗？\n"
    "是的话可以加入，您说的情况会记进去一起办，进展一样能查到；不是就单独登记。"
)
OWN = (
    "先告诉您：您{day}已经反映过{matter}，编号 {known}，现在{state}。是同一件事吗？\n"
    "是的话可以加入，您这次说的会补充进去；不是就单独登记。"
)
JOINED = "已加入，编号 {number}。您说的情况也记进去了，想知道办到哪一步，随时在这里发“查进度”。"
JOINED_TOO_LATE = "那件诉求已经不在办理了，所以为您单独登记了一件，编号 {number}。"
AGAIN = "请选一下：是同一件事就点“加入已有诉求”，不是就点“仍然新登记”。"

_SAME = re.compile(
    r"加入|一起办|同一[件个]|就是(?:这|那)?[件个]?事?$|合并|是(?:的|同一件事)?[吧啊]?$|对[的啊]?$"
)
_OTHER = re.compile(
    r"不是|不一样|不同|另(?:外|一)|新登记|重新登记|单独|新的|分开|不加入|不用加入|不对|^不$|^否$"
)


def look_up(turn: Turn, draft: Draft, repeats: Repeats) -> Repeat | None:
    """What the desk knows of the kind, asked once for a draft as it was read back."""
    if draft.repeat is not None or value(draft, "kind") not in KINDS:
        return None
    return repeats.like(
        Asked(
            hotline=turn.hotline,
            text=value(draft, "content"),
            place=value(draft, "place"),
            category=value(draft, "category"),
            on=_day(turn.now),
            citizen=turn.citizen,
        )
    )


def offer(intent: str, draft: Draft, repeat: Repeat) -> Decision:
    """Tell what is there and let the citizen choose; nothing is opened yet."""
    text = (OWN if repeat.is_own else FOUND).replace("{day}", _in_words(repeat.accepted_on))
    text = text.replace("{matter}", _matter(repeat.category)).replace("{state}", repeat.state)
    text = text.replace("{people}", f"，共{repeat.people}人反映" if repeat.people > 1 else "")
    text = text.replace("{known}", repeat.number)
    return Decision(
        status=Status.ASKED,
        intent=intent,
        replies=(Reply(text=text, options=(JOIN, OPEN_ANYWAY, GIVE_UP)),),
        draft=replace(draft, repeat=repeat.number),
    )


def ask_again(intent: str, draft: Draft) -> Decision:
    reply = Reply(text=AGAIN, options=(JOIN, OPEN_ANYWAY, GIVE_UP))
    return Decision(status=Status.ASKED, intent=intent, replies=(reply,), draft=draft)


def join(intent: str, draft: Draft) -> Decision:
    """Join the case that was offered; when it is gone meanwhile, a case of one's own is opened."""
    return Decision(
        status=Status.CASE_JOINED,
        intent=intent,
        effects=(
            Effect(
                kind=EffectKind.JOIN_CASE,
                done=Reply(text=JOINED),
                failed=Reply(text=JOINED_TOO_LATE),
                data={"number": draft.repeat or "", "draft": msgspec.to_builtins(draft)},
            ),
        ),
    )


def is_offered(draft: Draft) -> bool:
    """Whether the citizen has been asked, and has not answered."""
    return bool(draft.repeat)


def says_same(intent: str, text: str) -> bool:
    """是, 加入: it is the same."""
    said = plain(text)
    if _OTHER.search(said):
        return False
    return _SAME.search(said) is not None or intent == "affirm"


def says_other(intent: str, text: str) -> bool:
    """不是, 单独登记: it is another."""
    return _OTHER.search(plain(text)) is not None or intent == "deny"


def _matter(category: str) -> str:
    return f"“{category.rpartition('/')[2]}”方面的类似问题" if category else "类似的问题"


def _in_words(day: str) -> str:
    _year, month, date = (int(part) for part in day.split("-"))
    return f"{month}月{date}日"


def _day(now: datetime) -> str:
    return now.astimezone(CITY).date().isoformat()
