"""What the doctor asks of the machine: the data folder, its file system, free space, time zones."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url

from config import Settings
from tracker.doctor.finding import Finding, fine, wrong

# SQLite's write-ahead log lives in memory that processes share, and its locks must be real: neither holds on these.
NETWORK_FILE_SYSTEMS = ("9p", "afs", "ceph", "cifs", "glusterfs", "lustre", "ncpfs", "nfs", "smb", "sshfs")
FREE_BYTES_NEEDED = 500 * 1024 * 1024


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what the machine offers to these settings."""
    yield _data_folder(settings.data_dir)
    yield _free_space(settings.data_dir)
    yield _time_zones()


def sqlite_file(url: str) -> Path | None:
    """Return the file behind a SQLite URL, None for another database."""
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def network_file_system(path: Path, mounts: str | None = None) -> str | None:
    """Return the kind of network file system that ``path`` lies on, None where it is a disk of this machine.

    ``mounts`` is a text like /proc/self/mountinfo (proc(5)); where there is none, nothing can be said and nothing is.
    """
    if mounts is None:
        table = Path("/proc/self/mountinfo")
        mounts = table.read_text(encoding="utf-8", errors="replace") if table.exists() else ""
    place, kind = path.resolve(), ""
    longest = -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = Path(before.split()[4].replace("\\040", " "))
        # Of mounts at one point the last one hides the others.
        if place.is_relative_to(point) and len(point.parts) >= longest:
            longest, kind = len(point.parts), after.split()[0]
    bare = kind.removeprefix("fuse.")
    return kind if bare.startswith(NETWORK_FILE_SYSTEMS) else None


def _existing(folder: Path) -> Path:
    # Not Path.exists, which raises where a folder above may not be entered.
    return next(place for place in (folder, *folder.parents) if os.path.exists(place))


def _data_folder(folder: Path) -> Finding:
    about, place = "data folder", _existing(folder)
    if not place.is_dir():
        return wrong(about, f"{place} is a file: set TRACKER_DATA_DIR to a folder.")
    try:
        # Asking for permission is not enough: a disk mounted read-only, or full, refuses all the same.
        with tempfile.TemporaryFile(dir=place) as trial:
            trial.write(b"trial")
    except OSError as error:
        way = f"let user {os.getuid()} write there (chown, chmod), or set TRACKER_DATA_DIR to another folder"
        return wrong(about, f"nothing can be written in {place} ({error.strerror}): {way}.")
    return fine(about, f"{folder} can be written" if folder == place else f"{folder} will be made")


def _free_space(folder: Path) -> Finding:
    free = shutil.disk_usage(_existing(folder)).free
    text = f"{free / 1e9:.1f} GB free at {folder}"
    if free < FREE_BYTES_NEEDED:
        return wrong("disk", f"{text}: make room, at least {FREE_BYTES_NEEDED / 1e9:.1f} GB.")
    return fine("disk", text)


def _time_zones() -> Finding:
    try:
        for name in ("America/New_York", "Europe/Berlin", "Asia/Kolkata"):
            ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        return wrong("time zones", f"{error.args[0]}: install tzdata (Debian: apt install tzdata), or make .venv anew.")
    return fine("time zones", "known")
