"""The pages where editors say what this city calls things."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.knowledge.views import writer
from desk.pages.typed import storable
from desk.synonyms.editing import (
    ChangedMeanwhile,
    EditError,
    NoSuchGroup,
    add_group,
    change_group,
    remove_group,
)
from desk.synonyms.forms import Typed, in_words
from desk.synonyms.models import Change, Edition, Group
from kb_index.synonyms import BadSynonyms

SHOWN = 200  # groups on the page; more are found by their names
SHOWN_CHANGES = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: HttpRequest) -> HttpResponse:
    """All groups, and a form for one more."""
    user = writer(request)
    typed, fault = Typed(), ""
    if request.method == "POST":
        typed = Typed.of(request.POST)
        fault = typed.fault()
        try:
            if not fault:
                made = add_group(typed.names, by=user, at=timezone.now())
                messages.success(request, _("“%s” is kept; understood in a moment.") % made)
                return redirect("synonyms:groups")
        except (BadSynonyms, EditError) as error:
            fault = in_words(error)
    sought = storable(request.GET.get("q", "")).strip()[:40]
    rows = Group.objects.select_related("changed_by").order_by("-changed_at", "-id")
    found = rows.filter(names__icontains=sought) if sought else rows
    context: dict[str, Any] = {
        "place": "quality",
        "tab": "synonyms",
        "typed": typed,
        "fault": fault,
        "sought": sought,
        "groups": found[:SHOWN],
        "number": found.count(),
        "edition": Edition.objects.filter(pk=1).first(),
    }
    return render(request, "synonyms/groups.html", context, status=422 if fault else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, number: int) -> HttpResponse:
    """One group to change or remove, and what it was before."""
    user = writer(request)
    row = get_object_or_404(Group.objects.select_related("changed_by"), pk=number)
    typed, fault = Typed.from_group(row), ""
    if request.method == "POST":
        typed = Typed.of(request.POST)
        fault = typed.fault()
        try:
            if not fault:
                change_group(
                    number, typed.names, revision=typed.revision, by=user, at=timezone.now()
                )
                messages.success(
                    request, _("“%s” is kept; understood in a moment.") % typed.official
                )
                return redirect("synonyms:groups")
        except NoSuchGroup as error:
            messages.error(request, in_words(error))
            return redirect("synonyms:groups")
        except ChangedMeanwhile as error:
            fault = in_words(error)
            typed = Typed(typed.official, typed.others, error.group.revision)
        except (BadSynonyms, EditError) as error:
            fault = in_words(error)
    context: dict[str, Any] = {
        "place": "quality",
        "tab": "synonyms",
        "group": row,
        "typed": typed,
        "fault": fault,
        "changes": row.changes.select_related("by")[:SHOWN_CHANGES],
    }
    return render(request, "synonyms/group.html", context, status=422 if fault else 200)


@login_required
@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    user = writer(request)
    try:
        remove_group(number, revision=Typed.of(request.POST).revision, by=user, at=timezone.now())
    except ChangedMeanwhile as error:
        messages.error(request, _("Not removed. ") + in_words(error))
        return redirect("synonyms:group", number)
    except EditError as error:
        messages.error(request, in_words(error))
    else:
        messages.success(request, _("Removed. Its history stays."))
    return redirect("synonyms:groups")


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """The newest changes of all groups, removed ones too."""
    writer(request)
    context = {
        "place": "quality",
        "tab": "synonyms",
        "changes": Change.objects.select_related("by", "group")[:SHOWN_CHANGES],
        "most": SHOWN_CHANGES,
    }
    return render(request, "synonyms/history.html", context)
