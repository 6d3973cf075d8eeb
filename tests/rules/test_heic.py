"""What a camera wrote into a HEIC is blotted out, and all else stays where it is."""

import struct

import pytest

from tracker.rules.evidence_files import EVIDENCE
from tracker.rules.heic import bare_heic

PIXELS, EXIF, XMP = b"pixels" * 9, b"Exif quokka at 52 N", b"<x>quokka</x>"


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def item(number: int, kind: bytes) -> bytes:
    return box(b"infe", b"\x02\0\0\0", struct.pack(">HH4s", number, 0, kind), b"\0")


def photo(version: int = 1) -> bytes:
    parts = (PIXELS, EXIF, XMP)
    infos = box(b"iinf", bytes(4), struct.pack(">H", 3), item(1, b"hvc1"), item(2, b"Exif"), item(3, b"mime"))

    def made(first: int) -> bytes:
        places = [bytes([version, 0, 0, 0]), b"\x44\x00", struct.pack(">H", 3)]
        for number, part in enumerate(parts, 1):
            places.append(struct.pack(">H", number) + (b"\0\0" if version else b"") + struct.pack(">HH", 0, 1))
            places.append(struct.pack(">II", first, len(part)))
            first += len(part)
        return box(b"ftyp", b"heic", bytes(4), b"mif1") + box(b"meta", bytes(4), infos, box(b"iloc", *places))

    return made(len(made(0)) + 8) + box(b"mdat", *parts)


@pytest.mark.parametrize("version", [0, 1])
def test_exif_and_xmp_are_blotted_out_and_nothing_moves(version: int) -> None:
    told = photo(version)
    assert EVIDENCE.looks["heic"](told)
    bare = EVIDENCE.kept("heic", told)
    assert bare == told.replace(EXIF, bytes(len(EXIF))).replace(XMP, bytes(len(XMP)))
    assert PIXELS in bare


def test_what_is_not_understood_is_left_alone() -> None:
    whole = photo()
    for end in (0, 5, 12, 40, 90, len(whole) - 3):
        assert bare_heic(whole[:end]) == whole[:end]
