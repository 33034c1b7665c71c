"""What departments have taken and answered: the best teacher of whose the next case is."""

from __future__ import annotations

from collections.abc import Iterator

from desk.cases.models import Case, State
from desk.keeping.words import removed

# A department that has got so far did not send the case back.
TAKEN = (State.HANDLING, State.ANSWERED, State.REVIEWED, State.CALLED_BACK, State.CLOSED)


def labelled_cases() -> Iterator[dict[str, str]]:
    """As lines of `train_triage`: the text with kind, category and department as they ended."""
    cases = (
        Case.objects.filter(state__in=TAKEN, department__isnull=False)
        .exclude(content=removed())
        .select_related("department")
    )
    for case in cases.order_by("pk").iterator(chunk_size=500):
        yield {
            "text": case.content,
            "kind": case.kind,
            "category": case.category,
            "department": case.department.name if case.department else "",
        }
