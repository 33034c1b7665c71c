"""The administrator's page of lines: who they are, and a look before a merge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from desk.cases.actors import SYSTEM
from desk.lines.merging.running import begin, go_on, lines_of
from desk.lines.models import Merge
from desk.people.models import Hotline, User
from desk.people.serving import serving
from tests.desk.lines.conftest import a_live_entry, browser_of, index_all
from tests.desk.lines.test_accounts import FILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def _accounts(tmp_path: Path, settings: Any) -> None:
    written = tmp_path / "channels.toml"
    written.write_text(FILE, "utf-8")
    settings.QIANMEN = replace(settings.QIANMEN, channels_file=written)


@pytest.mark.usefixtures("_accounts", "district")
def test_each_line_stands_with_its_people_and_accounts(people: dict[str, User]) -> None:
    page = browser_of(people["admin"]).get("/lines/").content.decode()
    for words in ("58905890 昌平热线", "12345 市民热线", "58905890-wechat", "12345-web"):
        assert words in page
    assert "env:SECRET" not in page


def test_without_the_file_the_page_says_so(people: dict[str, User], settings: Any) -> None:
    settings.QIANMEN = replace(settings.QIANMEN, channels_file=Path("/none/channels.toml"))
    page = browser_of(people["admin"]).get("/lines/")
    assert page.status_code == 200
    assert "channels.toml" in page.content.decode()


def test_a_look_changes_nothing_and_is_kept(people: dict[str, User]) -> None:
    a_live_entry("CP-1", "居住证在哪里办", ["58905890"], answer="昌平的。")
    a_live_entry("BJ-1", "居住证在哪里办", ["12345"], answer="市里的。")
    client = browser_of(people["admin"])
    answer = client.post("/lines/", {"source": "58905890", "into": "12345"}, follow=True)
    merge = Merge.objects.get()
    assert (merge.is_dry_run, merge.by) == (True, "admin")
    page = answer.content.decode()
    assert "merge_hotline 58905890 12345 --yes" in page
    assert "CP-1" in page
    assert serving("58905890") == "58905890"
    assert f"/lines/merges/{merge.pk}/" in client.get("/lines/").content.decode()


def test_what_cannot_merge_is_said_beside_the_form(people: dict[str, User]) -> None:
    client = browser_of(people["admin"])
    answer = client.post("/lines/", {"source": "12345", "into": "58905890"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert '<option value="12345" selected>' in page
    assert not Merge.objects.exists()


def test_a_merged_line_names_who_serves_and_is_offered_no_more(
    people: dict[str, User], city: Hotline
) -> None:
    merge = begin(lines_of("58905890", "12345"), by="admin", at=timezone.now())
    client = browser_of(people["admin"])
    assert "--yes" in client.get(f"/lines/merges/{merge.pk}/").content.decode()
    go_on(merge, SYSTEM, at=timezone.now(), settle=index_all)
    page = client.get("/lines/").content.decode()
    assert str(city) in page
    assert '<option value="58905890"' not in page
    assert "--yes" not in client.get(f"/lines/merges/{merge.pk}/").content.decode()


@pytest.mark.parametrize("name", ["supervisor", "of_city", "editor"])
def test_only_administrators_come_here(people: dict[str, User], name: str) -> None:
    client = browser_of(people[name])
    assert client.get("/lines/").status_code == 403
    assert client.post("/lines/", {"source": "58905890", "into": "12345"}).status_code == 403
    assert client.get("/lines/merges/1/").status_code == 403
    assert not Merge.objects.exists()
