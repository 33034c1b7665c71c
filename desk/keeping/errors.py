"""What can go wrong while things are kept or deleted. The message is for who runs the command."""

from __future__ import annotations


class KeepingError(Exception):
    """Nothing was changed, unless the subclass says otherwise. The subclass says what it was."""


class ArchiveExists(KeepingError):
    """There is a file of that name; it may be the only copy of something."""


class NotWritable(KeepingError):
    """The archive cannot be written there."""


class ProgramMissing(KeepingError):
    """One of PostgreSQL's own programs is not on this machine."""


class DatabaseFailed(KeepingError):
    """The database's own tool did not do it; the message has its words."""


class FilesFailed(KeepingError):
    """The store of files did not give or take one."""


class NotAnArchive(KeepingError):
    """The file is not one of ours, or not whole."""


class OtherEngine(KeepingError):
    """The archive is of another database engine."""


class NewerArchive(KeepingError):
    """The archive is of a later version of the desk."""


class HoldsData(KeepingError):
    """The database has rows that a restore would replace."""


class WorkerRuns(KeepingError):
    """A worker would write into the database while it is replaced."""


class CountsDiffer(KeepingError):
    """The archive is in the database, but does not have the rows that it names."""


class NobodyFound(KeepingError):
    """No citizen and no case fit what was asked for."""


class StillOpen(KeepingError):
    """Somebody still works on a case of this citizen."""

    def __init__(self, message: str, numbers: list[str]) -> None:
        super().__init__(message)
        self.numbers = numbers


class BadRule(KeepingError):
    """There is no such rule, or not with so many days."""
