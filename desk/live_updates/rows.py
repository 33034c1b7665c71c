"""Rows of the agents' own lists, rendered once for a change instead of asked for by each page."""

from __future__ import annotations

from collections.abc import Collection
from types import SimpleNamespace

from django.template.loader import render_to_string

from desk.composing.mentions import unseen_by
from desk.conversations.inbox import rows_of
from desk.conversations.models import Conversation


def rendered(changed: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """What stands inside each row, by agent and talk; a talk that is no longer theirs is left
    out."""
    talks = list(
        Conversation.with_practice.filter(pk__in={talk for _agent, talk in changed})
        .select_related("citizen", "agent", "hotline")
        .order_by("pk")
    )
    named = unseen_by({agent for agent, _talk in changed})
    mentions = {talk.pk: named.get(talk.agent_id or 0, {}).get(talk.pk, 0) for talk in talks}
    return {
        (row.conversation.agent_id, row.conversation.pk): render_to_string(
            "conversations/row_inside.html",
            {"row": row, "request": SimpleNamespace(user=row.conversation.agent)},
        ).strip()  # a plain string again, which can be written as JSON
        for row in rows_of(talks, mentions)
        if row.conversation.agent_id is not None
    }
