from collections.abc import Callable
from typing import Any

import pytest

from actions.knowledge import CHOSEN, SAME_QUESTION
from actions.protocol import Decision, Reply, Status
from desk.conversations.models import Author, Message
from desk.conversations.router import Router
from desk.conversations.wording import reason_in_words
from desk.people.models import Hotline
from kb_index.decision import Reason
from wire.messages import Inbound


@pytest.mark.django_db
def test_why_it_was_answered_so_is_kept_with_question_and_answer(
    bot: Any, hotline: Hotline, said: Callable[..., Inbound]
) -> None:
    bot.decide = lambda turn: Decision(
        status=Status.NO_ARTICLE,
        intent="ask",
        replies=(Reply(text="没有查到"),),
        reason="nothing_close",
    )
    Router(bot).route(said("火星移民"))
    assert Message.objects.filter(reason="nothing_close").count() == 2


@pytest.mark.parametrize("reason", [*Reason, CHOSEN])
def test_each_reason_has_words_for_agents(reason: str) -> None:
    message = Message(author=Author.BOT, status=Status.ANSWERED, reason=reason)
    plain = reason_in_words(Message(author=Author.BOT, status=Status.ANSWERED))
    assert reason_in_words(message) != plain


def test_the_bot_and_the_index_name_the_same_question_alike() -> None:
    assert SAME_QUESTION == Reason.SAME_QUESTION
