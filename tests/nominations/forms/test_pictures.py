"""Pictures made ready for paper."""

from io import BytesIO

import pytest
from PIL import Image

from services.nominations.forms.pictures import picture_for_print
from tests.nominations.forms.sample_form import picture


def test_a_portrait_fills_its_box_at_two_inches_r188() -> None:
    drawn = picture_for_print(picture(413, 578, "blue"), width=35, height=49)
    assert drawn is not None
    assert (drawn.width, drawn.height) == (pytest.approx(35, abs=0.1), pytest.approx(49, abs=0.1))


def test_a_picture_of_another_proportion_is_neither_cropped_nor_stretched() -> None:
    drawn = picture_for_print(picture(300, 600, "blue"), width=35, height=49)
    assert drawn is not None
    assert (drawn.width, drawn.height) == (24.5, 49)


def test_a_picture_with_enough_pixels_is_printed_as_it_came() -> None:
    content = picture(413, 579, "blue")
    drawn = picture_for_print(content, width=35, height=49)
    assert drawn is not None
    assert drawn.content == content


def test_a_large_picture_is_reduced_to_print_resolution() -> None:
    drawn = picture_for_print(picture(4000, 2524, "grey"), width=85.6, height=54)
    assert drawn is not None
    assert drawn.width_px <= 1700


def test_a_turned_photograph_stands_upright_without_the_cameras_data() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn by 90 degrees
    exif[0x010F] = "Camera"
    file = BytesIO()
    Image.new("RGB", (600, 400), "red").save(file, "JPEG", exif=exif)
    drawn = picture_for_print(file.getvalue(), width=40, height=60)
    assert drawn is not None
    assert (drawn.width_px, drawn.height_px) == (400, 600)
    assert b"Camera" not in drawn.content


def test_transparency_is_printed_on_white() -> None:
    file = BytesIO()
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(file, "PNG")
    drawn = picture_for_print(file.getvalue(), width=20, height=20)
    assert drawn is not None
    assert Image.open(BytesIO(drawn.content)).getpixel((100, 100)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0", picture(400, 400, "red")[:900]])
def test_a_file_that_is_no_readable_picture_is_none(content: bytes) -> None:
    assert picture_for_print(content, width=35, height=49) is None
