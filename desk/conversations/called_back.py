"""Answers to a call back by message: taken by the router itself, whether or not Rasa is there."""

from __future__ import annotations

from msgspec import structs

from actions.choose import chosen
from actions.protocol import Decision, Effect, EffectKind, Reply, Status, Turn
from desk.conversations.sentences import never_asked
from desk.telling.options import PREFIX, typed
from wire.messages import Inbound


def called_back(inbound: Inbound, turn: Turn) -> Decision | None:
    """The decision when a citizen answers whether it is solved or how satisfied they are.

    An old bubble may be tapped in a later talk: whether it was ever asked, the desk looks up.
    """
    choice = inbound.choice if inbound.choice.startswith(PREFIX) else ""
    if not choice and not inbound.choice:
        choice = typed(turn.text, turn.offered) or _picked(turn)
    if not choice.startswith(PREFIX):
        return None
    failed = Reply(text=never_asked())
    return Decision(
        status=Status.CALLED_BACK,
        intent="choose",
        effects=(
            Effect(
                kind=EffectKind.ANSWER_CALL, done=failed, failed=failed, data={"choice": choice}
            ),
        ),
        draft=turn.draft,
    )


def _picked(turn: Turn) -> str:
    """Its number or its label, typed. Only asked where such an option stands on the screen."""
    if not any(option.id.startswith(PREFIX) for option in turn.offered):
        return ""
    return chosen(structs.replace(turn, choice="")) or ""
