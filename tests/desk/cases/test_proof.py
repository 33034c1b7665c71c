"""An answer and what proves it: all of it is kept with the answer, or none of it and no answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from desk.cases.errors import BadBody, IllegalStep
from desk.cases.models import Case, CaseEvent, CaseFile, State
from desk.cases.proof import answer
from desk.conversations.ownership import NotAllowed
from desk.conversations.sent_files import Upload
from desk.keeping.emptying_cases import empty_cases
from desk.people.models import Department, Role, User
from environment.media_store import sent_on
from tests.desk.handling.conftest import kept_in

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de") + b"0" * 9
PDF = b"%PDF-1.7\n" + b"0" * 64
PROOF = [Upload("现场.png", PNG), Upload("停工单.pdf", PDF)]

type Held = Callable[..., Case]


def test_an_answer_keeps_its_pictures_and_papers(handler: User, held: Held, store: Path) -> None:
    made = held(state=State.SIGNED)

    answer(made.number, handler, {"text": "已修好"}, PROOF, at=timezone.now())

    files = CaseFile.objects.filter(case=made).order_by("pk")
    assert [(file.name, file.kind, file.by) for file in files] == [
        ("现场.png", "image", "刘洋"),
        ("停工单.pdf", "file", "刘洋"),
    ]
    assert len(kept_in(store)) == 2
    assert Case.objects.get(pk=made.pk).state == State.ANSWERED


def test_proof_is_not_handed_out_by_its_key_alone(handler: User, held: Held) -> None:
    made = held(state=State.SIGNED)
    answer(made.number, handler, {"text": "已修好"}, PROOF, at=timezone.now())

    assert all(sent_on(file.key) is None for file in CaseFile.objects.all())


@pytest.mark.parametrize(
    ("uploads", "text", "error"),
    [
        ([*PROOF, Upload("看这里.exe", b"MZ" + b"0" * 64)], "已修好", NotAllowed),
        ([*PROOF, Upload("大图.png", PNG + b"0" * (10 * 1024 * 1024))], "已修好", NotAllowed),
        (PROOF, "", BadBody),
    ],
)
def test_nothing_is_kept_when_one_thing_is_refused(
    handler: User,
    held: Held,
    store: Path,
    uploads: list[Upload],
    text: str,
    error: type[Exception],
) -> None:
    made = held(state=State.SIGNED)

    with pytest.raises(error):
        answer(made.number, handler, {"text": text}, uploads, at=timezone.now())

    assert not kept_in(store)
    assert not CaseFile.objects.exists()
    assert Case.objects.get(pk=made.pk).state == State.SIGNED
    assert not CaseEvent.objects.filter(case=made, kind="answer").exists()


def test_an_answer_that_is_not_due_keeps_no_files(handler: User, held: Held, store: Path) -> None:
    made = held(state=State.ANSWERED)

    with pytest.raises(IllegalStep):
        answer(made.number, handler, {"text": "已修好"}, PROOF, at=timezone.now())

    assert not kept_in(store)


def test_a_file_is_for_who_may_read_the_case(
    handler: User,
    held: Held,
    user: Callable[..., User],
    browser: Callable[[User], Client],
) -> None:
    made = held(state=State.SIGNED)
    answer(made.number, handler, {"text": "已修好"}, PROOF, at=timezone.now())
    picture = CaseFile.objects.get(kind="image")
    address = f"/cases/{made.number}/files/{picture.pk}"
    stranger = user("x", Role.HANDLER, department=Department.objects.create(name="区教委"))

    for who in (user(), handler):
        response = browser(who).get(address)
        assert response.content == PNG
        assert "sandbox" in response.headers["Content-Security-Policy"]
    assert browser(stranger).get(address).status_code == 404
    assert browser(user("editor", Role.EDITOR)).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    other = held(number="202611270777")
    assert browser(handler).get(f"/cases/{other.number}/files/{picture.pk}").status_code == 404

    page = browser(user("agent-2")).get(f"/cases/{made.number}/").text
    assert address in page
    assert "停工单.pdf" in page


def test_proof_goes_with_the_words_of_its_case(handler: User, held: Held, store: Path) -> None:
    made = held(state=State.SIGNED)
    answer(made.number, handler, {"text": "已修好"}, PROOF, at=timezone.now())

    done = empty_cases([made.pk], others_words_too=True)

    assert done["files"] == 2
    assert not CaseFile.objects.exists()
    assert not kept_in(store)
