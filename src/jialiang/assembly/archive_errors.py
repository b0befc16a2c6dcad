"""Errors of archives: of export and import, backup and restore."""

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable, Unreadable


class DatabaseNotReady(Unavailable):
    """The database does not answer or has not the tables that this needs; facts: ``reason``."""

    code = "JL-DIA-001"


class ArchiveUnreadable(Unreadable):
    """The file cannot be opened, or is no gzip-compressed tar; facts: ``archive``, ``reason``."""

    code = "JL-PKG-001"


class ArchiveDamaged(Unreadable):
    """The archive is not what was written: a member is missing, strange or changed; facts: ``member``, ``reason``."""

    code = "JL-PKG-002"


class ForeignArchive(InvalidInput):
    """The archive is of another kind or a later form; facts: ``wanted``, ``found``."""

    code = "JL-PKG-003"


class NoRoom(Unavailable):
    """The disk has not the room that the archive needs; facts: ``needed``, ``free`` (bytes), ``folder``."""

    code = "JL-PKG-004"


class ArchiveExists(Conflict):
    """The file to be written is there already; facts: ``archive``."""

    code = "JL-PKG-005"


class OtherVersion(Conflict):
    """The tables of archive and installation are not of one version; facts: ``apps``, ``made_by``, ``own``."""

    code = "JL-PKG-006"


class InstallationNotEmpty(Conflict):
    """Something is there already where an archive shall be restored; facts: ``what``."""

    code = "JL-PKG-007"


class StoredFileMissing(Unavailable):
    """A file that a record names is not in the object store; facts: ``digest``, ``table``."""

    code = "JL-PKG-008"


class TenantPresent(Conflict):
    """The institute is here already; facts: ``slug``."""

    code = "JL-TRF-001"


class ImportCollides(Conflict):
    """A row of the archive cannot stand beside what is here; facts: ``table``, ``reason``."""

    code = "JL-TRF-002"


class ForeignRows(InvalidInput):
    """The archive holds or points to rows of another institute than the one it is of; facts: ``table``, ``column``."""

    code = "JL-TRF-003"


class KeysMissing(NotFound):
    """A key that the institute signs with is not in the key store; facts: ``name``."""

    code = "JL-TRF-004"
