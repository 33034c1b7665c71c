"""A knowledge file at the desk: uploaded, checked whole, confirmed, written as drafts; and out.

What was uploaded is kept from the first moment: a closed browser or a restart loses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.knowledge.files.checking import Checking
from desk.knowledge.files.exporting import as_csv, as_jsonl, as_xlsx, columns_of
from desk.knowledge.files.reading import COLUMNS, MOST_BYTES, UnreadableFile, read_rows
from desk.knowledge.files.surveying import survey
from desk.knowledge.files.writing import Writing, open_run
from desk.knowledge.listing import entries_of
from desk.knowledge.models import Entry, ImportRun, KnowledgeFile
from desk.knowledge.views import writer
from desk.people.models import User

SHOWN_FILES = 10
SITTING = 4.0  # seconds of writing between two looks at the progress


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; what was uploaded before stands below."""
    user = writer(request)
    given = request.FILES.get("file")
    fault = ""
    if request.method == "POST":
        if given is None:
            fault = _("Please choose a file.")
        elif (given.size or 0) > MOST_BYTES:
            fault = _("The file is larger than 64 MB. Please split it.")
        else:
            name = PurePath(given.name or "file").name
            row = KnowledgeFile(name=name[:200], by=user)
            row.file.save(_plain_name(name), given)
            return redirect("knowledge:checked", row.pk)
    files = KnowledgeFile.objects.select_related("run", "by")[:SHOWN_FILES]
    context = {"fault": fault, "files": files, "columns": COLUMNS}
    return render(request, "knowledge/upload.html", context, status=422 if fault else 200)


@login_required
@require_safe
def checked(request: HttpRequest, number: int) -> HttpResponse:
    """What the check of the whole file found, or how far the writing is."""
    writer(request)
    row = _file(number)
    if row.run is not None:
        return render(request, "knowledge/written.html", _progress(row, row.run))
    try:
        with _opened(row) as file:
            checking = Checking(read_rows(row.name, file))
            found = survey(checking, may_publish=False)
    except UnreadableFile as error:
        return render(request, "knowledge/checked.html", {"row": row, "unreadable": str(error)})
    return render(
        request,
        "knowledge/checked.html",
        {
            "row": row,
            "good": checking.good,
            "bad": checking.bad,
            "fault_count": checking.fault_count,
            "faults": checking.faults,
            "sample": found.sample,
            "fates": found.fates,
            "twins": found.twins,
            "twin_count": found.twin_count,
        },
    )


@login_required
@require_POST
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Write for some seconds, then show how far it is; the page asks again until all is done."""
    user = writer(request)
    row = _file(number)
    if row.run is None:
        row.skip_bad = "skip_bad" in request.POST
    elif row.run.finished_at is not None:
        return redirect("knowledge:checked", row.pk)
    try:
        with _opened(row) as file:
            run = row.run or _begun(row, file, user)
            if run is None:
                return redirect("knowledge:checked", row.pk)
            rows = Checking(read_rows(row.name, file))
            run = _sitting(Writing(run, rows, user, may_publish=False))
    except UnreadableFile:
        return redirect("knowledge:checked", row.pk)
    if request.headers.get("HX-Request"):
        return render(request, "knowledge/progress.html", _progress(row, run))
    return redirect("knowledge:checked", row.pk)


def _begun(row: KnowledgeFile, file: BinaryIO, user: User) -> ImportRun | None:
    """None: there is nothing to write, or not all of it can be."""
    checking = Checking(read_rows(row.name, file))
    for _good in checking:
        pass
    if not checking.good or (checking.bad and not row.skip_bad):
        return None
    row.run = open_run(file, name=row.name, total=checking.good, user=user, may_publish=False)
    row.save(update_fields=["run", "skip_bad"])
    return row.run


def _sitting(writing: Writing) -> ImportRun:
    until = time.monotonic() + SITTING
    while (run := writing.next()).finished_at is None and time.monotonic() < until:
        pass
    return run


def _progress(row: KnowledgeFile, run: ImportRun) -> dict[str, Any]:
    return {"row": row, "run": run, "percent": run.done * 100 // max(run.total, 1)}


@login_required
@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The entries of the list's filter, in the form that an import reads."""
    writer(request)
    rows = entries_of(request.GET, Entry.objects.select_related("department", "category"))
    entries = rows.order_by("external_id")
    columns = columns_of(entries)
    if ending == "xlsx":
        response = HttpResponse(as_xlsx(entries.iterator(chunk_size=500), columns))
        response["Content-Type"] = (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        )
    elif ending == "csv":
        response = HttpResponse("".join(as_csv(entries.iterator(chunk_size=500), columns)))
        response["Content-Type"] = "text/csv; charset=utf-8"
    elif ending == "jsonl":
        response = HttpResponse("".join(as_jsonl(entries.iterator(chunk_size=500), columns)))
        response["Content-Type"] = "application/jsonl; charset=utf-8"
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="knowledge-{_today()}.{ending}"'
    return response


@login_required
@require_safe
def example(request: HttpRequest) -> HttpResponse:
    """The first line alone: a file to fill in."""
    writer(request)
    response = HttpResponse("".join(as_csv(())), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="knowledge.csv"'
    return response


def _file(number: int) -> KnowledgeFile:
    return get_object_or_404(KnowledgeFile.objects.select_related("run", "by"), pk=number)


@contextmanager
def _opened(row: KnowledgeFile) -> Iterator[BinaryIO]:
    with row.file.open("rb") as file:
        yield cast(BinaryIO, file.file)


def _plain_name(name: str) -> str:
    """What a file system of any city keeps; the name people gave stands in the row."""
    ending = PurePath(name).suffix.lower()
    return f"upload{ending if ending.isascii() else ''}"


def _today() -> str:
    now: datetime = localtime()
    return now.date().isoformat()
