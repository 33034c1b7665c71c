"""Keeps nothing: all that a turn needs comes with it.

A kept tracker is replayed at every turn, so that the time of a turn grows with the conversation,
and it would hold what citizens say in a second place.
"""

from __future__ import annotations

from collections.abc import Iterable

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


class NothingKept(TrackerStore):
    """Every message is the first one of its conversation."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Let go of it."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return None

    async def keys(self) -> Iterable[str]:
        return []
