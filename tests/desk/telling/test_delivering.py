"""Notices go out whoever has the talk, change nothing in it, and what became of them is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.protocol import Draft, Stage
from desk.cases.models import CaseEvent, CaseFile
from desk.cases.proof import answer
from desk.conversations import ownership
from desk.conversations.bus import redis
from desk.conversations.drafts import stored
from desk.conversations.models import Author, Conversation, Message, OutboundMessage, Owner
from desk.conversations.sent_files import Upload
from desk.conversations.thread import Bubble, thread_of
from desk.telling.delivering import deliver
from desk.telling.models import Notice, NoticeState
from environment.media_store import MediaStore, sent_on
from tests.desk.telling.conftest import DAY, Line, became, went_out
from wire import keys
from wire.messages import DeliveryState

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(line: Line) -> Any:
    return line.case(line.citizen())


def state() -> str:
    return Notice.objects.latest("pk").state


def test_a_notice_is_a_line_of_the_open_talk(line: Line, case: Any) -> None:
    line.dispatched(case)
    (outbound,) = line.tell()
    (part,) = outbound.parts
    assert (outbound.account, outbound.external_id) == ("12345-wechat", "o-1")
    assert Notice.objects.get().words in part.text
    assert "/case/" in part.text
    message = Message.objects.get()
    assert (message.author, message.conversation_id) == (Author.SYSTEM, case.conversation_id)
    assert line.tell() == []


@pytest.mark.parametrize("owner", list(Owner))
def test_it_leaves_the_talk_as_it_was(line: Line, case: Any, owner: Owner) -> None:
    offered = [{"id": "confirm", "label": "没问题，提交"}]
    agent = line.people["agent"]
    draft = stored(Draft(stage=Stage.CONFIRMING))
    Conversation.objects.update(
        owner=owner, agent=agent, epoch=3, draft=draft, offered=offered, unread=2
    )
    before = Conversation.objects.values().get()
    line.dispatched(case)
    assert len(line.tell()) == 1
    assert Conversation.objects.values().get() == before


def test_no_change_of_speaker_supersedes_it(line: Line, case: Any) -> None:
    line.dispatched(case)
    (outbound,) = line.tell()
    ownership.take_over(case.conversation_id, line.people["agent"])
    mirrored = redis().get(keys.owner(outbound.conversation))
    assert int(mirrored) <= outbound.epoch
    assert int(redis().get(keys.owner(str(case.conversation_id)))) == 1


def test_without_an_open_talk_a_new_one_begins_with_it(line: Line, case: Any) -> None:
    line.at += 3 * DAY
    line.dispatched(case)
    (outbound,) = line.tell()
    old, new = Conversation.objects.order_by("pk")
    assert (old.is_open, new.is_open) == (False, True)
    assert (new.hotline_id, new.owner, new.last_from) == ("12345", Owner.BOT, Author.SYSTEM)
    assert OutboundMessage.objects.get(pk=outbound.id).conversation == new


def test_what_comes_together_is_told_together(line: Line, case: Any) -> None:
    line.reviewed(case)
    (outbound,) = line.tell()
    first, second = Notice.objects.order_by("pk")
    text = outbound.parts[0].text
    assert first.words in text
    assert second.words in text
    assert text.count("/case/") == 1
    became(outbound)
    assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.SENT}
    assert CaseEvent.objects.filter(kind="told_citizen").count() == 2


def test_proof_goes_with_the_answer(line: Line, case: Any) -> None:
    line.dispatched(case)
    CaseFile.objects.create(
        case=case,
        key="sent/20260303/a.jpg",
        name="灯.jpg",
        content_type="image/jpeg",
        size=9,
        by="handler",
        at=line.at,
    )
    line.do(case, "sign")
    line.do(case, "answer", text="已修好")
    line.do(case, "review", approve=True)
    (outbound,) = line.tell()
    assert [part.file.key for part in outbound.parts if part.file] == ["sent/20260303/a.jpg"]


def test_what_a_department_kept_goes_under_a_name_that_the_citizen_may_read(
    line: Line, case: Any, settings: Any, tmp_path: Path
) -> None:
    settings.CITIZEN_MEDIA_URL = tmp_path.as_uri()
    store, picture = MediaStore(settings.CITIZEN_MEDIA_URL), b"\x89PNG\r\n\x1a\n" + b"\0" * 20
    line.dispatched(case)
    line.do(case, "sign")
    upload = Upload("灯.png", picture)
    answer(case.number, line.people["handler"], {"text": "已修好"}, [upload], at=line.at)
    line.do(case, "review", approve=True)
    (outbound,) = line.tell()
    (file,) = [part.file for part in outbound.parts if part.file]
    assert sent_on(file.key) is not None
    assert store.read(file.key) == picture
    assert (file.name, file.kind) == ("灯.png", "image")


def test_proof_that_cannot_be_read_now_waits_with_its_words(
    line: Line, case: Any, settings: Any, tmp_path: Path
) -> None:
    settings.CITIZEN_MEDIA_URL = tmp_path.as_uri()
    line.dispatched(case)
    line.tell()
    (tmp_path / "proof").mkdir()
    (tmp_path / "proof" / "a.png").mkdir()  # no file: reading it fails
    CaseFile.objects.create(
        case=case,
        key="proof/a.png",
        name="灯.png",
        content_type="image/png",
        size=9,
        by="handler",
        at=line.at,
    )
    line.do(case, "sign")
    line.do(case, "answer", text="已修好")
    line.do(case, "review", approve=True)
    assert line.tell() == []
    assert state() == NoticeState.PENDING


def test_each_citizen_has_a_link_of_their_own(line: Line, case: Any) -> None:
    line.joins(case, line.citizen("o-2"))
    line.dispatched(case)
    first, second = line.tell()
    assert first.external_id != second.external_id
    assert first.parts[0].text != second.parts[0].text


def test_being_told_stands_in_the_history(line: Line, case: Any) -> None:
    line.dispatched(case)
    (outbound,) = line.tell()
    assert not CaseEvent.objects.filter(kind="told_citizen").exists()
    became(outbound)
    became(outbound)
    event = CaseEvent.objects.get(kind="told_citizen")
    assert event.by == "system"
    assert (event.data["event"], event.data["via"]) == ("dispatch", "api")
    assert line.department.name in event.note


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ((DeliveryState.SENT, "api", ""), NoticeState.SENT),
        ((DeliveryState.SENT, "socket", ""), NoticeState.SENT),
        ((DeliveryState.SENT, "template", ""), NoticeState.BY_TEMPLATE),
        ((DeliveryState.REFUSED, "api", "45015"), NoticeState.WAITS_FOR_CONTACT),
        ((DeliveryState.REFUSED, "api", "45047"), NoticeState.WAITS_FOR_CONTACT),
        ((DeliveryState.REFUSED, "api", "48002"), NoticeState.REFUSED),
        ((DeliveryState.UNKNOWN, "api", "no-answer"), NoticeState.UNKNOWN),
    ],
)
def test_what_became_of_it_is_kept(line: Line, case: Any, end: Any, expected: NoticeState) -> None:
    line.dispatched(case)
    (outbound,) = line.tell()
    became(outbound, *end)
    assert state() == expected
    was_told = expected in (NoticeState.SENT, NoticeState.BY_TEMPLATE)
    assert CaseEvent.objects.filter(kind="told_citizen").exists() == was_told
    assert line.tell() == []


def test_what_was_unknown_may_still_turn_out_to_be_told(line: Line, case: Any) -> None:
    line.dispatched(case)
    (outbound,) = line.tell()
    became(outbound, DeliveryState.UNKNOWN, "api", "interrupted")
    became(outbound)
    assert state() == NoticeState.SENT
    assert CaseEvent.objects.filter(kind="told_citizen").count() == 1


def test_outside_the_window_a_template_may_stand_in(line: Line, case: Any) -> None:
    line.dispatched(case)
    (outbound,) = line.tell()
    template = outbound.template
    assert template is not None
    assert (template.name, template.number) == ("case_progress", case.number)
    assert template.about == "德外大街路灯不亮"
    assert len(template.stage) > 0
    assert template.url in outbound.parts[0].text
    assert template.at == Notice.objects.get().at


def test_who_joined_reads_nothing_of_anothers_words_in_a_template(line: Line, case: Any) -> None:
    line.joins(case, line.citizen("o-2"))
    line.dispatched(case)
    _own, theirs = line.tell()
    assert theirs.template is not None
    assert "德外" not in theirs.template.about


def test_agents_see_how_it_was_told(line: Line, case: Any) -> None:
    line.dispatched(case)
    (outbound,) = line.tell()
    became(outbound, via="template")
    (bubble,) = [one for one in thread_of(case.conversation, {}).lines if isinstance(one, Bubble)]
    assert "told" in bubble.classes
    assert bubble.outcome is not None
    plain = OutboundMessage(status="sent", via="api")
    from desk.conversations.wording import outcome_of

    assert bubble.outcome.words != outcome_of(plain, "wechat").words


def test_a_round_with_nothing_to_tell_says_nothing(line: Line, case: Any) -> None:
    assert deliver(line.at) == 0
    assert went_out() == []


def test_what_is_old_has_been_overtaken(line: Line, case: Any) -> None:
    line.dispatched(case)
    for number in range(7):
        Notice.objects.create(
            case=case, citizen=case.citizen, event="close", words=f"第{number}条", at=line.at
        )
    (outbound,) = line.tell()
    assert "第6条" in outbound.parts[0].text
    assert Notice.objects.filter(state=NoticeState.SUPERSEDED).count() == 3
