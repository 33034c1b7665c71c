"""A person goes; what the hotline counts stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from desk.cases.joining import join
from desk.cases.models import Case, CaseEvent, ContactReveal, JoinedCitizen, State
from desk.cases.past import labelled_cases
from desk.conversations.bus import redis
from desk.conversations.models import (
    Attachment,
    Author,
    Citizen,
    Conversation,
    DeliveryStatus,
    Message,
    OutboundMessage,
    Owner,
)
from desk.conversations.outbox import relay_pending
from desk.conversations.record import open_conversation
from desk.keeping.erasing import erase, preview
from desk.keeping.errors import NobodyFound, StillOpen
from desk.keeping.models import Erasure, UnwantedFile
from desk.keeping.whom import of_case, of_citizen, of_phone
from desk.keeping.words import removed
from desk.lessons.models import Lesson
from desk.telling.models import Asking, AskingState, Notice, NoticeState
from tests.desk.keeping.conftest import NOW, PHONE, SAID, SECRETS, Told
from tests.desk.keeping.dumped import everything
from wire import keys
from wire.messages import Inbound, Outbound, decode

pytestmark = pytest.mark.django_db


def erased(told: Told, **more: bool) -> dict[str, int]:
    return erase(of_citizen(told.citizen.pk), by="admin", at=NOW, **more)


def test_an_erased_citizen_leaves_their_numbers_but_no_words(told: Told) -> None:
    before = [secret for secret in SECRETS if secret in everything()]
    assert before == list(SECRETS)
    erased(told)
    found = [secret for secret in SECRETS if secret in everything()]
    assert found == []
    case = Case.objects.get()
    assert (case.number, case.state, case.closed_at) == ("202611270001", State.CLOSED, NOW)
    assert (case.category, case.department, case.kind) == (
        "市政/路灯",
        told.case.department,
        told.case.kind,
    )
    assert case.content == case.place == removed()
    assert case.contact_name == case.contact_phone == ""


def test_what_is_counted_of_a_talk_stays(told: Told) -> None:
    erased(told)
    rows = Message.objects.order_by("pk").values_list("author", "intent", "status", "rating")
    assert list(rows) == [
        (Author.CITIZEN, "complain", "read_back", ""),
        (Author.BOT, "", "", "useful"),
        (Author.NOTE, "", "", ""),
    ]
    assert Message.objects.get(author=Author.BOT).entry == "lamp"
    assert OutboundMessage.objects.get().status == DeliveryStatus.SENT


def test_the_history_of_a_case_keeps_what_happened_when_and_by_whom(told: Told) -> None:
    before = list(CaseEvent.objects.values_list("pk", "kind", "at", "by", "user"))
    erased(told)
    assert list(CaseEvent.objects.values_list("pk", "kind", "at", "by", "user")) == before
    assert [event.note for event in CaseEvent.objects.all()] == ["", removed()]


def test_fields_that_are_counted_keep_their_value_without_the_words(told: Told) -> None:
    erased(told)
    fields = {field.name: field for field in told.case.fields.all()}
    assert {name: field.value for name, field in fields.items()} == {
        "content": removed(),
        "place": removed(),
        "name": "",
        "category": "市政/路灯",
    }
    assert {field.words for field in fields.values()} == {""}


def test_who_looked_at_the_contact_stays_on_record_without_whose_it_was(told: Told) -> None:
    erased(told)
    look = ContactReveal.objects.get()
    assert look.user.username == "agent"
    assert look.citizen is None


def test_the_record_of_an_erasure_tells_nothing_of_the_person(told: Told) -> None:
    erased(told)
    line = Erasure.objects.get()
    assert (line.at, line.by, line.citizens) == (NOW, "admin", [told.citizen.pk])
    assert line.what["messages"] == 3
    assert line.what["citizens"] == line.what["cases"] == line.what["files"] == 1


def test_erasing_twice_is_once(told: Told) -> None:
    erased(told)
    before = everything()
    assert not any(erased(told).values())
    assert everything() == before
    assert Erasure.objects.count() == 1


def test_a_preview_counts_what_would_go_and_changes_nothing(told: Told, media: Path) -> None:
    before = everything()
    would = preview(of_citizen(told.citizen.pk))
    assert everything() == before
    assert (media / told.picture.key).is_file()
    assert would == erased(told)


def test_a_file_goes_after_the_commit_that_ended_its_row(told: Told, media: Path) -> None:
    erased(told)
    assert not (media / told.picture.key).exists()
    assert not Attachment.objects.exists()
    assert not UnwantedFile.objects.exists()


def test_a_picture_that_another_citizen_sent_as_well_stays(
    tell: Callable[..., Told], media: Path
) -> None:
    key = "12345-web/cd/same.png"
    one, other = tell(key=key), tell("open-id-8", key=key, number="202611270002", phone="")
    erased(one)
    assert (media / key).is_file()
    erased(other)
    assert not (media / key).exists()


def test_a_file_that_cannot_be_removed_now_is_remembered(told: Told, media: Path) -> None:
    path = media / told.picture.key
    path.unlink()
    path.mkdir()  # no file: the store refuses to remove it as one
    erased(told)
    assert UnwantedFile.objects.get().key == told.picture.key


def test_an_open_case_keeps_its_citizen(tell: Callable[..., Told]) -> None:
    told = tell(state=State.HANDLING)
    before = everything()
    with pytest.raises(StillOpen) as refused:
        erased(told)
    assert refused.value.numbers == ["202611270001"]
    assert everything() == before


def test_an_open_case_can_be_erased_when_it_is_said_so(tell: Callable[..., Told]) -> None:
    told = tell(state=State.HANDLING)
    erased(told, also_open=True)
    assert Case.objects.get().state == State.HANDLING
    assert SAID not in everything()


def test_an_open_talk_ends_without_a_word_to_the_citizen(tell: Callable[..., Told]) -> None:
    told = tell(closed_at=None)
    Conversation.objects.filter(pk=told.talk.pk).update(owner=Owner.QUEUE)
    erased(told)
    talk = Conversation.objects.get()
    assert not talk.is_open
    assert talk.owner == Owner.BOT
    assert OutboundMessage.objects.count() == 1


def test_what_waits_to_be_sent_is_sent_no_more(told: Told) -> None:
    OutboundMessage.objects.update(status=DeliveryStatus.PENDING)
    erased(told)
    row = OutboundMessage.objects.get()
    assert (row.status, row.reason) == (DeliveryStatus.SUPERSEDED, "erased")
    assert decode(bytes(row.body), Outbound).parts == ()
    assert relay_pending(NOW + timedelta(days=1)) == 0


def test_who_writes_again_is_somebody_new(told: Told, said: Callable[..., Inbound]) -> None:
    erased(told)
    inbound = said("你好", citizen="open-id-7", account="12345-web", channel="webchat")
    again = open_conversation(inbound, None)
    assert again.citizen_id != told.citizen.pk
    assert again.citizen.phone == ""


def test_the_last_lines_of_the_web_chat_go_too(told: Told) -> None:
    stream = keys.web_stream("12345-web", "open-id-7")
    redis().xadd(stream, {"m": SAID})
    erased(told)
    assert not redis().exists(stream)


def test_a_phone_finds_every_account_and_every_case_of_a_person(
    tell: Callable[..., Told], told: Told
) -> None:
    other = tell("open-id-8", number="202611270002")
    by_hand = Case.objects.create(
        number="202611270003", hotline=told.case.hotline, content="来电", contact_phone=PHONE
    )
    stranger = tell("open-id-9", number="202611270004", phone="13700000000")
    scope = of_phone("139-0000 1234")
    assert set(scope.citizens) == {told.citizen.pk, other.citizen.pk}
    assert set(scope.cases) == {told.case.pk, other.case.pk, by_hand.pk}
    assert stranger.talk.pk not in scope.talks


def test_a_case_without_a_citizen_is_erased_by_its_number(told: Told) -> None:
    by_hand = Case.objects.create(
        number="202611270003",
        hotline=told.case.hotline,
        content="来电反映",
        contact_phone=PHONE,
        state=State.CLOSED,
    )
    erase(of_case(by_hand.number), by="admin", at=NOW)
    by_hand.refresh_from_db()
    assert (by_hand.content, by_hand.contact_phone) == (removed(), "")
    told.case.refresh_from_db()
    assert told.case.content == SAID


@pytest.mark.parametrize(
    "find", [lambda: of_case("1"), lambda: of_phone("1"), lambda: of_citizen(0)]
)
def test_who_is_not_there_is_said_so(find: Callable[[], object], db: None) -> None:
    with pytest.raises(NobodyFound):
        find()


def test_words_added_to_anothers_case_go_with_who_added_them(tell: Callable[..., Told]) -> None:
    owner = tell(state=State.HANDLING)
    joiner = tell("open-id-8", number="202611270002", phone="13700000000")
    assert join(owner.case.number, joiner.talk, joiner.said, "我家门口也黑") is not None
    erased(joiner)
    notes = CaseEvent.objects.filter(case=owner.case).values_list("kind", "note")
    assert ("joined", removed()) in notes
    owner.case.refresh_from_db()
    assert owner.case.content == SAID
    assert JoinedCitizen.objects.get().conversation is None  # counted, and told no more


def test_what_another_citizen_added_stays_when_the_owner_goes(tell: Callable[..., Told]) -> None:
    owner = tell(state=State.HANDLING)
    joiner = tell("open-id-8", number="202611270002", phone="13700000000")
    join(owner.case.number, joiner.talk, joiner.said, "我家门口也黑")
    erased(owner, also_open=True)
    assert CaseEvent.objects.get(kind="joined").note == "我家门口也黑"


def test_a_merged_case_leaves_no_words_in_the_other_one(tell: Callable[..., Told]) -> None:
    merged = tell(state=State.MERGED)
    other = tell("open-id-8", number="202611270002", phone="13700000000", state=State.HANDLING)
    CaseEvent.objects.create(case=merged.case, kind="merge", by="agent", note="into 202611270002")
    CaseEvent.objects.create(
        case=other.case, kind="joined", by="system", note=SAID, data={"case": merged.case.number}
    )
    erased(merged)
    assert CaseEvent.objects.get(kind="joined").note == removed()


def test_nothing_is_learned_from_a_case_without_words(told: Told) -> None:
    assert [line["text"] for line in labelled_cases()] == [SAID]
    erased(told)
    assert list(labelled_cases()) == []


def test_what_was_said_after_the_question_goes_too(told: Told) -> None:
    scope = of_citizen(told.citizen.pk)
    later = Conversation.objects.create(
        citizen=told.citizen, hotline=told.talk.hotline, closed_at=NOW, last_words="再说一遍"
    )
    Message.objects.create(conversation=later, author=Author.CITIZEN, text="再说一遍")
    erase(scope, by="admin", at=NOW)
    assert "再说一遍" not in everything()


def test_a_fault_half_way_leaves_everything_as_it_was(told: Told, media: Path) -> None:
    before = everything()
    with pytest.raises(IntegrityError), transaction.atomic():
        erase(of_citizen(told.citizen.pk), by="admin", at=None)  # its record cannot be written
    assert everything() == before
    assert (media / told.picture.key).is_file()


def test_citizens_are_counted_as_before(tell: Callable[..., Told]) -> None:
    one, _other = tell(), tell("open-id-8", number="202611270002", phone="")
    erased(one)
    assert Citizen.objects.count() == Conversation.objects.count() == 2


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("erase_citizen", *args, stdout=out)
    return out.getvalue()


def test_the_command_only_counts_until_yes_is_said(told: Told) -> None:
    Lesson.objects.create(conversation=told.talk, entry="talk-7")
    before = everything()
    said = run("--case", told.case.number)
    assert "--yes" in said
    assert "talk-7" in said
    assert everything() == before
    run("--case", told.case.number, "--yes", "--by", "王主任")
    assert SAID not in everything()
    assert Erasure.objects.get().by == "王主任"


def test_the_command_says_which_case_is_open(tell: Callable[..., Told]) -> None:
    told = tell(state=State.HANDLING)
    assert "--also-open" in run("--phone", PHONE)
    with pytest.raises(CommandError, match=told.case.number):
        run("--phone", PHONE, "--yes")
    run("--phone", PHONE, "--yes", "--also-open")
    assert SAID not in everything()


def test_what_the_citizen_was_told_of_cases_goes_too(told: Told) -> None:
    neighbour = Citizen.objects.create(account="a", channel="webchat", external_id="open-id-8")
    another = Case.objects.create(
        number="209911270001", hotline=told.case.hotline, content="x", citizen=neighbour
    )
    for case, citizen, state in (
        (told.case, told.citizen, NoticeState.SENT),
        (told.case, told.citizen, NoticeState.WAITS_FOR_CONTACT),
        (another, told.citizen, NoticeState.PENDING),
        (another, neighbour, NoticeState.PENDING),
    ):
        Notice.objects.create(
            case=case, citizen=citizen, event="review", words=SAID, state=state, at=NOW
        )
    Asking.objects.create(case=told.case, citizen=told.citizen, at=NOW)
    erased(told)
    notices = Notice.objects.order_by("pk")
    assert [notice.words == SAID for notice in notices] == [False, False, False, True]
    assert [notice.state for notice in notices] == [
        NoticeState.SENT,
        NoticeState.SUPERSEDED,
        NoticeState.SUPERSEDED,
        NoticeState.PENDING,
    ]
    assert Asking.objects.get().state == AskingState.MISSED
