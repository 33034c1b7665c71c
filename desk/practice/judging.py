"""What was done in a practice, step by step, and what to look at again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.cases.fields import SURE
from desk.cases.models import CaseEvent, CaseField
from desk.composing.knowledge import BEFORE_SOURCE
from desk.conversations.models import Author, Message, Owner, OwnerChange
from desk.pages.times import WAIT_LATE
from desk.people.models import User
from desk.practice.citizens import Simulated, all_citizens
from desk.practice.models import PracticeRun
from desk.replies.keeping import for_user

RECOGNISED = 8  # characters of a canned reply between two of its fields that are its own


@dataclass(frozen=True)
class Rule:
    label: str | Promise
    how: str | Promise
    is_done: Callable[[PracticeRun], bool]


@dataclass(frozen=True)
class Step:
    label: str
    how: str
    is_done: bool


@dataclass(frozen=True)
class Finding:
    """One sentence of the look back; `mood` is a class of the style sheet."""

    mood: str
    words: str


def steps_of(run: PracticeRun) -> list[Step]:
    """What belongs to this citizen's talk."""
    citizen = all_citizens().get(run.citizen)
    return [_step(name, STEPS[name].is_done(run)) for name in (citizen.steps if citizen else ())]


def first_hour(runs: Iterable[PracticeRun]) -> list[Step]:
    """Every step once, done when it was done with any citizen."""
    runs = list(runs)
    return [_step(name, any(rule.is_done(run) for run in runs)) for name, rule in STEPS.items()]


def look_back(run: PracticeRun, steps: Iterable[Step]) -> list[Finding]:
    """`steps` as `steps_of` gives them."""
    citizen = all_citizens().get(run.citizen)
    if citizen is None:
        return []
    return [*_promptness(run), *_tone(run, citizen), *_missed(steps), *_ending(run)]


def first_answer_after(run: PracticeRun) -> timedelta | None:
    first = Message.objects.filter(conversation=run.conversation_id, author=Author.AGENT).order_by(
        "pk"
    )[:1]
    return next((message.at - run.began_at for message in first), None)


def _promptness(run: PracticeRun) -> list[Finding]:
    took = first_answer_after(run)
    if took is None:
        return [Finding("late", _("The citizen got no answer."))]
    seconds = int(took.total_seconds())
    if took > WAIT_LATE:
        words = _("The first answer took %(n)d seconds; the standard asks for 180.")
        return [Finding("late", words % {"n": seconds})]
    found = [Finding("ok", _("First answer after %(n)d seconds.") % {"n": seconds})]
    if run.nags:
        found.append(
            Finding(
                "soon",
                _("The citizen had to ask %(n)d times whether anybody was there.")
                % {"n": run.nags},
            )
        )
    return found


def _tone(run: PracticeRun, citizen: Simulated) -> list[Finding]:
    said = _said(run)
    found = []
    if wrong := [words for words in citizen.never_say if words in said]:
        quoted = "、".join(f"“{words}”" for words in wrong)
        found.append(Finding("late", _("Better not said: %s") % quoted))
    if citizen.should_say and not any(words in said for words in citizen.should_say):
        quoted = "、".join(f"“{words}”" for words in citizen.should_say[:3])
        found.append(Finding("soon", _("Nothing like %s was said.") % quoted))
    return found


def _missed(steps: Iterable[Step]) -> list[Finding]:
    missed = [step for step in steps if not step.is_done]
    if not missed:
        return [Finding("ok", _("Every step was taken."))]
    return [
        Finding("soon", _("Not done: %(step)s. %(how)s") % {"step": step.label, "how": step.how})
        for step in missed
    ]


def _ending(run: PracticeRun) -> list[Finding]:
    if run.is_content:
        return [Finding("ok", _("The citizen left content."))]
    return [Finding("soon", _("The citizen left without having heard what becomes of it."))]


def _step(name: str, is_done: bool) -> Step:
    return Step(str(STEPS[name].label), str(STEPS[name].how), is_done)


def _said(run: PracticeRun) -> str:
    said = Message.objects.filter(conversation=run.conversation_id, author=Author.AGENT)
    return "\n".join(said.order_by("pk").values_list("text", flat=True))


def _took_over(run: PracticeRun) -> bool:
    changes = OwnerChange.objects.filter(conversation=run.conversation_id, user=run.user_id)
    return changes.filter(after=Owner.AGENT).exists()


def _answered(run: PracticeRun) -> bool:
    took = first_answer_after(run)
    return took is not None and took <= WAIT_LATE


def _used_canned(run: PracticeRun) -> bool:
    said = _said(run)
    user = User.objects.get(pk=run.user_id)
    return any(
        part in said
        for reply in for_user(user)
        for part in reply.text.replace("}}", "{{").split("{{")[::2]
        if len(part.strip()) >= RECOGNISED
    )


def _used_knowledge(run: PracticeRun) -> bool:
    """Sent with its source, which the desk writes below an entry's words."""
    return f"\n{BEFORE_SOURCE}" in _said(run)


def _noted(run: PracticeRun) -> bool:
    notes = Message.objects.filter(conversation=run.conversation_id, author=Author.NOTE)
    return notes.exists()


def _confirmed(run: PracticeRun) -> bool:
    fields = CaseField.objects.filter(case__conversation=run.conversation_id)
    unsure = fields.filter(confidence__lt=SURE, confirmed_by=None)
    return fields.exists() and not unsure.exists()


def _dispatched(run: PracticeRun) -> bool:
    return CaseEvent.objects.filter(
        case__conversation=run.conversation_id, kind="dispatch"
    ).exists()


def _ended(run: PracticeRun) -> bool:
    return not run.conversation.is_open


def _handed_back(run: PracticeRun) -> bool:
    return run.conversation.is_open and run.conversation.owner == Owner.BOT


STEPS: dict[str, Rule] = {
    "take": Rule(
        gettext_lazy("Take the talk over"),
        gettext_lazy("Alt T, as soon as somebody waits."),
        _took_over,
    ),
    "answer": Rule(
        gettext_lazy("First answer within three minutes"),
        gettext_lazy("A greeting and one sentence are enough at first."),
        _answered,
    ),
    "canned": Rule(
        gettext_lazy("Use a canned reply"),
        gettext_lazy("Type / in the box."),
        _used_canned,
    ),
    "knowledge": Rule(
        gettext_lazy("Answer from the knowledge, with its source"),
        gettext_lazy("Type ?? in the box; Ctrl Enter sends it with its source."),
        _used_knowledge,
    ),
    "note": Rule(
        gettext_lazy("Leave colleagues a note"),
        gettext_lazy("Alt N; the citizen does not see it."),
        _noted,
    ),
    "fields": Rule(
        gettext_lazy("Check the fields the bot was unsure of"),
        gettext_lazy("F2 goes to the next one, Enter says it is right, E changes it."),
        _confirmed,
    ),
    "dispatch": Rule(
        gettext_lazy("Dispatch the case"),
        gettext_lazy("Alt Enter confirms all and dispatches."),
        _dispatched,
    ),
    "end": Rule(
        gettext_lazy("End the talk"),
        gettext_lazy("Alt E, once the citizen has what they need."),
        _ended,
    ),
    "hand_back": Rule(
        gettext_lazy("Hand back to the bot"),
        gettext_lazy("Alt B; the citizen can go on asking it."),
        _handed_back,
    ),
}
