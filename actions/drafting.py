"""A complaint's draft: what it holds, what it lacks. Pure functions; a draft never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec.structs import replace

from actions.library import Library, Said
from actions.protocol import Draft, Field, Stage, Turn, Words

Name = Literal["content", "place", "time", "kind", "category", "department", "about", "name"]
READ: tuple[Name, ...] = ("place", "time", "kind", "category", "department", "about", "name")
LONGEST_CONTENT = 4000  # code points; a draft travels with each turn

# Nobody asks since when an idea has been one.
_WANTED: Mapping[str, tuple[Name, ...]] = {
    "suggestion": ("content", "place"),
    "praise": ("content", "place"),
}
_WANTED_OF_OTHERS: tuple[Name, ...] = ("content", "place", "time")


def in_dialogue(draft: Draft | None) -> Draft | None:
    """The draft if a complaint is being taken, and not only a question remembered."""
    return draft if draft is not None and draft.stage is not Stage.NONE else None


def value(draft: Draft, name: Name) -> str:
    field = draft.fields.get(name)
    return field.value if field else ""


def with_field(draft: Draft, name: Name, field: Field) -> Draft:
    return replace(draft, fields={**draft.fields, name: field})


def with_kind(draft: Draft, kind: str) -> Draft:
    """The kind that the intent says, unless the words have said one."""
    if draft.fields.get("kind"):
        return draft
    return with_field(draft, "kind", Field(value=kind, confidence=0.6))


def asked_for(draft: Draft, name: str) -> Draft:
    return draft if name in draft.asked else replace(draft, asked=(*draft.asked, name))


def asked_once_more(draft: Draft, name: str) -> Draft | None:
    """The draft when this may be asked a second time; a third question would be a wall."""
    return replace(draft, asked=(*draft.asked, name)) if draft.asked.count(name) < 2 else None


def with_phone(draft: Draft) -> Draft:
    """A number has been given, whatever was said before."""
    return replace(draft, has_phone=True, without_phone=False)


def without_contact(draft: Draft, *, name: bool) -> Draft:
    """No number in this case; and no name either, when the citizen does not want to be known."""
    kept = {key: field for key, field in draft.fields.items() if not (name and key == "name")}
    return replace(draft, fields=kept, without_phone=True)


def pending(draft: Draft) -> Name | None:
    """What was asked last and has not been answered."""
    if draft.asked and (last := draft.asked[-1]) in _WANTED_OF_OTHERS:
        return None if value(draft, last) else last
    return None


def lacking(draft: Draft) -> Name | None:
    """What to ask next: content until it is there, the others once."""
    for name in _WANTED.get(value(draft, "kind"), _WANTED_OF_OTHERS):
        if not value(draft, name) and (name == "content" or name not in draft.asked):
            return name
    return None


def said_in(turn: Turn, library: Library) -> dict[Name, Field]:
    """The fields that this message says, with the words that they rest on."""
    return said_in_part(turn, turn.text, library)


def said_in_part(turn: Turn, part: str, library: Library) -> dict[Name, Field]:
    """The same of a stretch of the message, read as if it stood alone."""
    read = library.reader.read(part, turn.now)
    shift = max(turn.text.find(part), 0)
    return {
        name: _field(turn, read[name], shift) for name in READ if name in read and read[name].value
    }


def all_of_it(turn: Turn, text: str, confidence: float = 1.0) -> Field:
    """A stretch of the message as it was written, found again for its evidence."""
    start = turn.text.find(text)
    words = Words(message=turn.id, start=start, end=start + len(text)) if start >= 0 else None
    return Field(value=text[:LONGEST_CONTENT], confidence=confidence, evidence=words)


def filled(draft: Draft, said: Mapping[Name, Field]) -> Draft:
    """The draft with what it lacks; what it has stays."""
    new = {name: field for name, field in said.items() if not value(draft, name)}
    return replace(draft, fields={**draft.fields, **new})


def told_more(draft: Draft, turn: Turn) -> Draft:
    """The draft with the message added to its content."""
    known = draft.fields.get("content")
    text = turn.text.strip()
    if known is None:
        return with_field(draft, "content", all_of_it(turn, text))
    more = f"{known.value}\n{text}"[:LONGEST_CONTENT]
    return with_field(draft, "content", replace(known, value=more))


def beside_the_fields(turn: Turn, said: Mapping[Name, Field]) -> int:
    """How many characters of the message are in none of the fields it says."""
    covered: set[int] = set()
    for field in said.values():
        if field.evidence:
            covered.update(range(field.evidence.start, field.evidence.end))
    return sum(
        character.isalnum() and place not in covered for place, character in enumerate(turn.text)
    )


def _field(turn: Turn, said: Said, shift: int) -> Field:
    words = None
    if said.end > said.start:
        words = Words(message=turn.id, start=said.start + shift, end=said.end + shift)
    return Field(value=said.value, confidence=said.confidence, evidence=words)


def has_phone(turn: Turn) -> bool:
    return turn.has_phone or bool(turn.draft and turn.draft.has_phone)


def remembered(turn: Turn, library: Library) -> Draft:
    """What the citizen said, at no stage yet: kept in case they want it taken down."""
    said: dict[str, Field] = {"content": all_of_it(turn, turn.text.strip())}
    said.update(said_in(turn, library).items())
    return Draft(stage=Stage.NONE, fields=said, has_phone=has_phone(turn))
