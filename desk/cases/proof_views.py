"""A file of a case, for whoever may read the case."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from desk.cases.models import Case, CaseFile
from desk.cases.views import case_for, reader
from desk.conversations.attachments import handed_out


@login_required
@require_safe
def file(request: HttpRequest, number: str, key: int) -> HttpResponse:
    return file_of(case_for(reader(request), number), key)


def file_of(case: Case, key: int) -> HttpResponse:
    """A file of a case that the reader may read."""
    found = get_object_or_404(CaseFile, case=case, pk=key)
    return handed_out(found.key, found.name)
