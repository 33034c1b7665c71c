"""What an agent attaches: checked whole, kept, sent each with a delivery of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk.conversations import ownership, speaking
from desk.conversations.models import Attachment, Author, Citizen, Conversation, Message
from desk.conversations.ownership import NotAllowed
from desk.conversations.sent_files import Upload, uploads_of
from desk.people.models import Hotline, User
from wire.messages import Outbound, decode

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de") + b"0" * 9
PDF = b"%PDF-1.7\n" + b"0" * 64


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, settings: object) -> None:
    settings.CITIZEN_MEDIA_URL = tmp_path.as_uri()  # type: ignore[attr-defined]


@pytest.fixture
def agent(user: Callable[..., User], hotline: Hotline) -> User:
    return user()


@pytest.fixture
def talk(agent: User, hotline: Hotline) -> Conversation:
    citizen = Citizen.objects.create(account="12345-web", channel="webchat", external_id="c1")
    talk = Conversation.objects.create(citizen=citizen, hotline=hotline)
    wrote(talk, "路灯不亮")
    return ownership.take_over(talk.pk, agent)


def wrote(talk: Conversation, text: str) -> Message:
    return Message.objects.create(conversation=talk, author=Author.CITIZEN, text=text)


def parts(talk: Conversation) -> list[Outbound]:
    rows = talk.outbox.order_by("created_at")
    return [decode(bytes(row.body), Outbound) for row in rows if b'"agent"' in bytes(row.body)]


def test_words_and_files_go_out_in_order_each_with_its_own_delivery(
    talk: Conversation, agent: User
) -> None:
    files = [Upload("位置.png", PNG), Upload("申请表.pdf", PDF)]
    speaking.say(talk.pk, agent, "请看图和表", files=files)
    said = Message.objects.filter(conversation=talk, author=Author.AGENT).order_by("id")
    assert [(one.text, one.kind) for one in said] == [
        ("请看图和表", "text"),
        ("", "image"),
        ("", "file"),
    ]
    assert len({one.outbound_id for one in said}) == 3
    words, picture, paper = parts(talk)
    assert words.parts[0].text == "请看图和表"
    assert picture.parts[0].file is not None
    assert (picture.parts[0].file.name, picture.parts[0].file.kind) == ("位置.png", "image")
    assert paper.parts[0].file is not None
    assert paper.parts[0].file.content_type == "application/pdf"
    talk.refresh_from_db()
    assert talk.last_words == "请看图和表"


def test_a_picture_needs_no_words(talk: Conversation, agent: User) -> None:
    speaking.say(talk.pk, agent, " ", files=[Upload("a.png", PNG)])
    talk.refresh_from_db()
    assert talk.last_words == "［照片］"


def test_one_file_that_no_platform_takes_stops_all_of_it(talk: Conversation, agent: User) -> None:
    files = [Upload("a.png", PNG), Upload("程序.pdf", b"MZ\x90\x00" + b"\0" * 200)]
    with pytest.raises(NotAllowed, match=r"程序\.pdf"):
        speaking.say(talk.pk, agent, "好", files=files)
    assert not Message.objects.filter(conversation=talk, author=Author.AGENT).exists()
    assert not Attachment.objects.exists()


def test_what_is_too_large_or_too_many_is_said_with_its_limit(
    talk: Conversation, agent: User
) -> None:
    with pytest.raises(NotAllowed, match="10 MB"):
        speaking.say(talk.pk, agent, "", files=[Upload("大.png", PNG + bytes(10 * 1024 * 1024))])
    large = SimpleUploadedFile("大.pdf", b"")
    large.size = 21 * 1024 * 1024
    with pytest.raises(NotAllowed, match="20 MB"):
        uploads_of([large])
    with pytest.raises(NotAllowed, match="5"):
        uploads_of([SimpleUploadedFile(f"{number}.png", PNG) for number in range(6)])


def test_the_name_is_what_a_screen_can_show() -> None:
    names = ["C:\\我的\\表.pdf", "a\u202egnp.pdf", "", "很" * 200 + ".docx"]
    files = [SimpleUploadedFile("x", PNG) for _ in names]
    for file, name in zip(files, names, strict=True):
        file._name = name  # as a browser may send it; Django's own setter tidies it
    assert [upload.name for upload in uploads_of(files)] == [
        "表.pdf",
        "agnp.pdf",
        "文件",
        "很" * 80 + ".docx",
    ]


def test_nothing_is_sent_while_the_citizen_wrote_something_unseen(
    talk: Conversation, agent: User, tmp_path: Path
) -> None:
    seen = Message.objects.filter(conversation=talk).latest("id").pk
    wrote(talk, "还有一件事")
    with pytest.raises(speaking.CitizenWrote):
        speaking.say(talk.pk, agent, "", seen=seen, files=[Upload("a.png", PNG)])
    assert list(tmp_path.iterdir()) == []  # looked at before anything is kept


def test_the_form_sends_it_and_the_desk_shows_it_with_its_name(
    client: Client, talk: Conversation, agent: User
) -> None:
    client.force_login(agent)
    paper = SimpleUploadedFile("申请表.pdf", PDF, "application/pdf")
    answer = client.post(
        f"/conversations/{talk.pk}/say", {"text": "", "file": paper}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    page = client.get(f"/conversations/{talk.pk}/open").content.decode()
    assert "申请表.pdf" in page
    kept = Attachment.objects.get()
    download = client.get(f"/conversations/attachments/{kept.pk}")
    assert download.content == PDF
    assert "attachment" in download["Content-Disposition"]
    assert "%E7%94%B3" in download["Content-Disposition"]


def test_a_refused_file_leaves_the_words_in_the_box(
    client: Client, talk: Conversation, agent: User
) -> None:
    client.force_login(agent)
    page = SimpleUploadedFile("网页.html", b"<html><script>", "text/html")
    answer = client.post(
        f"/conversations/{talk.pk}/say",
        {"text": "请看", "file": page},
        headers={"HX-Request": "true"},
    )
    assert "网页.html" in answer.content.decode()
    assert not Message.objects.filter(conversation=talk, author=Author.AGENT).exists()
