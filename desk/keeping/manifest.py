"""What an archive says of itself: when, of which engine, how many rows, and each file's digest."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from desk.keeping.errors import NotAnArchive

FORMAT = 1


class Member(msgspec.Struct, frozen=True):
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    format: int = FORMAT
    made_at: datetime
    engine: str  # as Django names the vendor: sqlite | postgresql
    rows: dict[str, int]  # by the names of `counting.TABLES`
    migrations: list[str]  # app.name of all that had been applied
    members: dict[str, Member]


def encoded(manifest: Manifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decoded(body: bytes) -> Manifest:
    """Raises `NotAnArchive`."""
    try:
        manifest = msgspec.json.decode(body, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAnArchive(_("The archive's manifest cannot be read.")) from error
    if manifest.format != FORMAT:
        raise NotAnArchive(_("The archive has a format that this version does not know."))
    return manifest
