"""The pages of the question set: how it stands, its questions, files out and in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.conversations.views import own_hotlines
from desk.knowledge.views import writer
from desk.pages.typed import storable
from desk.people.models import User
from desk.people.rights import Right, may
from desk.quality.judging import Verdict
from desk.quality.models import Result, Run, RunState
from desk.quality.runs import last_run, start_by_hand
from desk.quality.set_editing import (
    NotKept,
    Problem,
    add_question,
    change_question,
    own_questions,
    remove_question,
    write_all,
)
from desk.quality.set_files import COLUMNS, MOST_BYTES, UnreadableFile, as_csv, read_csv
from desk.quality.set_forms import TypedQuestion
from desk.quality.set_reading import findings, lines, names_of, score
from desk.quality.set_words import IN_WORDS
from desk.quality.views import reader

SHOWN = 200
SHOWN_FINDINGS = 100
SHOWN_RUNS = 10
SHOWN_FAULTS = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_set(request: HttpRequest) -> HttpResponse:
    """How the set stands, all its questions, and a form for one more."""
    user = writer(request) if request.method == "POST" else reader(request)
    typed, fault = TypedQuestion(), ""
    if request.method == "POST":
        typed = TypedQuestion.of(request.POST)
        try:
            add_question(typed.checked(user), by=user, at=timezone.now())
        except NotKept as error:
            fault = str(IN_WORDS[error.problem])
        else:
            messages.success(request, _("The question is in the set and asked with the next run."))
            return redirect("quality:set")
    context = _page(request, user) | {"typed": typed, "fault": fault}
    return render(request, "quality/set.html", context, status=422 if fault else 200)


@login_required
@require_safe
def standing(request: HttpRequest) -> HttpResponse:
    """The state of the run under way, asked for again while there is one."""
    user = reader(request)
    # The rest of the page is left alone: somebody may be typing in it.
    return render(request, "quality/standing.html", _standing(user) | {"asked_again": True})


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    writer(request)
    start_by_hand(timezone.now())
    return redirect("quality:set")


@login_required
@require_safe
def one_run(request: HttpRequest, number: int) -> HttpResponse:
    """What an earlier run found."""
    user = reader(request)
    run = get_object_or_404(Run, pk=number)
    found = list(findings(user, run)[:SHOWN_FINDINGS])
    context = {
        "place": "quality",
        "tab": "set",
        "run": run,
        "score": score(user, run),
        "findings": found,
        "names": names_of(found),
    }
    return render(request, "quality/run.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one_question(request: HttpRequest, number: int) -> HttpResponse:
    """One question to change or remove, and what it was told in the last runs."""
    user = writer(request)
    question = get_object_or_404(own_questions(user), pk=number)
    typed, fault = TypedQuestion.from_question(question), ""
    if request.method == "POST":
        typed = TypedQuestion.of(request.POST)
        try:
            change_question(
                number,
                typed.checked(user),
                revision=typed.revision,
                by=user,
                at=timezone.now(),
            )
        except NotKept as error:
            fault = str(IN_WORDS[error.problem])
            if error.problem is Problem.CHANGED:
                typed = typed.after(question.revision)
        else:
            messages.success(request, _("The question is kept and asked with the next run."))
            return redirect("quality:set")
    results = list(
        Result.objects.filter(question=question, run__state=RunState.DONE)
        .select_related("run")
        .order_by("-run_id")[:SHOWN_RUNS]
    )
    context = {
        "place": "quality",
        "tab": "set",
        "question": question,
        "typed": typed,
        "fault": fault,
        "hotlines": own_hotlines(user),
        "results": results,
        "names": names_of(results, [question]),
    }
    return render(request, "quality/question.html", context, status=422 if fault else 200)


@login_required
@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    remove_question(number, by=writer(request))
    messages.success(request, _("The question is no longer in the set."))
    return redirect("quality:set")


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """In the form that an import reads."""
    user = reader(request)
    body = "".join(as_csv(own_questions(user).iterator(chunk_size=500)))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    name = f"questions-{localtime().date().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def import_file(request: HttpRequest) -> HttpResponse:
    """Everything or nothing; the faults by line."""
    user = writer(request)
    given = request.FILES.get("file")
    faults: list[dict[str, Any]] = []
    refused = ""
    if given is None:
        refused = _("Please choose a file.")
    elif (given.size or 0) > MOST_BYTES:
        refused = _("The file is larger than 2 MB.")
    else:
        try:
            read = read_csv(given.read(), [hotline.code for hotline in own_hotlines(user)])
            if not read.faults:
                new, changed = write_all(read.wanted, by=user, at=timezone.now())
                words = _("%(new)s new questions, %(changed)s changed; asked with the next run.")
                messages.success(request, words % {"new": new, "changed": changed})
                return redirect("quality:set")
            refused = _("Nothing was written: %s lines have to be mended first.") % len(read.faults)
            faults = [
                {"line": one.line, "cell": one.cell, "words": IN_WORDS[one.problem]}
                for one in read.faults[:SHOWN_FAULTS]
            ]
        except UnreadableFile:
            refused = _("This is no CSV file with the columns %s.") % ", ".join(COLUMNS)
        except NotKept as error:
            refused = str(IN_WORDS[error.problem])
    context = _page(request, user) | {
        "typed": TypedQuestion(),
        "refused": refused,
        "faults": faults,
    }
    return render(request, "quality/set.html", context, status=422)


def _page(request: HttpRequest, user: User) -> dict[str, Any]:
    sought = storable(request.GET.get("q", "")).strip()[:60]
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in Verdict else ""
    shown, number = lines(user, sought=sought, verdict=verdict, limit=SHOWN)
    last = last_run()
    found = list(findings(user, last)[:SHOWN_FINDINGS]) if last else []
    return _standing(user) | {
        "place": "quality",
        "tab": "set",
        "sought": sought,
        "verdict": verdict,
        "verdicts": Verdict,
        "lines": shown,
        "number": number,
        "findings": found,
        "names": names_of(
            [*found, *(line.result for line in shown)], [line.question for line in shown]
        ),
        "hotlines": own_hotlines(user),
        "may_write": may(user, Right.WRITE_KNOWLEDGE),
        "runs": Run.objects.filter(state__in=[RunState.DONE, RunState.STOPPED])[:SHOWN_RUNS],
        "columns": COLUMNS,
    }


def _standing(user: User) -> dict[str, Any]:
    last = last_run()
    return {
        "open_run": Run.objects.filter(state__in=[RunState.WAITING, RunState.RUNNING])
        .order_by("state", "-id")  # the one that is asking before the one that waits
        .first(),
        "newest": Run.objects.exclude(state=RunState.WAITING).first(),
        "last": last,
        "score": score(user, last) if last else None,
        "may_write": may(user, Right.WRITE_KNOWLEDGE),
    }
