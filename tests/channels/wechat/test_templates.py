"""What goes into the fields of a template fits their types: the double refuses what does not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels.accounts import TemplateFields, WeChatAccount
from channels.wechat.templates import Templates, fitted
from sandbox.wechat.templates import visible_rows
from wire.messages import Template

ACCOUNT = WeChatAccount(
    id="12341-wechat",
    hotline="12341",
    app_id="wx1",
    app_secret="s",
    token="t",
    templates={"case_progress": "TM1"},
)
AT = datetime(2026, 11, 24, 6, 33, tzinfo=UTC)


def a_template(**changes: str) -> Template:
    told = {"number": "202611240032", "about": "路灯不亮", "stage": "已派单"} | changes
    return Template(name="case_progress", at=AT, **told)


def test_a_progress_fills_the_usual_fields() -> None:
    body = Templates(ACCOUNT).body("key-1", "o-citizen", a_template(url="https://desk/case/x"))
    assert body == {
        "touser": "o-citizen",
        "template_id": "TM1",
        "client_msg_id": "key-1",
        "url": "https://desk/case/x",
        "data": {
            "character_string1": {"value": "202611240032"},
            "thing2": {"value": "路灯不亮"},
            "phrase3": {"value": "已派单"},
            "time4": {"value": "2026年11月24日 14:33"},
        },
    }


@pytest.mark.parametrize(
    "about", ["长" * 60, "一行\n又一行\t和空格", "", "😀" * 30, "only latin letters, rather long"]
)
def test_whatever_a_citizen_said_is_taken(about: str) -> None:
    told = a_template(about=about, stage="改由别的单位接着办理")
    body = Templates(ACCOUNT).body("k", "o", told)
    assert visible_rows(body["data"])


def test_fields_are_those_of_the_citys_own_template() -> None:
    shape = TemplateFields(id="TM2", number="", about="thing9", stage="const2", at="date5")
    account = WeChatAccount(
        id="a",
        hotline="12341",
        app_id="x",
        app_secret="s",
        token="t",
        templates={"case_progress": shape},
    )
    body = Templates(account).body("k", "o", a_template())
    assert set(body["data"]) == {"thing9", "const2", "date5"}
    assert body["data"]["date5"]["value"] == "2026年11月24日"
    assert "url" not in body


def test_a_long_matter_is_cut_so_that_it_is_seen() -> None:
    assert fitted("长" * 25, "thing2") == "长" * 19 + "…"
    assert fitted("已派单", "phrase3") == "已派单"
