"""A file of a talk, for whoever may read it. Nothing in it may run in an agent's browser."""

from __future__ import annotations

from pathlib import PurePosixPath

import filetype
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from desk.conversations.models import Attachment
from desk.conversations.talk import found_for
from desk.people.models import User
from environment.media_store import HANDED_OUT, MediaStore

# Shown in the page. Whatever else a file says it is, it is handed out as a download.
SHOWN_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}


@login_required
@require_safe
def attachment(request: HttpRequest, number: int) -> HttpResponse:
    assert isinstance(request.user, User)
    found = Attachment.objects.select_related("message").filter(pk=number).first()
    if found is None:
        raise Http404
    found_for(request.user, found.message.conversation_id)
    return handed_out(found.key, found.name or f"{found.message_id}-{found.pk}")


def handed_out(key: str, name: str) -> HttpResponse:
    """A kept file for a reader who may have it; `name` gets an ending when it has none."""
    try:
        content = MediaStore(settings.CITIZEN_MEDIA_URL).read(key)
    except FileNotFoundError as error:
        raise Http404 from error
    # The content decides what a file is, not what anybody says that it is.
    content_type = filetype.guess_mime(content) or ""
    ending = SHOWN_TYPES.get(content_type)
    response = HttpResponse(
        content,
        content_type=content_type if ending else "application/octet-stream",
        headers=HANDED_OUT,
    )
    if not PurePosixPath(name).suffix:
        name = f"{name}.{ending or 'bin'}"
    disposition = content_disposition_header(ending is None, name)
    response["Content-Disposition"] = disposition or "attachment"
    return response
