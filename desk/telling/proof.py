"""What proves an answer, as its citizen gets it.

A department's files stay with their case and are handed out to colleagues only. The citizen gets a
copy under a name of its own, as with everything that is sent: good for thirty days.
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db.models import QuerySet

from desk.cases.models import CaseFile
from desk.telling.links import Opened
from desk.telling.models import Notice, NoticeState
from environment.media_store import PROOF_FOLDER, MediaStore
from wire.messages import File

log = structlog.get_logger(__name__)


class StoreAway(Exception):
    """The store of files cannot be reached; what needs it waits."""


def files_for(citizen: int) -> dict[int, File]:
    """Copies of all that the citizen's waiting notices show, by the file's key in the case.

    Outside of any transaction. What the case has no more is left out. Raises `StoreAway`.
    """
    waiting = Notice.objects.filter(
        citizen=citizen, state=NoticeState.PENDING, outbound__isnull=True
    )
    wanted = {key for files in waiting.values_list("files", flat=True) for key in files}
    if not wanted:
        return {}
    store, copies = MediaStore(settings.CITIZEN_MEDIA_URL), {}
    for file in CaseFile.objects.filter(pk__in=wanted):
        if key := _for_citizen(store, file):
            copies[file.pk] = File(
                key=key,
                kind=file.kind,
                name=file.name,
                content_type=file.content_type,
                size=file.size,
            )
    return copies


def shown_to(page: Opened) -> QuerySet[CaseFile]:
    """What the citizen was told of with an answer; nothing that only colleagues have seen."""
    told = Notice.objects.filter(case=page.case, citizen=page.citizen)
    keys = {key for files in told.values_list("files", flat=True) for key in files}
    return CaseFile.objects.filter(case=page.case, pk__in=keys).order_by("pk")


def _for_citizen(store: MediaStore, file: CaseFile) -> str:
    """The key under which the citizen may read it; empty when it is gone."""
    if not file.key.startswith(f"{PROOF_FOLDER}/"):
        return file.key
    try:
        return store.keep_sent(store.read(file.key)).key
    except FileNotFoundError:
        log.warning("a proof is gone", case=file.case_id, file=file.pk)
        return ""
    except OSError as error:
        log.warning("proofs wait", error=type(error).__name__)
        raise StoreAway from error
