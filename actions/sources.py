"""The line under an answer: whose it is, when they last confirmed it, and where it stands."""

from __future__ import annotations

from actions.knowledge import Entry


def source_line(entry: Entry) -> str:
    """——市人力社保局 2026年11月确认｜来源：办事指南; empty when nothing is known."""
    told = "｜".join(part for part in (_confirmed_by(entry), _source_of(entry)) if part)
    return f"——{told}" if told else ""


def _confirmed_by(entry: Entry) -> str:
    day = entry.confirmed_on
    if not entry.department or day is None:
        return entry.department
    return f"{entry.department} {day.year}年{day.month}月确认"


def _source_of(entry: Entry) -> str:
    """来源：办事指南（某发〔2026〕3号）; a document number may also stand alone."""
    number = entry.document_number.strip()
    if not entry.source:
        return f"文号：{number}" if number else ""
    if not number or number in entry.source:
        return f"来源：{entry.source}"
    return f"来源：{entry.source}（{number}）"
