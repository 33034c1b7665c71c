"""How a citizen's cases stand, and the citizen's push for one that takes long.

The bot knows no citizen: the router fills in the cases of the one it talks to.
"""

from __future__ import annotations

import re

from actions.complaint import take
from actions.dialogue import pending_question
from actions.drafting import in_dialogue
from actions.library import Library
from actions.options import AGENT, COMPLAIN
from actions.protocol import Decision, Effect, EffectKind, Reply, Status, Turn
from actions.wording import plain

CASES = "您反映的，办到这一步：\n{cases}"
CHASED = "已替您催办，编号 {number}，承办单位会看到。"
NOTHING_TO_CHASE = "没有查到您还在办理的工单。之前用别的账号或电话登记的，可以转人工查。"

_CHASE = re.compile(r"催")
_NUMBER = re.compile(r"(?<!\d)20\d{10,13}(?!\d)")
_ABOUT_CASES = re.compile(r"工单|进度|进展|编号|催|结果|处理|办[到得理结]|单子|那个?件")
_BRIEF = 25
_SIGNS = re.compile(r"[\s\W_]+")
_HOW = (
    r"(?:现在|目前|怎么还|到底|都|是)*"
    r"(?:在哪里?|(?:办|处理|进行)?到哪(?:里|儿|一步|步|个?环节)?了?"
    r"|(?:办|处理|解决)?得?(?:怎么样|咋样|如何|怎样|怎么说)了?"
    r"|(?:办|处理|解决)(?:好|完|成)?了?(?:没有?|吗)"
    r"|有(?:结果|进展|消息|回音|回复|着落)了?(?:没有?|吗)"
    r"|没(?:有?人管|有?结果|有?消息|有?进展|办好?|处理|解决)"
    r"|进度|进展|结果|什么情况|啥情况)"
    r"(?:了|啊|呀|吗|呢)*"
)
_PAPER = r"(?:工单|单子|案子|诉求)"
_THING = r"(?:(?:那个?|那件|那条)?(?:事情?儿?|问题|件|投诉|举报))"
_TOLD = (
    r"(?:之前|上次|上回|昨天|前天|前几天|上周|上个?月|那天)*"
    r"(?:反映|反应|投诉|举报|登记|提交|提|报)(?:过|了|上去)?的"
)
_OWN = re.compile(
    r"(?:你们?好|您好|请问|麻烦|帮我|给我|我?想|查一?查|查询?一?下|查|看一?下|看看|问一?下)*"
    r"(?:我们?|咱们?|俺)"
    rf"(?:的{_PAPER}(?:呢|{_HOW})?|的{_THING}{_HOW}|{_TOLD}(?:{_PAPER}|{_THING})?(?:呢|{_HOW}))"
)


def tell(intent: str, turn: Turn, library: Library) -> Decision:
    dialogue = in_dialogue(turn.draft)
    if dialogue and len(turn.text) > _BRIEF and not _ABOUT_CASES.search(turn.text):
        return take("inform", turn, library)
    after = (pending_question(dialogue),) if dialogue else ()
    if _CHASE.search(turn.text):
        number = _NUMBER.search(turn.text)
        return _chase(intent, turn, after, number[0] if number else "")
    options = () if dialogue else (COMPLAIN, AGENT)
    return Decision(
        status=Status.TOLD_STATE,
        intent=intent,
        replies=(Reply(text=CASES, options=options), *after),
        draft=turn.draft,
    )


def asks_after_own(text: str) -> bool:
    """我的工单, 我反映的事怎么样了: after their own case, in words that look like a question."""
    return _OWN.fullmatch(_SIGNS.sub("", plain(text))) is not None


def chase(number: str, turn: Turn) -> Decision:
    """催一下 under a case; what was under way goes on."""
    dialogue = in_dialogue(turn.draft)
    after = (pending_question(dialogue),) if dialogue else ()
    return _chase("choose", turn, after, number)


def _chase(intent: str, turn: Turn, after: tuple[Reply, ...], number: str) -> Decision:
    return Decision(
        status=Status.TOLD_STATE,
        intent=intent,
        replies=after,
        effects=(
            Effect(
                kind=EffectKind.CHASE,
                done=Reply(text=CHASED),
                failed=Reply(text=NOTHING_TO_CHASE, options=() if after else (AGENT,)),
                data={"number": number} if number else {},
            ),
        ),
        draft=turn.draft,
    )
