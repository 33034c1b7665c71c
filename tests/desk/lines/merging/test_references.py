"""A new reference to a line is a kind of every merge, or history on purpose: somebody decides."""

from desk.lines.merging.references import HISTORY, MOVED, references


def test_every_reference_to_a_line_is_known() -> None:
    assert set(references()) == MOVED | HISTORY


def test_nothing_is_moved_and_history() -> None:
    assert not MOVED & HISTORY
