"""Pictures that no portrait is like: strips, crumbs and sheets are measured without a fault of our own."""

import numpy as np
import pytest
from PIL import Image

from services.documents.domain.card_rule import CardSide
from services.documents.domain.photo_fix import BackgroundChoice
from services.documents.inspection.card_copy import check_card
from services.documents.inspection.photo_encoding import encode_within
from services.documents.inspection.photo_fixing import fix_photo
from services.documents.inspection.portrait import inspect_portrait
from services.documents.inspection.sharpness import measure_sharpness
from tests.documents.pictures import BLUE, drawing, encoded


def noise(width, height):
    return Image.fromarray(np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8))


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (1, 2000), (4000, 2), (40, 57), (3000, 300)])
@pytest.mark.parametrize(
    "make", [noise, lambda width, height: Image.new("RGB", (width, height), BLUE)], ids=["noise", "blue"]
)
def test_a_picture_of_any_shape_is_measured(size, make, profile):
    content = encoded(make(*size))
    assert inspect_portrait(content, profile).verdict == "reject"
    assert fix_photo(content, profile, BackgroundChoice.BLUE).verdict == "reject"
    assert isinstance(check_card(content, CardSide.FRONT), tuple)


def test_a_face_that_fills_more_than_the_picture_is_measured(profile):
    close = drawing(width=826, height=1158).crop((250, 330, 580, 790)).resize((826, 1158))
    codes = {str(finding.code) for finding in inspect_portrait(encoded(close), profile).findings}
    assert codes & {"face_too_large", "face_cut", "no_face"}


def test_a_crumb_is_not_called_blurred():
    sharpness = measure_sharpness(np.zeros((5, 5), np.float32))
    assert (sharpness.edge_width, sharpness.detail) == (0.0, 0.0)


def test_a_picture_with_too_much_detail_is_written_with_less_quality(profile):
    content = encode_within(np.asarray(noise(826, 1158)), profile.target)
    assert content is not None
    assert profile.target.min_bytes <= len(content) <= profile.target.max_bytes


def test_a_picture_with_no_detail_fills_no_byte_window(profile):
    assert encode_within(np.asarray(Image.new("RGB", (413, 579), BLUE)), profile.target) is None
