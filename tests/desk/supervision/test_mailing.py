"""Letters by mail: each goes out once, and what became of it is said as far as it is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from desk.cases.models import Case, State
from desk.handling.links import read
from desk.people.models import Department, Hotline
from desk.supervision.mailing import LOST, mail_letters, send_again
from desk.supervision.models import Letter, LetterKind, Post
from environment.mail import WATCHED
from tests.desk.supervision.smtp_server import Rules, smtp_server

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(settings: Any) -> Iterator[Rules]:
    with smtp_server() as (port, rules):
        use_port(settings, port)
        yield rules


def use_port(settings: Any, port: int) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.DEFAULT_FROM_EMAIL = "line@example.gov.cn"
    settings.MAILERS = {
        "default": {
            "BACKEND": WATCHED,
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 2},
        }
    }


@pytest.fixture
def letter(hotline: Hotline, department: Department) -> Callable[..., Letter]:
    department.mail, department.leader = "office@example.gov.cn", "王主任"
    department.leader_mail = "leader@example.gov.cn"
    department.save()

    def make(**more: Any) -> Letter:
        number = Letter.objects.count()
        made = Letter.objects.create(
            **{
                "department": department,
                "kind": LetterKind.FIRST_CHASE,
                "at": NOW - timedelta(minutes=5 + number),
                "written_at": NOW - timedelta(minutes=5),
                "by": "system",
                "to_leader": True,
            }
            | more
        )
        case = Case.objects.create(
            number=f"20261127{number:04d}",
            hotline=hotline,
            department=department,
            state=State.SIGNED,
            content="路灯不亮，我的电话 13900006207",
            place="德外大街",
            contact_phone="13900006207",
            due_at=NOW - timedelta(days=1),
        )
        made.cases.add(case)
        return made

    return make


def became(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


type Letters = Callable[..., Letter]


def test_a_letter_is_mailed_once_with_a_copy_to_the_leader(server: Rules, letter: Letters) -> None:
    made = letter()

    assert mail_letters(NOW) == {Post.SENT: 1}
    assert mail_letters(NOW + MINUTE) == {}

    assert [taken.to for taken in server.taken] == [
        ["office@example.gov.cn", "leader@example.gov.cn"]
    ]
    found = became(made)
    assert (found.post, found.posted_at, found.reason) == (Post.SENT, NOW, "")


def test_the_mail_has_text_and_page_masked_with_a_link_of_its_own(
    server: Rules, letter: Letters, department: Department
) -> None:
    made = letter(text="请<b>今天</b>答复")

    mail_letters(NOW)

    mail = server.taken[0].message
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    for body in (text, page):
        assert "13900006207" not in body
        assert "139****6207" in body
        assert made.cases.get().number in body
        link = re.search(r"/handling/link/([\w:.\-]+)", body)
        assert link is not None
        assert read(link[1]) == (made.pk, department.pk)
    assert "请<b>今天</b>答复" in text
    assert "请&lt;b&gt;今天" in page
    assert mail["From"] == "line@example.gov.cn"
    assert mail["Message-ID"].startswith(f"<letter-{made.pk}@")
    assert department.name in mail["Subject"]


def test_the_newest_minute_is_left_to_gather(server: Rules, letter: Letters) -> None:
    letter(written_at=NOW - timedelta(seconds=30))

    assert mail_letters(NOW) == {}
    assert mail_letters(NOW + MINUTE) == {Post.SENT: 1}


def test_no_copy_goes_where_no_leader_is_told(server: Rules, letter: Letters) -> None:
    letter(to_leader=False, kind=LetterKind.REMINDER)

    mail_letters(NOW)

    assert server.taken[0].to == ["office@example.gov.cn"]


def test_without_a_server_letters_say_that_no_mail_is_set_up(
    settings: Any, letter: Letters
) -> None:
    settings.EMAIL_URL = ""
    made = letter()

    assert mail_letters(NOW) == {Post.NO_MAIL: 1}
    assert became(made).post == Post.NO_MAIL


def test_a_department_without_an_address_is_told_of_at_the_desk_only(
    server: Rules, letter: Letters
) -> None:
    made = letter(to_leader=False)
    Department.objects.update(mail="")

    assert mail_letters(NOW) == {Post.NO_ADDRESS: 1}
    assert not server.taken
    assert became(made).post == Post.NO_ADDRESS


def test_what_is_refused_says_why_and_is_not_repeated(server: Rules, letter: Letters) -> None:
    made = letter(to_leader=False)
    server.refuses["office@example.gov.cn"] = "550 no such mailbox"

    assert mail_letters(NOW) == {Post.REFUSED: 1}
    assert mail_letters(NOW + 9 * MINUTE) == {}

    found = became(made)
    assert "550 no such mailbox" in found.reason


def test_a_leader_who_is_refused_does_not_keep_the_department_waiting(
    server: Rules, letter: Letters
) -> None:
    made = letter()
    server.refuses["leader@example.gov.cn"] = "550 has left"

    assert mail_letters(NOW) == {Post.SENT: 1}
    assert "leader@example.gov.cn: 550 has left" in became(made).reason


@pytest.mark.parametrize("answer", ["", "554 too late"])
def test_a_message_that_the_server_had_is_unknown_only_without_an_answer(
    server: Rules, letter: Letters, answer: str
) -> None:
    made = letter()
    server.to_message = answer

    mail_letters(NOW)
    server.to_message = "250 taken"
    assert mail_letters(NOW + 9 * MINUTE) == {}

    assert became(made).post == (Post.REFUSED if answer else Post.UNKNOWN)
    assert not server.taken


def test_a_connection_lost_before_the_message_is_tried_again(
    server: Rules, letter: Letters
) -> None:
    made = letter()
    server.refuses["office@example.gov.cn"] = ""

    assert mail_letters(NOW) == {Post.WAITING: 1}
    server.refuses.clear()
    assert mail_letters(NOW + MINUTE) == {Post.SENT: 1}
    assert became(made).reason == ""


def test_who_cannot_be_reached_is_tried_after_growing_pauses(
    settings: Any, letter: Letters
) -> None:
    with smtp_server() as (port, _rules):
        pass  # and it is gone
    use_port(settings, port)
    made, other = letter(), letter()

    assert mail_letters(NOW) == {Post.WAITING: 1}  # the other one waits for the same server

    found = became(made)
    assert (found.post, found.tries, found.try_at) == (Post.WAITING, 1, NOW + MINUTE)
    assert found.reason
    assert became(other).tries == 0
    Letter.objects.filter(pk=other.pk).delete()
    moments = [NOW + MINUTE, NOW + 3 * MINUTE, NOW + 7 * MINUTE]
    for moment, pause in zip(moments, (2, 4, 8), strict=True):
        assert mail_letters(moment - timedelta(seconds=1)) == {}
        assert mail_letters(moment) == {Post.WAITING: 1}
        assert became(made).try_at == moment + pause * MINUTE


def test_a_server_that_puts_one_letter_off_takes_the_others(
    server: Rules, letter: Letters, department: Department
) -> None:
    other = Department.objects.create(name="区教委", mail="slow@example.gov.cn")
    put_off = letter(department=other, to_leader=False)
    put_off.cases.update(department=other)
    letter()
    server.refuses["slow@example.gov.cn"] = "450 greylisted"

    assert mail_letters(NOW) == {Post.WAITING: 1, Post.SENT: 1}
    assert became(put_off).tries == 1


def test_two_workers_mail_a_letter_once(server: Rules, letter: Letters) -> None:
    letter(post=Post.SENDING, claimed_at=NOW)  # by the other one, which is at it

    assert mail_letters(NOW) == {}
    assert not server.taken


def test_what_a_dead_worker_had_claimed_is_unknown(server: Rules, letter: Letters) -> None:
    made = letter(post=Post.SENDING, claimed_at=NOW - LOST - MINUTE)

    assert mail_letters(NOW) == {Post.UNKNOWN: 1}
    assert became(made).post == Post.UNKNOWN
    assert not server.taken


def test_a_person_may_send_again_what_was_refused_or_unknown(
    server: Rules, letter: Letters
) -> None:
    unknown = letter(post=Post.UNKNOWN, written_at=NOW - timedelta(days=9))
    sent = letter(post=Post.SENT)

    assert send_again(unknown, at=NOW)
    assert not send_again(sent, at=NOW)
    assert mail_letters(NOW) == {Post.SENT: 1}


def test_a_case_that_has_moved_on_is_told_to_nobody(
    server: Rules, letter: Letters, department: Department
) -> None:
    other = Department.objects.create(name="区教委")
    moved, answered = letter(), letter()
    moved.cases.update(department=other)
    answered.cases.update(state=State.ANSWERED)

    assert mail_letters(NOW) == {Post.MOOT: 2}
    assert not server.taken


def test_old_letters_are_left_to_a_person(server: Rules, letter: Letters) -> None:
    made = letter(written_at=NOW - timedelta(days=4))

    assert mail_letters(NOW) == {Post.REFUSED: 1}
    assert became(made).reason
    assert not server.taken
