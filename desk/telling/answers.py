"""What a citizen answers to a call back by message: recorded by the step `callback`, as theirs.

The table of steps gives that one to agents; here, and nowhere else, the citizen of the case takes
it, through the same function and under the same conditions. What is not solved goes back at once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from actions.dialogue import pending_question
from actions.drafting import in_dialogue
from actions.protocol import Draft, Reply
from desk.cases.actors import CITIZEN_ROLE, SYSTEM, Actor
from desk.cases.models import Case, State
from desk.cases.steps.step import Taking
from desk.cases.steps.table import STEPS
from desk.cases.steps.taking import carry_out, locked
from desk.telling.models import Asking, AskingState
from desk.telling.options import Answer, answer_in, how_satisfied, whether_solved
from desk.workdays.calendar import current


def answered(choice: str, citizen: int, draft: Draft | None, at: datetime) -> Reply | None:
    """Keep an answer, inside the transaction of the message that said it; what to say to it.

    None when this citizen was never asked.
    """
    answer = answer_in(choice)
    if answer is None:
        return None
    asking = (
        Asking.objects.select_for_update(of=("self",))
        .filter(citizen=citizen, case__number=answer.number)
        .exclude(state=AskingState.WAITING)
        .order_by("-pk")
        .first()
    )
    if asking is None:
        return None
    case = locked(answer.number)
    if not _may_answer(asking, case, at):
        return _going_on(_("Thank you. This call back is done already."), draft)
    if answer.solved is not None:
        return _said_whether(asking, answer, draft, at)
    if asking.solved is None:
        return Reply(text=_("And is it solved?"), options=whether_solved(answer.number))
    _record(asking, case, answer.satisfied, at)
    return _going_on(_("Thank you, we have noted both."), draft)


def keep_half(key: int, at: datetime) -> None:
    """Who said whether it is solved, and not how satisfied they are: that much is kept."""
    with transaction.atomic():
        asking = Asking.objects.select_for_update(of=("self",)).select_related("case").get(pk=key)
        if asking.state != AskingState.HALF:
            return
        case = locked(asking.case.number)
        if _may_answer(asking, case, at):
            _record(asking, case, None, at)
        else:
            asking.state = AskingState.MISSED
            asking.save(update_fields=["state"])


def _may_answer(asking: Asking, case: Case, at: datetime) -> bool:
    """A call is owed still: also after a day, as long as nobody has called."""
    step = STEPS["callback"]
    return (
        asking.state != AskingState.ANSWERED
        and case.callback_due_at is not None
        and case.citizen_id == asking.citizen_id
        and case.state in step.sources
        and step.hindrance(case, at, current()) is None
    )


def _said_whether(asking: Asking, answer: Answer, draft: Draft | None, at: datetime) -> Reply:
    asking.solved, asking.state, asking.answered_at = answer.solved, AskingState.HALF, at
    asking.save(update_fields=["solved", "state", "answered_at"])
    if in_dialogue(draft):
        return _going_on(_("Thank you, noted."), draft)
    text = (
        _("Good to hear. Are you satisfied with how it was handled?")
        if answer.solved
        else _("We are sorry, and have noted it. How satisfied are you with how it was handled?")
    )
    return Reply(text=text, options=how_satisfied(answer.number))


def _record(asking: Asking, case: Case, satisfied: int | None, at: datetime) -> None:
    calendar = current()
    citizen = Actor("citizen", CITIZEN_ROLE, citizen=asking.citizen_id)
    body = {"reached": True, "solved": asking.solved, "satisfied": satisfied}
    carry_out(Taking(case, citizen, at, calendar), "callback", body)
    asking.state, asking.answered_at = AskingState.ANSWERED, at
    asking.save(update_fields=["state", "answered_at"])
    if asking.solved is False and case.state == State.CALLED_BACK and case.department_id:
        reason = _("The citizen was called back and says that it is not solved.")
        carry_out(Taking(case, SYSTEM, at, calendar), "redo", {"reason": reason})


def _going_on(text: str, draft: Draft | None) -> Reply:
    """The words, and then what the citizen was in the middle of."""
    dialogue = in_dialogue(draft)
    if dialogue is None:
        return Reply(text=text)
    pending = pending_question(dialogue)
    return Reply(text=f"{text}\n{pending.text}", options=pending.options)
