"""The archive: a tar whose last member, the manifest, says what all others are; without it nothing is whole."""

import hashlib
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

FORMAT = 1
CHUNK = 1024 * 1024
# Its name bears its digest: it is the only member that no other one vouches for.
MANIFEST = "manifest-{digest}.json"


class BackupRefused(Exception):
    """A backup cannot be made or used; the message says why and what to do."""


# The column by which rows name documents, in every table that does.
DIGEST = "sha256"


@dataclass(frozen=True)
class Contents:
    """What a database holds: its revision, the rows of each table, the digests of the documents that they name."""

    revision: str
    tables: Mapping[str, int]
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """What an archive holds.

    ``database`` is sqlite or postgresql; ``columns`` (of each table) and ``sequences`` (their last values) are
    PostgreSQL's alone. ``parts`` are the members with their SHA-256. ``missing`` are documents that rows name and that
    were not on the disk, or damaged, when the backup was made.
    """

    made_at: datetime
    program: str
    database: str
    revision: str
    tables: Mapping[str, int]
    columns: Mapping[str, list[str]]
    sequences: Mapping[str, int]
    missing: list[str]
    parts: Mapping[str, str]
    format: int = FORMAT

    def __str__(self) -> str:
        """Say what it holds, for the person at the terminal."""
        rows, documents = sum(self.tables.values()), sum(name.startswith(document_part("")) for name in self.parts)
        when = f"{self.made_at:%Y-%m-%d %H:%M} UTC"
        return f"{rows:,} rows in {len(self.tables)} tables and {documents:,} documents of {when}"

    def to_bytes(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(asdict(self) | {"made_at": self.made_at.isoformat()}, indent=1).encode()

    @staticmethod
    def from_bytes(content: bytes) -> "Manifest":
        """Read it back. Raises BackupRefused for one that a later version of the tracker wrote."""
        said: dict[str, Any] = json.loads(content)
        if said["format"] != FORMAT:
            raise BackupRefused(
                f"The archive has format {said['format']}, and this program knows format {FORMAT}: "
                f"use version {said.get('program')} of the tracker."
            )
        return Manifest(**(said | {"made_at": datetime.fromisoformat(said["made_at"])}))


def first_line(error: BaseException) -> str:
    """Return the first line of an error's words: databases repeat values in the others."""
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(words).strip().splitlines()[0].rstrip(".")


def document_part(digest: str) -> str:
    """Return the member that holds the document with this digest."""
    return f"documents/{digest}"


class Writer:
    """Writes an archive member by member; ``finish`` adds the manifest and has the disk keep all of it."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.TarFile(fileobj=self._file, mode="w")
        self._parts: dict[str, str] = {}

    def add(self, name: str, content: IO[bytes]) -> None:
        """Add what ``content`` holds from its beginning."""
        content.seek(0)
        digesting = _Digesting(content)
        self._add(name, digesting, os.fstat(content.fileno()).st_size)
        self._parts[name] = digesting.digest

    def finish(self, manifest: Manifest) -> Manifest:
        """Close the archive with its manifest, which is returned with all parts in it."""
        manifest = replace(manifest, parts=self._parts)
        content = manifest.to_bytes()
        name = MANIFEST.format(digest=hashlib.sha256(content).hexdigest())
        self._add(name, BytesIO(content), len(content))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        return manifest

    def close(self) -> None:
        """Let go of the file, whole or not."""
        self._file.close()

    def _add(self, name: str, content: Any, size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, content)


class Reader:
    """Reads an archive; what it hands out was checked against the manifest's digest."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        """Read the manifest. Raises BackupRefused, TarError."""
        self._tar = tar
        self._members = {member.name: member for member in tar.getmembers()}
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        before, after = MANIFEST.split("{digest}")
        for name in [name for name in self._members if name.startswith(before) and name.endswith(after)]:
            content = self._open(name).read()
            if name == MANIFEST.format(digest=hashlib.sha256(content).hexdigest()):
                return Manifest.from_bytes(content)
        raise BackupRefused("The archive has no whole manifest: it was cut off, or is damaged. Use another backup.")

    def check_names(self) -> None:
        """Raise BackupRefused unless all parts are there."""
        lost = self.manifest.parts.keys() - self._members.keys()
        if lost:
            raise BackupRefused(f"The archive is damaged: {len(lost)} of its parts are gone, {min(lost)} among them.")

    def copy(self, name: str, target: IO[bytes]) -> None:
        """Copy a part. Raises BackupRefused where it is not what the manifest says, after having copied it."""
        digesting = _Digesting(self._open(name))
        while chunk := digesting.read(CHUNK):
            target.write(chunk)
        if digesting.digest != self.manifest.parts[name]:
            raise BackupRefused(f"The archive is damaged: {name} is not what was backed up. Use another backup.")

    def _open(self, name: str) -> IO[bytes]:
        try:
            content = self._tar.extractfile(self._members[name])
        except (KeyError, tarfile.TarError) as error:
            raise BackupRefused(f"The archive is damaged: {name} cannot be read. Use another backup.") from error
        if content is None:
            raise BackupRefused(f"The archive is damaged: {name} is no file. Use another backup.")
        return content


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open an archive and close it again. Raises BackupRefused."""
    try:
        tar = tarfile.TarFile(path)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {first_line(error)}.") from error
    except (tarfile.TarError, ValueError) as error:
        raise BackupRefused(f"{path} is no archive of the tracker, or damaged.") from error
    with tar:
        try:
            reader = Reader(tar)
        except (OSError, tarfile.TarError, ValueError, KeyError) as error:
            raise BackupRefused(f"{path} is no archive of the tracker, or damaged.") from error
        yield reader


class _Digesting:
    """A file that is read once, and the digest of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content, self._digest = content, hashlib.sha256()

    def read(self, size: int) -> bytes:
        chunk = self._content.read(size)
        self._digest.update(chunk)
        return chunk

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()
