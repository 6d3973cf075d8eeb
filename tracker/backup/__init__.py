"""Backups: one archive of one moment, made while the tracker is in use; restored whole, or not at all.

An archive holds the rows and the documents that they name. A file is on the disk before the row that names it, and is
removed only after that row, so files copied after the rows belong to the rows' moment.
"""

from tracker.backup.archive import BackupRefused, Manifest
from tracker.backup.make import make, still_named
from tracker.backup.restore import restore, verify

__all__ = ["BackupRefused", "Manifest", "make", "restore", "still_named", "verify"]
