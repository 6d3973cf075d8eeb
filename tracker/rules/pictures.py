"""Photos without what cameras write into them: where and when they were taken, and with what. Pixels stay as they are.

A picture that is not understood is left alone: nobody's file is broken for it.
"""

import struct
from collections.abc import Callable, Iterator

ORIENTATION = 0x0112
_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
# Markers that stand alone: restarts within the picture's data, and a stuffed FF.
_ALONE = {0x00, 0x01, *range(0xD0, 0xD8)}
_PNG_WORDS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_WEBP_WORDS = {b"EXIF", b"XMP "}
_WEBP_FLAGS = 0x08 | 0x04


class Odd(ValueError):
    """Not as the format says."""


def bare(look: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Have a picture that is not understood be left alone."""

    def without(content: bytes) -> bytes:
        try:
            return look(content)
        except (Odd, struct.error, LookupError):
            return content

    return without


@bare
def bare_jpeg(content: bytes) -> bytes:
    """Return a JPEG (ITU-T T.81) with its pixels, colours and orientation alone; what follows its end is cut off."""
    kept, start = [b"\xff\xd8"], 2
    while True:
        if content[start] != 0xFF:
            raise Odd
        marker = content[start + 1]
        if marker == 0xFF:
            start += 1
            continue
        if marker == _EOI:
            return b"".join([*kept, b"\xff\xd9"])
        end = start + 2 + int(struct.unpack_from(">H", content, start + 2)[0])
        segment = content[start:end]
        if marker == _SOS:
            end = _end_of_scan(content, end)
            kept.append(content[start:end])
        elif marker == _APP1 and segment[4:10] == b"Exif\0\0":
            kept.append(_turned(_orientation(segment[10:])))
        elif not _tells(marker, segment):
            kept.append(segment)
        start = end


def _tells(marker: int, segment: bytes) -> bool:
    is_colour = marker in (_APP0, _APP14) or (marker == _APP2 and segment[4:16] == b"ICC_PROFILE\0")
    return marker == _COM or (_APP0 <= marker <= 0xEF and not is_colour)


def _end_of_scan(content: bytes, start: int) -> int:
    while True:
        start = content.find(b"\xff", start)
        if start < 0 or start + 1 >= len(content):
            raise Odd
        if content[start + 1] not in _ALONE and content[start + 1] != 0xFF:
            return start
        start += 1 if content[start + 1] == 0xFF else 2


def _orientation(tiff: bytes) -> int:
    """Return how the camera was held (Exif 2.3, tag 274), 1 where that is not said."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _turned(orientation: int) -> bytes:
    if orientation == 1:
        return b""
    entry = struct.pack(">HHIHH", ORIENTATION, 3, 1, orientation, 0)
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    return struct.pack(">BBH", 0xFF, _APP1, len(exif) + 2) + exif


@bare
def bare_png(content: bytes) -> bytes:
    """Return a PNG without its texts, times and Exif."""
    kept, start = [content[:8]], 8
    while True:
        length, kind = struct.unpack_from(">I4s", content, start)
        end = start + 12 + length
        if end > len(content):
            raise Odd
        if kind not in _PNG_WORDS:
            kept.append(content[start:end])
        if kind == b"IEND":
            return b"".join(kept)
        start = end


@bare
def bare_webp(content: bytes) -> bytes:
    """Return a WebP without Exif and XMP."""
    kept = [_without_flags(kind, chunk) for kind, chunk in _chunks(content) if kind not in _WEBP_WORDS]
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    end, start = 8 + int(struct.unpack_from("<I", content, 4)[0]), 12
    if end > len(content) or start >= end:
        raise Odd
    while start < end:
        kind, length = struct.unpack_from("<4sI", content, start)
        yield kind, content[start : start + 8 + length + length % 2]
        start += 8 + length + length % 2


def _without_flags(kind: bytes, chunk: bytes) -> bytes:
    return chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:] if kind == b"VP8X" else chunk
