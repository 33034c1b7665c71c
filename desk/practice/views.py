"""The page of simulated citizens, the list of steps beside a talk, and the look back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from desk.conversations.models import Owner
from desk.conversations.ownership import close
from desk.people.doors import holder
from desk.people.models import User
from desk.people.rights import Right
from desk.practice.acting import leave
from desk.practice.beginning import begin
from desk.practice.citizens import Simulated, all_citizens
from desk.practice.judging import first_hour, look_back, steps_of
from desk.practice.models import PracticeRun


@dataclass(frozen=True)
class Card:
    """One simulated citizen, and how far this person is with them."""

    citizen: Simulated
    run: PracticeRun | None  # the latest

    @property
    def state(self) -> str:
        if self.run is None:
            return "new"
        return "done" if self.run.ended_at else "going"


@login_required
@require_safe
def citizens(request: HttpRequest) -> HttpResponse:
    user = _trainee(request)
    runs = list(PracticeRun.objects.filter(user=user).select_related("conversation").order_by("pk"))
    latest = {run.citizen: run for run in runs}
    cards = [Card(citizen, latest.get(citizen.id)) for citizen in all_citizens().values()]
    steps = first_hour(runs)
    context = {
        "place": "conversations",
        "cards": cards,
        "met": sum(card.state == "done" for card in cards),
        "steps": steps,
        "done": sum(step.is_done for step in steps),
    }
    return render(request, "practice/citizens.html", context)


@login_required
@require_POST
def begin_with(request: HttpRequest, citizen: str) -> HttpResponse:
    user = _trainee(request)
    simulated = all_citizens().get(citizen)
    if simulated is None:
        raise Http404
    run = begin(user, simulated)
    return redirect("conversations:talk", run.conversation_id)


@login_required
@require_safe
def panel(request: HttpRequest, number: int) -> HttpResponse:
    """The steps of this talk, for its foot."""
    found = _own(_trainee(request), conversation=number)
    steps = steps_of(found)
    context = {
        "run": found,
        "citizen": all_citizens().get(found.citizen),
        "steps": steps,
        "done": sum(step.is_done for step in steps),
    }
    return render(request, "practice/panel.html", context)


@login_required
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End it from the agent's side, whoever has the talk."""
    user = _trainee(request)
    found = _own(user, pk=number)
    if found.ended_at is None:
        if found.conversation.is_open and found.conversation.owner == Owner.AGENT:
            close(found.conversation_id, user)
        leave(found.pk)
    return redirect("practice:run", number)


@login_required
@require_safe
def run(request: HttpRequest, number: int) -> HttpResponse:
    """What went well and what to look at again."""
    found = _own(_trainee(request), pk=number)
    steps = steps_of(found)
    context = {
        "place": "conversations",
        "run": found,
        "citizen": all_citizens().get(found.citizen),
        "steps": steps,
        "findings": look_back(found, steps),
    }
    return render(request, "practice/run.html", context)


def _trainee(request: HttpRequest) -> User:
    return holder(request, Right.TALK)


def _own(user: User, **which: int) -> PracticeRun:
    found = (
        PracticeRun.objects.filter(user=user, **which)
        .select_related("conversation__citizen")
        .first()
    )
    if found is None:
        raise Http404
    return found
