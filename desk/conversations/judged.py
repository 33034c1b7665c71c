"""What had been asked, where a citizen taps 没解决: read out of what was said in the talk."""

from __future__ import annotations

from collections.abc import Sequence

from actions.options import ENTRY, UNSOLVED, USEFUL
from actions.protocol import Judged, Status
from desk.conversations.models import Author, Conversation, Message, Rating
from intake.privacy import mask_for_bot

LOOKED_BACK = 40  # messages; an older question is not guessed at
_QUESTIONS = frozenset({Status.ANSWERED, Status.ASK_BACK, Status.MENU})


def judged(choice: str, talk: Conversation | None) -> Judged | None:
    """None when nothing is judged as unsolved, and when the question is not found."""
    if talk is None or not choice.startswith(UNSOLVED):
        return None
    latest = list(Message.objects.filter(conversation=talk).order_by("-id")[:LOOKED_BACK])
    answers = [m for m in latest if m.author == Author.BOT and _is_from(choice, m)]
    if not answers:
        return None
    asked = _question_before(answers[0], latest)
    if asked is None:
        return None
    question, cause = asked
    since = [m for m in latest if m.author == Author.BOT and m.pk > cause.pk and m.entry]
    return Judged(
        question=mask_for_bot(question),
        message=cause.platform_id,
        given=tuple(dict.fromkeys(message.entry for message in reversed(since))),
        again=any(message.rating == Rating.UNSOLVED for message in since),
    )


def _is_from(choice: str, message: Message) -> bool:
    return message.entry == choice.removeprefix(UNSOLVED)


def _question_before(answer: Message, latest: Sequence[Message]) -> tuple[str, Message] | None:
    """The words, and the message that said them or tapped them: behind a pick from a menu stands
    what the menu was for, while a further question under an answer is one of its own."""
    picked = answer.entry
    for position, message in enumerate(latest):
        if message.pk >= answer.pk or message.author != Author.CITIZEN:
            continue
        if message.intent != "choose":
            if message.text and message.status in _QUESTIONS:
                return message.text, message
            continue
        offer = next((m for m in latest[position + 1 :] if m.author == Author.BOT), None)
        if offer is not None and (label := _further_question(picked, offer)):
            return label, message
        picked = ""
    return None


def _further_question(entry: str, offer: Message) -> str:
    """Its label, when this entry was offered beside the rating of another one's answer."""
    labels = {option["id"]: option["label"] for option in offer.options}
    rated = {name.removeprefix(USEFUL) for name in labels if name.startswith(USEFUL)}
    return labels.get(f"{ENTRY}{entry}", "") if rated - {entry} and entry not in rated else ""
