from collections.abc import Callable

import pytest

from desk.conversations import ownership, speaking
from desk.conversations.bus import redis
from desk.conversations.models import (
    Author,
    Citizen,
    Conversation,
    Message,
    Owner,
    OwnerChange,
)
from desk.people.models import Hotline, Role, User
from wire import keys
from wire.messages import FIELD, Outbound, decode

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


@pytest.fixture
def talk(hotline: Hotline) -> Conversation:
    citizen = Citizen.objects.create(account="12345-web", channel="webchat", external_id="c1")
    return Conversation.objects.create(citizen=citizen, hotline=hotline)


def epoch_that_the_sender_sees(talk: Conversation) -> int:
    return int(redis().get(keys.owner(str(talk.pk))) or 0)


def test_taking_over_is_seen_by_the_sender_at_once(talk: Conversation, user: MakeUser) -> None:
    ownership.take_over(talk.pk, user())
    talk.refresh_from_db()
    assert talk.owner == Owner.AGENT
    assert epoch_that_the_sender_sees(talk) == talk.epoch == 1
    assert OwnerChange.objects.get().user.username == "agent"


def test_two_agents_cannot_have_one_talk(talk: Conversation, user: MakeUser) -> None:
    ownership.take_over(talk.pk, user())
    with pytest.raises(ownership.NotAllowed):
        ownership.take_over(talk.pk, user("agent2"))
    talk.refresh_from_db()
    assert talk.agent.username == "agent"


def test_a_supervisor_steps_in(talk: Conversation, user: MakeUser) -> None:
    ownership.take_over(talk.pk, user())
    ownership.take_over(talk.pk, user("boss", Role.SUPERVISOR))
    talk.refresh_from_db()
    assert talk.agent.username == "boss"


def test_an_editor_does_not_talk_with_citizens(talk: Conversation, user: MakeUser) -> None:
    with pytest.raises(ownership.NotAllowed):
        ownership.take_over(talk.pk, user("editor", Role.EDITOR))


def test_an_agents_words_reach_the_channels(talk: Conversation, user: MakeUser) -> None:
    agent = user()
    ownership.take_over(talk.pk, agent)
    speaking.say(talk.pk, agent, "您好，我来处理")
    _id, fields = redis().xrevrange(keys.OUTBOUND, count=1)[0]
    outbound = decode(fields[FIELD], Outbound)
    assert outbound.parts[0].text == "您好，我来处理"
    assert (outbound.author, outbound.epoch) == ("agent", 1)


def test_nobody_answers_a_talk_that_is_not_theirs(talk: Conversation, user: MakeUser) -> None:
    with pytest.raises(ownership.NotAllowed):
        speaking.say(talk.pk, user(), "您好")
    assert not Message.objects.exists()


def test_the_agent_is_asked_when_the_citizen_wrote_meanwhile(
    talk: Conversation, user: MakeUser
) -> None:
    agent = user()
    ownership.take_over(talk.pk, agent)
    seen = Message.objects.latest("id").pk
    Message.objects.create(conversation=talk, author=Author.CITIZEN, text="等等")
    with pytest.raises(speaking.CitizenWrote):
        speaking.say(talk.pk, agent, "好的", seen=seen)
    assert speaking.say(talk.pk, agent, "好的").text == "好的"


def test_handing_back_tells_the_citizen_and_frees_the_bot(
    talk: Conversation, user: MakeUser
) -> None:
    agent = user()
    ownership.take_over(talk.pk, agent)
    ownership.hand_back(talk.pk, agent)
    talk.refresh_from_db()
    assert (talk.owner, talk.agent, talk.epoch) == (Owner.BOT, None, 2)
    assert Message.objects.filter(author=Author.SYSTEM).count() == 2


def test_a_closed_talk_stays_closed(talk: Conversation, user: MakeUser) -> None:
    agent = user()
    ownership.take_over(talk.pk, agent)
    ownership.close(talk.pk, agent)
    with pytest.raises(ownership.NotAllowed):
        ownership.take_over(talk.pk, agent)


def test_the_citizen_hears_that_the_talk_has_ended(talk: Conversation, user: MakeUser) -> None:
    agent = user()
    ownership.take_over(talk.pk, agent)
    ownership.close(talk.pk, agent)
    _id, fields = redis().xrevrange(keys.OUTBOUND, count=1)[0]
    assert decode(fields[FIELD], Outbound).epoch == epoch_that_the_sender_sees(talk)


def test_a_note_never_leaves_the_desk(talk: Conversation, user: MakeUser) -> None:
    speaking.note(talk.pk, user(), "这位市民上周也来过")
    assert redis().xlen(keys.OUTBOUND) == 0
