"""Whatever a citizen or an agent reads is Chinese."""

from __future__ import annotations

import re

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from django.utils.translation import gettext_lazy as _

from desk.cases.fields import time_in_words
from desk.pages.extraction import extract_django
from environment.settings import ROOT

CATALOG = ROOT / "desk" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)0?\d*[sd]|%[sd]|\{\w+\}")


def _used() -> set[tuple[str | None, str]]:
    found: set[tuple[str | None, str]] = set()
    methods = [("**/migrations/**", "ignore"), ("**.py", "python")]
    for _file, _line, message, _comments, context in extract_from_dir(
        ROOT / "desk", method_map=methods, keywords=KEYWORDS
    ):
        found.add((context, message[0] if isinstance(message, tuple) else message))
    for path in (ROOT / "desk").glob("**/templates/**/*.html"):
        with path.open("rb") as source:
            for _line, function, message, _comments in extract_django(source, KEYWORDS, [], {}):
                if function.startswith("p"):
                    found.add((message[0], message[1]))
                else:
                    found.add((None, message[0] if isinstance(message, tuple) else message))
    return found


def _catalog() -> dict[tuple[str | None, str], Message]:
    with CATALOG.open("rb") as text:
        rows = [message for message in read_po(text, locale="zh_Hans_CN") if message.id]
    return {(row.context, row.id if isinstance(row.id, str) else row.id[0]): row for row in rows}


def test_every_string_of_the_desk_has_its_chinese() -> None:
    catalog = _catalog()
    missing = {key for key in _used() if key[1] and (key not in catalog or not catalog[key].string)}
    assert not missing


def test_nothing_is_filled_in_that_the_code_does_not_give() -> None:
    for (_context, words), row in _catalog().items():
        given = set(PLACEHOLDER.findall("".join(row.id)))
        assert set(PLACEHOLDER.findall("".join(row.string))) <= given, words


def test_a_time_is_never_more_exact_than_it_was_said() -> None:
    assert time_in_words("2019-03") == "2019年3月"
    assert time_in_words("2019-03-17") == "2019年3月17日"
    assert time_in_words("2019-03-17T23") == "2019年3月17日 23 时"
    assert time_in_words("2019-03-17T23:30") == "2019年3月17日 23:30"
    assert time_in_words("上个月") == "上个月"


def test_the_catalog_is_the_one_that_pages_use() -> None:
    assert str(_("Nobody is in the queue")) == "没有人在排队"
