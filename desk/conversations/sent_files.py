"""Pictures and papers that an agent sends: checked before anything is kept, then kept for the
channels to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from desk.conversations.ownership import NotAllowed
from environment.media_store import (
    SENT,
    SENT_PAPER_LIMIT,
    SENT_PICTURE_LIMIT,
    SENT_PICTURES,
    MediaStore,
    kind_of,
)
from environment.media_store import NotAllowed as NotKept
from wire.messages import File

AT_ONCE = 5  # what WeChat takes for one message of a citizen
# What the browser's dialog offers; the content decides.
OFFERED = "image/jpeg,image/png,image/gif,.pdf,.doc,.docx,.xls,.xlsx"
LARGEST = SENT_PAPER_LIMIT
_LONGEST_NAME = 80
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


def uploads_of(files: Sequence[UploadedFile[bytes]]) -> list[Upload]:
    """Raises `NotAllowed` for too many, and for one that is larger than any that is taken."""
    if len(files) > AT_ONCE:
        raise NotAllowed(_("At most %d files at once.") % AT_ONCE)
    for file in files:
        if (file.size or 0) > SENT_PAPER_LIMIT:
            raise NotAllowed(_too_large(file.name or "", SENT_PAPER_LIMIT))
    return [Upload(_name(file.name or ""), file.read()) for file in files]


def keep(uploads: Sequence[Upload]) -> list[File]:
    """All or none: raises `NotAllowed` with the first that no platform would take."""
    for upload in uploads:
        check(upload)
    store = MediaStore(settings.CITIZEN_MEDIA_URL)
    try:
        return [_kept(store, upload) for upload in uploads]
    except OSError as error:
        raise NotAllowed(_("The file could not be kept. Please try again.")) from error


def check(upload: Upload) -> None:
    """Raises `NotAllowed` for what is neither a picture nor a paper, or too large."""
    try:
        kind = kind_of(upload.content, SENT)
    except NotKept as error:
        raise NotAllowed(
            _("%s is neither a picture (JPG, PNG, GIF) nor a PDF, Word or Excel file.")
            % upload.name
        ) from error
    if kind.mime in SENT_PICTURES and len(upload.content) > SENT_PICTURE_LIMIT:
        raise NotAllowed(_too_large(upload.name, SENT_PICTURE_LIMIT))


def _kept(store: MediaStore, upload: Upload) -> File:
    kept = store.keep_sent(upload.content)
    return File(
        key=kept.key,
        kind=kept.kind,
        name=upload.name,
        content_type=kept.content_type,
        size=kept.size,
    )


def _name(given: str) -> str:
    """As the citizen sees it: without folders and without what a screen cannot show."""
    name = PurePosixPath(given.replace("\\", "/")).name
    shown = "".join(letter for letter in name if letter.isprintable()).strip() or _("file")
    path = PurePosixPath(shown)
    return path.stem[:_LONGEST_NAME] + path.suffix[:10]


def _too_large(name: str, limit: int) -> str:
    return _("%(name)s is too large: at most %(limit)d MB.") % {
        "name": name,
        "limit": limit // _MEGABYTE,
    }
