"""Photos in HEIC (ISO/IEC 23008-12) without what cameras write into them: its bytes are blotted out where they stand.

Nothing is moved, since the file says by numbers where everything lies. How the camera was held is not told there.
"""

import struct
from collections.abc import Iterator

from tracker.rules.pictures import Odd, bare

_WORDS = {b"Exif", b"mime"}
_FORMATS = {1: ">B", 2: ">H", 4: ">I", 8: ">Q"}
Box = tuple[bytes, int, int]


class _Reader:
    """Reads numbers of so many bytes, one after the other."""

    def __init__(self, content: bytes, start: int) -> None:
        self.content, self.start = content, start

    def number(self, size: int) -> int:
        if size == 0:
            return 0
        (found,) = struct.unpack_from(_FORMATS[size], self.content, self.start)
        self.start += size
        return int(found)


@bare
def bare_heic(content: bytes) -> bytes:
    """Return a HEIC whose Exif and XMP are zeros."""
    metas = [box for box in _boxes(content, 0, len(content)) if box[0] == b"meta"]
    if not metas:
        raise Odd
    _, start, end = metas[0]
    boxes = {kind: (first, last) for kind, first, last in _boxes(content, start + 4, end)}
    told = _items(content, *boxes[b"iinf"])
    blotted = bytearray(content)
    for first, length in _places(content, boxes[b"iloc"][0], told):
        if first + length > len(content):
            raise Odd
        blotted[first : first + length] = bytes(length)
    return bytes(blotted)


def _boxes(content: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield kind, first byte within and end of each box (ISO/IEC 14496-12, 4.2)."""
    while start + 8 <= end:
        size, kind = struct.unpack_from(">I4s", content, start)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, start + 8)
            head = 16
        size = size or end - start
        if size < head:
            raise Odd
        yield kind, start + head, start + size
        start += size


def _items(content: bytes, start: int, end: int) -> set[int]:
    """Return the numbers of the items that are Exif or XMP."""
    first = start + (6 if content[start] == 0 else 8)
    found = set()
    for kind, inside, _ in _boxes(content, first, end):
        version, reader = content[inside], _Reader(content, inside + 4)
        if kind == b"infe" and version >= 2:
            number = reader.number(2 if version == 2 else 4)
            if content[reader.start + 2 : reader.start + 6] in _WORDS:
                found.add(number)
    return found


def _places(content: bytes, start: int, told: set[int]) -> Iterator[tuple[int, int]]:
    """Yield where these items lie in the file: first byte and length."""
    version, reader = content[start], _Reader(content, start + 4)
    sizes = [half for each in (reader.number(1), reader.number(1)) for half in (each >> 4, each & 15)]
    offset_size, length_size, base_size, index_size = sizes
    wide = 2 if version < 2 else 4
    for _ in range(reader.number(wide)):
        item = reader.number(wide)
        way = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(base_size)
        for _ in range(reader.number(2)):
            if version:
                reader.number(index_size)
            first, length = base + reader.number(offset_size), reader.number(length_size)
            if item in told and way == 0:
                yield first, length
