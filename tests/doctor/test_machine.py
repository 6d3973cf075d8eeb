"""The doctor at the machine: folders that refuse, and the file system below them."""

from pathlib import Path

import pytest

from tests.doctor.servers import settings
from tracker.doctor import machine


def test_a_folder_that_is_not_there_will_be_made(tmp_path: Path) -> None:
    found = list(machine.examine(settings(DATA_DIR=str(tmp_path / "a" / "b"))))
    assert all(finding.ok for finding in found)
    assert not (tmp_path / "a").exists()


def test_folders_that_refuse(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    [a_file, *_] = machine.examine(settings(DATA_DIR=str(tmp_path / "file")))
    assert "is a file: set TRACKER_DATA_DIR" in a_file.text
    if Path("/proc/self").exists():
        [refusing, *_] = machine.examine(settings(DATA_DIR="/proc/tracker"))
        assert "nothing can be written in /proc" in refusing.text


MOUNTS = """21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
22 21 0:50 / /srv/shared\\040files rw - nfs4 server:/x rw
23 21 0:51 / /srv/shared\\040files/local rw - ext4 /dev/vdb rw
24 21 0:52 / /home rw - fuse.sshfs me@host: rw
25 21 0:53 / /home rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/tracker.db", None),
        ("/srv/shared files/tracker.db", "nfs4"),
        ("/srv/shared files/local/tracker.db", None),
        ("/srv/shared files local/tracker.db", None),
        ("/home/tracker.db", None),
    ],
)
def test_the_file_system_of_a_path(path: str, kind: str | None) -> None:
    assert machine.network_file_system(Path(path), MOUNTS) == kind


def test_the_disk_of_this_machine_can_be_told() -> None:
    assert machine.network_file_system(Path("/x"), MOUNTS.replace("ext4", "fuse.sshfs", 1)) == "fuse.sshfs"
