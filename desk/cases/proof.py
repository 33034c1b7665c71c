"""An answer with what proves it: pictures and papers, all of them or none, and none without the
answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from desk.cases.actors import Actor
from desk.cases.errors import IllegalStep
from desk.cases.models import Case, CaseFile
from desk.cases.steps import legal_steps, take
from desk.conversations.ownership import NotAllowed
from desk.conversations.sent_files import Upload, check
from desk.people.models import User
from environment.media_store import Kept, MediaStore

log = structlog.get_logger(__name__)


def answer(
    number: str,
    who: User | Actor,
    body: dict[str, Any],
    uploads: Sequence[Upload],
    *,
    at: datetime,
) -> Case:
    """Take the step, and keep its files with the case.

    Raises `NotAllowed` for a file that is not taken, and as `steps.take` does; then nothing has
    changed and nothing is kept.
    """
    actor = Actor.of(who) if isinstance(who, User) else who
    for upload in uploads:
        check(upload)
    _look_first(number, actor, at)
    store, kept, is_done = MediaStore(settings.CITIZEN_MEDIA_URL), list[Kept](), False
    try:
        # The store is outside: first the files, then the transaction that makes them part of it.
        for upload in uploads:
            kept.append(_kept(store, upload))
        with transaction.atomic():
            case = take(number, "answer", actor, body, at=at)
            CaseFile.objects.bulk_create(
                _row(case, upload, file, actor, at)
                for upload, file in zip(uploads, kept, strict=True)
            )
        is_done = True
    finally:
        if not is_done:
            _take_back(store, kept)
    return case


def _look_first(number: str, actor: Actor, at: datetime) -> None:
    """Nothing goes into the store for a step that cannot be taken."""
    legal = legal_steps(Case.with_practice.get(number=number), actor, at)
    if "answer" not in legal:
        raise IllegalStep(_("This step is not possible now: %s") % "answer", legal)


def _kept(store: MediaStore, upload: Upload) -> Kept:
    try:
        return store.keep_proof(upload.content)
    except OSError as error:
        raise NotAllowed(_("The file could not be kept. Please try again.")) from error


def _row(case: Case, upload: Upload, kept: Kept, actor: Actor, at: datetime) -> CaseFile:
    return CaseFile(
        case=case,
        key=kept.key,
        kind=kept.kind,
        name=upload.name,
        content_type=kept.content_type,
        size=kept.size,
        by=actor.name,
        at=at,
    )


def _take_back(store: MediaStore, kept: Iterable[Kept]) -> None:
    for file in kept:
        try:
            store.remove(file.key)
        except OSError as error:
            log.warning("a file stays", key=file.key, error=type(error).__name__)
