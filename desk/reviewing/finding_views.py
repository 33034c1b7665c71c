"""What a review leads to: a canned reply or a draft of the knowledge, filled in from the talk."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.conversations.ownership import NotAllowed
from desk.lessons.drafts import LONGEST_QUESTION, Proposal
from desk.pages.typed import storable
from desk.replies.filling import FIELDS
from desk.replies.keeping import NotKept
from desk.replies.views import PROBLEMS
from desk.reviewing import acting
from desk.reviewing.access import review_of, supervisor
from desk.reviewing.sheet import asked_in, told_in
from intake.privacy import mask_for_bot


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, number: int) -> HttpResponse:
    user = supervisor(request)
    found = review_of(number)
    fault = ""
    typed: dict[str, object] = {
        "title": mask_for_bot(asked_in(found.conversation))[:20],
        "text": mask_for_bot(told_in(found)),
        "is_teams": True,
    }
    if request.method == "POST":
        title = storable(request.POST.get("title", ""))
        text = storable(request.POST.get("text", ""))
        is_teams = request.POST.get("whose") == "team"
        now = timezone.now()
        try:
            acting.keep_reply(number, title=title, text=text, is_teams=is_teams, by=user, at=now)
        except NotKept as error:
            typed = {"title": title, "text": text, "is_teams": is_teams}
            fault = str(PROBLEMS[error.problem])
        else:
            messages.success(request, _("Kept. It stands behind / in every talk."))
            return redirect("reviewing:review", number)
    context = {
        "place": "reviews",
        "review": found,
        "typed": typed,
        "fault": fault,
        "keeps_the_teams": True,
        "fields": ["{{%s}}" % name for name in FIELDS],  # noqa: UP031
    }
    return render(request, "reviewing/reply.html", context, status=422 if fault else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, number: int) -> HttpResponse:
    user = supervisor(request)
    found = review_of(number)
    fault = ""
    question = mask_for_bot(asked_in(found.conversation))[:LONGEST_QUESTION]
    proposal = Proposal(question, mask_for_bot(told_in(found)))
    if request.method == "POST":
        question = storable(request.POST.get("question", ""))
        answer = storable(request.POST.get("answer", ""))
        now = timezone.now()
        try:
            acting.keep_draft(number, question=question, answer=answer, by=user, at=now)
        except NotAllowed as error:
            proposal, fault = Proposal(question, answer), str(error)
        else:
            messages.success(request, _("Kept as a draft. Editors complete it."))
            return redirect("reviewing:review", number)
    context = {"place": "reviews", "review": found, "proposal": proposal, "fault": fault}
    return render(request, "reviewing/draft.html", context, status=422 if fault else 200)
