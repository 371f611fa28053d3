"""What the markers of a file say, without decoding."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.domain.photo_measures import FileFault
from services.documents.inspection.exif_orientation import exif_orientation
from services.documents.inspection.file_format import real_format
from services.documents.inspection.file_tail import Tail
from services.documents.inspection.jpeg_structure import read_structure
from tests.documents.pictures import drawing, encoded, photo, portrait, turned, with_segment

PORTRAIT = portrait()
PROGRESSIVE = photo("d025")


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"", "empty"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"GIF89a", "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"II*\x00", "tiff"),
        (b"BM", "bmp"),
        (b"%PDF-1.7", "pdf"),
        (b"PK\x03\x04", "zip"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "heic"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", "avif"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41", "mp4"),
        (b"<html>", "unknown"),
    ],
)
def test_r126_a_format_is_told_by_content(start, name):
    assert real_format(start) == name


@pytest.mark.parametrize("file_format", ["PNG", "GIF", "WEBP", "TIFF", "AVIF"])
def test_r126_a_picture_that_is_no_jpeg_is_named(file_format):
    structure = read_structure(encoded(drawing(), file_format))
    assert (structure.fault, structure.real_format) == (FileFault.NOT_JPEG, file_format.lower())


def test_a_whole_portrait_has_no_fault():
    structure = read_structure(PORTRAIT)
    assert (structure.fault, structure.width, structure.height) == (None, 413, 579)
    assert (structure.colour_model, structure.scans, structure.tail) == ("rgb", 1, Tail())


def test_a_progressive_file_shows_its_scans():
    assert read_structure(PROGRESSIVE).scans == 10


@pytest.mark.parametrize(("mode", "model"), [("L", "grey"), ("CMYK", "ycck")])
def test_components_and_the_adobe_marker_tell_the_colour_model(mode, model):
    assert read_structure(encoded(drawing().convert(mode))).colour_model in (model, "cmyk" if mode == "CMYK" else model)


@pytest.mark.parametrize("content", [PORTRAIT, PROGRESSIVE], ids=["baseline", "progressive"])
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_cut_off_anywhere_is_truncated(content, share):
    length = 3 + int(share * (len(content) - 3))
    assert read_structure(content[:length]).fault is FileFault.TRUNCATED


@given(st.binary(max_size=400))
def test_nothing_that_follows_the_magic_makes_the_walk_raise(content):
    assert read_structure(b"\xff\xd8\xff" + content).real_format == "jpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x01\xff\xd9",
        b"\xff\xd8\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xc0\x00\x04\x08\x00\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x02junk\xff\xd9",
        b"\xff\xd8" + b"\xff\xe0\x00\x02" * 5000 + b"\xff\xd9",
        b"\xff\xd8" + b"\xff\xc0\x00\x0b\x08\x02\x43\x01\x9d\x03\x01\x11\x00" * 2 + b"\xff\xd9",
        b"\xff\xd8\xff\xc0\x00\x0b\x08\x00\x00\x01\x9d\x03\x01\x11\x00\xff\xd9",
    ],
    ids=["no frame", "length", "second start", "short frame", "no marker", "segments", "two frames", "no height"],
)
def test_markers_that_make_no_sense_are_damage(content):
    assert read_structure(content).fault is FileFault.CORRUPT


@pytest.mark.parametrize(
    ("tail", "kind"),
    [
        (b"PK\x03\x04payload", "zip"),
        (b"%PDF-1.4", "pdf"),
        (b"<?PHP echo 1;", "php"),
        (b"\n<!DOCTYPE html>", "html"),
        (b"\x7fELF", "elf"),
        (b"MZ\x90", "exe"),
        (b"something", "unknown"),
        (b"\xff\xd8\xff\xe0cut", "unknown"),
        (PORTRAIT + b"PK\x03\x04", "zip"),
        (b"notes PK\x05\x06 SEFT", "zip"),
    ],
)
def test_what_stands_behind_the_picture_is_named(tail, kind):
    assert read_structure(PORTRAIT + tail).tail.kind == kind


@pytest.mark.parametrize(
    ("tail", "pictures"),
    [
        (b"", 0),
        (bytes(40), 0),
        (b"\r\n", 0),
        (b"camera notes SEFT", 0),
        (PORTRAIT, 1),
        (bytes(64) + PORTRAIT + bytes(3) + PORTRAIT, 2),
        (b"\x00\x00\x00\x18ftypmp42 video", 1),
    ],
)
def test_what_phones_put_behind_the_picture_is_no_payload(tail, pictures):
    assert read_structure(PORTRAIT + tail).tail == Tail(None, pictures)


def test_thousands_of_pictures_behind_the_first_are_no_phone():
    assert read_structure(PORTRAIT + b"\xff\xd8\xff\xd9" * 5000).tail.kind == "unknown"


@pytest.mark.parametrize("marker", [b"\xff\xfe", b"\xff\xe1"])
def test_a_script_in_a_comment_or_in_metadata_is_seen(marker):
    assert read_structure(with_segment(PORTRAIT, marker, b"<ScRiPt>alert(1)</script>")).markup is True


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_orientation_is_read(orientation):
    structure = read_structure(turned(drawing(), orientation))
    assert (structure.orientation, structure.transposed) == (orientation, orientation >= 5)


@pytest.mark.parametrize(
    "segment",
    [
        b"http://ns.adobe.com/xap/1.0/\x00",
        b"Exif\x00\x00",
        b"Exif\x00\x00XX*\x00",
        b"Exif\x00\x00II*\x00\xff\xff\xff\xff",
        b"Exif\x00\x00" + struct.pack(">4sIH", b"MM\x00*", 8, 0),
        b"Exif\x00\x00" + struct.pack(">4sIHHHIHH", b"MM\x00*", 8, 1, 0x0112, 3, 1, 9, 0),
        b"Exif\x00\x00" + struct.pack(">4sIHHHIHH", b"MM\x00*", 8, 1, 0x0112, 4, 1, 6, 0),
    ],
)
def test_unusable_exif_turns_nothing(segment):
    assert exif_orientation(segment) is None
