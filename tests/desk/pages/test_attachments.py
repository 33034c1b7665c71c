from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from desk.conversations.models import Attachment, Conversation
from desk.people.models import Hotline, Role, User

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
PAGE = b"<html><script>alert(1)</script></html>" + b" " * 300


@pytest.fixture
def kept(
    settings: Any, tmp_path: Path, talk: Callable[..., Conversation]
) -> Callable[..., Attachment]:
    settings.CITIZEN_MEDIA_URL = tmp_path.as_uri()

    def keep(content: bytes | None = PNG, **more: Any) -> Attachment:
        if content is not None:
            (tmp_path / "a").mkdir(exist_ok=True)
            (tmp_path / "a" / "f.bin").write_bytes(content)
        made = talk(**more)
        return Attachment.objects.create(
            message=made.messages.get(), platform_id="f", key="a/f.bin", content_type="image/png"
        )

    return keep


def test_a_picture_is_shown_to_whoever_may_read_the_talk(
    browser: Callable[[User], Client], user: Callable[..., User], kept: Callable[..., Attachment]
) -> None:
    answer = browser(user()).get(f"/conversations/attachments/{kept().pk}")

    assert answer.status_code == 200
    assert answer.content == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]


def test_a_file_that_only_says_it_is_a_picture_is_handed_out_as_a_download(
    browser: Callable[[User], Client], user: Callable[..., User], kept: Callable[..., Attachment]
) -> None:
    answer = browser(user()).get(f"/conversations/attachments/{kept(PAGE).pk}")

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_others_do_not_get_it(
    client: Client,
    browser: Callable[[User], Client],
    user: Callable[..., User],
    kept: Callable[..., Attachment],
    hotline: Hotline,
) -> None:
    other = Hotline.objects.create(code="96105", name="朝阳")
    address = f"/conversations/attachments/{kept(hotline=other).pk}"
    agent = user()
    agent.hotlines.add(hotline)

    assert client.get(address).status_code == 302
    assert browser(agent).get(address).status_code == 404
    assert browser(user("handler", Role.HANDLER)).get(address).status_code == 404


def test_a_file_that_is_gone_is_not_found(
    browser: Callable[[User], Client], user: Callable[..., User], kept: Callable[..., Attachment]
) -> None:
    assert browser(user()).get(f"/conversations/attachments/{kept(None).pk}").status_code == 404


def test_no_key_leads_out_of_the_store(
    browser: Callable[[User], Client], user: Callable[..., User], kept: Callable[..., Attachment]
) -> None:
    found = kept()
    found.key = "a/../../secret"
    found.save()

    assert browser(user()).get(f"/conversations/attachments/{found.pk}").status_code == 404
