"""Takes what a citizen told out of cases. Number, dates, state, department, category and kind stay,
and of the history what happened, when and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import Q

from desk.cases.models import (
    Case,
    CaseEvent,
    CaseField,
    CaseFile,
    ContactReveal,
    JoinedCitizen,
)
from desk.conversations.models import Message
from desk.keeping.emptying_notices import empty_notices
from desk.keeping.files import drop_later
from desk.keeping.words import removed

# Fields that are counted, not told. Whatever else a form asks for is somebody's words.
_KEPT = ("kind", "category", "department", "time")
_CONTACT = ("name", "phone")


def empty_cases(cases: Sequence[int], *, others_words_too: bool) -> Counter[str]:
    """Inside the caller's transaction. Twice is once.

    `others_words_too`: also what other citizens said who joined these cases; while one goes on,
    that is what its department works with.
    """
    done: Counter[str] = Counter()
    rows = Case.with_practice.filter(pk__in=cases)
    rows.exclude(place__in=["", removed()]).update(place=removed())
    done["cases"] = (
        rows.filter(~Q(content=removed()) | ~Q(contact_name="") | ~Q(contact_phone=""))
    ).update(content=removed(), contact_name="", contact_phone="")
    done["fields"] = _empty_fields(cases)
    events = CaseEvent.objects.filter(case__in=cases).exclude(note__in=["", removed()])
    if not others_words_too:
        events = events.exclude(pk__in=_others_words(cases))
    done["events"] = events.without_words(removed())
    done["events"] += _empty_merged(cases)
    proof = CaseFile.objects.filter(case__in=cases)
    done["files"] = drop_later(proof.values_list("key", flat=True))
    proof.delete()
    done["notices"] = empty_notices(cases)
    return done


def empty_joined(citizens: Sequence[int], talks: Sequence[int]) -> int:
    """What these citizens added to cases of others, who go on; they hear no more of them."""
    joined = JoinedCitizen.objects.filter(citizen__in=citizens)
    cases = list(joined.values_list("case", flat=True))
    joined.update(conversation=None)
    own = set(Message.objects.filter(conversation__in=talks).values_list("pk", flat=True))
    said = CaseEvent.objects.filter(case__in=cases, kind="joined", by="citizen")
    numbers = [event.pk for event in said if event.data.get("message") in own]
    rows = CaseEvent.objects.filter(pk__in=numbers).exclude(note__in=["", removed()])
    return rows.without_words(removed())


def forget_looks(citizens: Sequence[int], cases: Sequence[int]) -> int:
    """Who looked at a contact stays on record, but no longer whose it was."""
    looks = ContactReveal.objects.filter(
        Q(citizen__in=citizens) | Q(case__in=cases, citizen__isnull=False)
    )
    return looks.update(citizen=None)


def _empty_fields(cases: Sequence[int]) -> int:
    rows = CaseField.objects.filter(case__in=cases)
    # The words that a value rests on are gone.
    rows.filter(~Q(start=0) | ~Q(end=0) | Q(message__isnull=False)).update(
        message=None, start=0, end=0
    )
    contact = rows.filter(name__in=_CONTACT).exclude(value="").update(value="")
    told = rows.exclude(name__in=(*_KEPT, *_CONTACT)).exclude(value__in=["", removed()])
    return contact + told.update(value=removed())


def _others_words(cases: Sequence[int]) -> list[int]:
    """Events of these cases by which somebody else, or another case, joined them."""
    joined = list(CaseEvent.objects.filter(case__in=cases, kind="joined").select_related("case"))
    citizen_of = dict(
        Message.objects.filter(
            pk__in=[event.data["message"] for event in joined if "message" in event.data]
        ).values_list("pk", "conversation__citizen")
    )
    own = set(Case.with_practice.filter(pk__in=cases).values_list("number", flat=True))
    return [
        event.pk
        for event in joined
        if citizen_of.get(event.data.get("message"), event.case.citizen_id) != event.case.citizen_id
        or event.data.get("case", next(iter(own))) not in own
    ]


def _empty_merged(cases: Sequence[int]) -> int:
    """A case that was merged left its words in the history of the other one."""
    merged = CaseEvent.objects.filter(case__in=cases, kind="merge")
    numbers = list(merged.values_list("case__number", flat=True).distinct())
    if not numbers:
        return 0
    left = CaseEvent.objects.filter(kind="joined", data__case__in=numbers)
    return left.exclude(note__in=["", removed()]).without_words(removed())
