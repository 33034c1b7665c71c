"""The link of a letter's mail: its cases for its department, for two weeks, on record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from desk.cases.models import Case, CaseEvent, CaseFile, State
from desk.handling import limits
from desk.handling.links import EndedLink, WrongLink, read, token_for
from desk.handling.models import LetterOpening
from desk.people.models import Department
from desk.supervision.models import Letter
from tests.desk.cases.test_proof import PNG
from tests.desk.pages.conftest import HTMX

pytestmark = pytest.mark.django_db

type Held = Callable[..., Case]
type Letters = Callable[..., Letter]


@pytest.fixture
def open_link(department: Department) -> Callable[[Letter], str]:
    def address(letter: Letter) -> str:
        return f"/handling/link/{token_for(letter.pk, letter.department_id)}"

    return address


type Links = Callable[[Letter], str]


def test_a_link_says_its_letter_and_department_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_for(7, 3)
    assert read(token) == (7, 3)

    with pytest.raises(WrongLink):
        read(token[:-1] + ("A" if token[-1] != "A" else "B"))
    with pytest.raises(WrongLink):
        read(signing.dumps([7, 3], salt="something else"))
    old = signing.TimestampSigner(salt="desk.handling.link")
    old.timestamp = lambda: signing.b62_encode(  # type: ignore[method-assign]
        int((timezone.now() - timedelta(days=15)).timestamp())
    )
    with pytest.raises(EndedLink):
        read(old.sign_object([7, 3], serializer=signing.JSONSerializer))


def test_the_letter_opens_without_an_account_and_each_opening_is_on_record(
    client: Client, held: Held, letter: Letters, open_link: Links
) -> None:
    made = held()
    sent = letter(made)

    page = client.get(open_link(sent))
    client.head(open_link(sent))  # as a mail program looks
    client.get(f"{open_link(sent)}/{made.number}/")

    assert made.number in page.text
    sent.refresh_from_db()
    assert sent.read_at is not None
    rows = LetterOpening.objects.order_by("pk").values_list("by_link", "case", "address")
    assert list(rows) == [(True, "", "127.0.0.1"), (True, made.number, "127.0.0.1")]


def test_nothing_of_it_is_indexed_kept_or_told_to_another_site(
    client: Client, held: Held, letter: Letters, open_link: Links
) -> None:
    made = held()
    sent = letter(made)

    for address in (open_link(sent), f"{open_link(sent)}/{made.number}/", "/handling/link/x"):
        headers = client.get(address).headers
        assert headers["Referrer-Policy"] == "same-origin"
        assert "noindex" in headers["X-Robots-Tag"]
        assert "no-store" in headers["Cache-Control"]


def test_the_page_shows_no_more_than_the_desk_does(
    client: Client, held: Held, letter: Letters, open_link: Links
) -> None:
    made = held(content="打我电话 13900006207", confidential=True, place="德外大街")
    other = held(place="德外大街")

    page = client.get(f"{open_link(letter(made))}/{made.number}/").text

    assert "6207" not in page.replace("139****6207", "")
    assert "张" not in page
    assert other.number in page  # of the same place, but not behind this link
    assert f"/{other.number}/" not in page


def test_a_step_asks_for_a_name_and_keeps_it_in_the_browser(
    client: Client, held: Held, letter: Letters, open_link: Links, department: Department
) -> None:
    made = held()
    sent = letter(made)
    address = f"{open_link(sent)}/{made.number}/"

    nameless = client.post(f"{address}sign", {"who": " "})
    assert nameless.status_code == 422
    assert Case.objects.get(pk=made.pk).state == State.DISPATCHED

    taken = client.post(f"{address}sign", {"who": "王工"}, headers=HTMX)
    assert taken.headers["HX-Redirect"] == address
    event = CaseEvent.objects.get(case=made, kind="sign")
    assert (event.by, event.user) == (f"王工（{department.name}）", None)
    assert 'name="who" value="王工"' in client.get(address).text
    assert LetterOpening.objects.latest("pk").name == "王工"


def test_an_answer_by_the_link_keeps_its_proof_and_shows_it(
    client: Client, held: Held, letter: Letters, open_link: Links, department: Department
) -> None:
    made = held(state=State.SIGNED)
    address = f"{open_link(letter(made))}/{made.number}/"
    body = {"who": "王工", "text": "已修好", "file": SimpleUploadedFile("现场.png", PNG)}

    assert client.post(f"{address}answer", body).status_code == 302

    file = CaseFile.objects.get(case=made)
    assert file.by == f"王工（{department.name}）"
    assert f"{address}files/{file.pk}" in client.get(address).text
    assert client.get(f"{address}files/{file.pk}").content == PNG


def test_what_was_typed_stays_on_an_error(
    client: Client, held: Held, letter: Letters, open_link: Links
) -> None:
    made = held(state=State.SIGNED)
    address = f"{open_link(letter(made))}/{made.number}/"
    body = {
        "who": "王工",
        "text": "已修好，请查收",
        "file": SimpleUploadedFile("看这里.exe", b"MZ0000"),
    }

    page = client.post(f"{address}answer", body)

    assert page.status_code == 422
    assert ">已修好，请查收</textarea>" in page.text
    assert 'name="who" value="王工"' in page.text


def test_only_the_letters_own_cases_are_behind_it(
    client: Client, held: Held, letter: Letters, open_link: Links
) -> None:
    sent, other = letter(held()), held()

    assert client.get(f"{open_link(sent)}/{other.number}/").status_code == 410
    step = client.post(f"{open_link(sent)}/{other.number}/sign", {"who": "王工"})
    assert step.status_code == 410


@pytest.mark.parametrize("to", ["nobody", "another"])
def test_it_is_useless_once_the_department_has_the_case_no_more(
    client: Client, held: Held, letter: Letters, open_link: Links, to: str
) -> None:
    made, stays = held(), held()
    both, one = letter(made, stays), letter(made)
    changed: dict[str, Any] = {"department": None, "state": State.ACCEPTED}
    if to == "another":
        changed = {"department": Department.objects.create(name="区教委")}
    Case.objects.filter(pk=made.pk).update(**changed)

    assert client.get(open_link(one)).status_code == 410
    assert client.get(f"{open_link(one)}/{made.number}/").status_code == 410
    page = client.get(open_link(both))
    assert page.status_code == 200
    assert made.number not in page.text
    assert stays.number in page.text
    assert client.post(f"{open_link(both)}/{made.number}/sign", {"who": "x"}).status_code == 410


def test_a_link_for_another_department_opens_nothing(
    client: Client, held: Held, letter: Letters
) -> None:
    sent = letter(held())
    other = Department.objects.create(name="区教委")

    assert client.get(f"/handling/link/{token_for(sent.pk, other.pk)}").status_code == 410


def test_who_guesses_is_stopped(client: Client) -> None:
    for number in range(limits.WRONG_A_MINUTE):
        assert client.get(f"/handling/link/{number}").status_code == 404
    assert client.get("/handling/link/again").status_code == 429


def test_who_opens_one_link_all_the_time_is_stopped(
    client: Client, held: Held, letter: Letters, open_link: Links
) -> None:
    address = open_link(letter(held()))
    for _time in range(limits.USES_A_MINUTE):
        assert client.get(address).status_code == 200
    assert client.get(address).status_code == 429


def test_a_forged_form_of_another_site_is_refused(
    held: Held, letter: Letters, open_link: Links
) -> None:
    made = held()
    strict = Client(enforce_csrf_checks=True)
    address = f"{open_link(letter(made))}/{made.number}/"

    assert strict.post(f"{address}sign", {"who": "王工"}).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', strict.get(address).text)
    assert token is not None
    body = {"who": "王工", "csrfmiddlewaretoken": token[1]}
    assert strict.post(f"{address}sign", body).status_code == 302
