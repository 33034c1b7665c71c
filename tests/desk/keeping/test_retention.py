"""What is kept no longer goes at night, in batches; what is counted stays."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from desk.cases.joining import join
from desk.cases.models import Case, State
from desk.conversations.models import Attachment, Citizen, Conversation, Message
from desk.keeping import due, retention, rules
from desk.keeping.errors import BadRule
from desk.keeping.models import Erasure, RetentionRule, UnwantedFile
from desk.keeping.retention import every_night
from desk.keeping.words import removed
from tests.desk.keeping.conftest import NOW, SAID, SECRETS, Told
from tests.desk.keeping.dumped import everything

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def nights(now: Any = NOW, at_most: int = 20) -> None:
    """As the worker does: once a minute, until nothing is left."""
    for _minute in range(at_most):
        if not every_night(now):
            return
    raise AssertionError("it does not end")


@pytest.fixture
def a_talk(tell: Callable[..., Told]) -> Callable[..., Told]:
    """One without a case."""

    def make(*args: Any, **more: Any) -> Told:
        told = tell(*args, **more)
        told.case.delete()
        return told

    return make


def test_a_talk_without_a_case_loses_its_words_after_a_year(
    a_talk: Callable[..., Told], media: Path
) -> None:
    a_talk(closed_at=NOW - YEAR - timedelta(days=1))
    nights()
    assert [secret for secret in SECRETS if secret in everything()] == []
    assert list(media.rglob("*.png")) == []
    assert Message.objects.count() == 3
    assert Citizen.objects.count() == 1


def test_a_younger_talk_and_an_open_one_stay(a_talk: Callable[..., Told]) -> None:
    a_talk(closed_at=NOW - YEAR + timedelta(days=1))
    a_talk("open-id-8", closed_at=None)
    before = everything()
    nights()
    RetentionRule.objects.all().delete()
    assert everything() == before


def test_who_wrote_lately_stays_somebody(a_talk: Callable[..., Told]) -> None:
    old = a_talk(closed_at=NOW - 2 * YEAR)
    Conversation.objects.create(
        citizen=old.citizen, hotline=old.talk.hotline, closed_at=NOW, last_words="谢谢"
    )
    nights()
    old.citizen.refresh_from_db()
    old.talk.refresh_from_db()
    assert old.citizen.external_id == "open-id-7"
    assert old.talk.last_words == removed()


def test_a_closed_case_loses_its_person_after_three_years(tell: Callable[..., Told]) -> None:
    tell(closed_at=NOW - 3 * YEAR - timedelta(days=1))
    nights()
    assert [secret for secret in SECRETS if secret in everything()] == []
    case = Case.objects.get()
    assert (case.number, case.state, case.category) == ("202611270001", State.CLOSED, "市政/路灯")


def test_a_talk_stays_as_long_as_its_case(tell: Callable[..., Told]) -> None:
    told = tell(closed_at=NOW - 2 * YEAR)
    nights()
    told.said.refresh_from_db()
    assert told.said.text == SAID


def test_an_open_case_stays_however_old(tell: Callable[..., Told]) -> None:
    told = tell(closed_at=NOW - 9 * YEAR, state=State.HANDLING)
    nights()
    told.case.refresh_from_db()
    assert told.case.content == SAID


def test_a_talk_with_two_cases_goes_with_the_last(tell: Callable[..., Told]) -> None:
    told = tell(closed_at=NOW - 4 * YEAR)
    later = Case.objects.create(
        number="202611270009",
        hotline=told.talk.hotline,
        citizen=told.citizen,
        conversation=told.talk,
        content="又坏了",
        state=State.CLOSED,
        closed_at=NOW - YEAR,
    )
    nights()
    told.case.refresh_from_db()
    told.said.refresh_from_db()
    assert (told.case.content, told.said.text) == (removed(), SAID)
    nights(NOW + 3 * YEAR)
    later.refresh_from_db()
    told.said.refresh_from_db()
    assert (later.content, told.said.text) == (removed(), removed())


def test_who_joined_a_case_goes_with_it(
    tell: Callable[..., Told], a_talk: Callable[..., Told]
) -> None:
    owner = tell(closed_at=NOW - 4 * YEAR, state=State.HANDLING)
    joiner = a_talk("open-id-8", closed_at=NOW - 4 * YEAR, phone="", number="202611270002")
    join(owner.case.number, joiner.talk, joiner.said, "我家门口也黑")
    nights()
    assert SAID in everything()
    Case.objects.update(state=State.CLOSED)
    nights(NOW + timedelta(days=1))
    left = everything()
    assert [secret for secret in (*SECRETS, "我家门口也黑", "open-id-8") if secret in left] == []


def test_a_merged_case_goes_with_the_one_that_went_on(tell: Callable[..., Told]) -> None:
    merged = tell(closed_at=NOW - 4 * YEAR, state=State.MERGED)
    goes_on = tell("open-id-8", closed_at=NOW - YEAR, phone="", number="202611270002")
    merged.case.merged_into = goes_on.case
    merged.case.save()
    nights()
    merged.case.refresh_from_db()
    assert merged.case.content == SAID
    nights(NOW + 3 * YEAR)
    merged.case.refresh_from_db()
    assert merged.case.content == removed()


def test_a_sent_file_is_kept_for_thirty_days(told: Told, media: Path) -> None:
    old, young = (f"sent/{day}/{'a' * 32}.pdf" for day in ("20261027", "20261029"))
    for key in (old, young):
        (media / key).parent.mkdir(parents=True)
        (media / key).write_bytes(b"%PDF")
        Attachment.objects.create(message=told.said, key=key, name="说明.pdf")
    nights()
    assert not (media / old).exists()
    assert (media / young).is_file()
    rows = Attachment.objects.filter(name="说明.pdf").order_by("pk")
    assert [(row.key, row.reason) for row in rows] == [("", "expired"), (young, "")]


def test_a_file_that_could_not_be_removed_does_not_keep_the_night_going(
    media: Path, db: None
) -> None:
    key = f"sent/20261001/{'a' * 32}.pdf"
    (media / key).parent.mkdir(parents=True)
    (media / key).write_bytes(b"%PDF")
    UnwantedFile.objects.create(key=key)
    assert due.sent_files(NOW) == []


def test_nothing_goes_by_day(a_talk: Callable[..., Told]) -> None:
    a_talk(closed_at=NOW - 2 * YEAR)
    assert every_night(NOW + timedelta(hours=8)) == 0
    assert SAID in everything()


def test_a_night_that_has_done_looks_no_more(a_talk: Callable[..., Told]) -> None:
    nights()
    a_talk(closed_at=NOW - 2 * YEAR)
    nights()
    assert SAID in everything()
    nights(NOW + timedelta(days=1))
    assert SAID not in everything()


def test_each_batch_is_on_record(
    a_talk: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)
    for name in ("open-id-7", "open-id-8"):
        a_talk(name, closed_at=NOW - 2 * YEAR)
    nights()
    lines = Erasure.objects.order_by("pk")
    assert [(line.rule, line.by, line.what["conversations"]) for line in lines] == [
        ("talks", "system", 1),
        ("talks", "system", 1),
    ]


def test_a_city_keeps_as_long_as_it_says(a_talk: Callable[..., Told]) -> None:
    a_talk(closed_at=NOW - timedelta(days=40))
    rules.set_days("talks", 30, by="admin", at=NOW)
    nights()
    assert SAID not in everything()


@pytest.mark.parametrize(("key", "days"), [("talks", 6), ("cases", 89), ("tea", 100)])
def test_a_rule_is_not_set_to_what_it_cannot_be(key: str, days: int, db: None) -> None:
    with pytest.raises(BadRule):
        rules.set_days(key, days, by="admin", at=NOW)


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("retention", *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_command_shows_what_it_has_set(db: None) -> None:
    assert "talks=365" in run()
    assert "talks=90" in run("--set", "talks=90")
    assert "sent_files=30" in run("--show")
    with pytest.raises(CommandError):
        run("--set", "talks=soon")


def test_the_command_counts_what_it_then_takes(a_talk: Callable[..., Told]) -> None:
    a_talk(closed_at=NOW - 9 * YEAR)
    assert "1" in run("--preview").splitlines()[0]
    assert SAID in everything()
    run("--run")
    assert SAID not in everything()
    assert "0" in run("--preview").splitlines()[0]
