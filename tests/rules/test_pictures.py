"""What cameras write into photos is taken out, and nothing else changes; pictures made and read by another library."""

from io import BytesIO

import pytest
from PIL import Image

from tracker.rules.evidence_files import EVIDENCE
from tracker.rules.pictures import ORIENTATION, bare_jpeg, bare_png, bare_webp

GPS, MAKE, LATITUDE = 0x8825, 0x010F, 2
BARE = {"JPEG": bare_jpeg, "PNG": bare_png, "WEBP": bare_webp}


def photo(kind: str, orientation: int = 1, **more: object) -> bytes:
    """Return a picture with a place and a camera in it."""
    image = Image.effect_noise((64, 48), 80).convert("RGB")
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "quokka camera", orientation
    exif.get_ifd(GPS).update({1: "N", LATITUDE: (52.0, 31.0, 12.0)})
    out = BytesIO()
    image.save(out, kind, exif=exif, xmp=b"<x:xmpmeta>quokka</x:xmpmeta>", **more)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", BARE)
@pytest.mark.parametrize("more", [{}, {"progressive": True, "comment": b"quokka"}, {"lossless": True}])
def test_place_and_camera_are_gone_and_every_pixel_is_there(kind: str, more: dict[str, object]) -> None:
    told = photo(kind, **more) + (b"quokka of a film" if kind != "WEBP" else b"")
    assert opened(told).getexif().get_ifd(GPS)
    assert b"quokka" in told
    bare = BARE[kind](told)
    assert b"quokka" not in bare
    assert not opened(bare).getexif().get_ifd(GPS)
    assert opened(bare).tobytes() == opened(told).tobytes()
    assert BARE[kind](bare) == bare


@pytest.mark.parametrize("orientation", [1, 6, 8])
def test_how_the_camera_was_held_stays(orientation: int) -> None:
    found = opened(bare_jpeg(photo("JPEG", orientation))).getexif()
    assert dict(found) == ({} if orientation == 1 else {ORIENTATION: orientation})


@pytest.mark.parametrize("kind", BARE)
def test_what_is_not_understood_is_left_alone(kind: str) -> None:
    whole = photo(kind)
    for end in (0, 3, 9, 20, 40, len(whole) // 2):
        assert BARE[kind](whole[:end]) == whole[:end]


def test_colours_stay() -> None:
    assert opened(bare_jpeg(photo("JPEG", icc_profile=b"profile " * 20))).info["icc_profile"] == b"profile " * 20


def test_every_kind_of_photo_is_made_bare() -> None:
    assert {"jpg", "jpeg", "png", "webp"} <= EVIDENCE.bare.keys()
