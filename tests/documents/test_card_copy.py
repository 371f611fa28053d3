"""ID card copies from their bytes to warnings, on made-up cards."""

import csv
import io

import numpy as np
import pytest
from PIL import Image

from services.documents.domain.card_rule import CardSide
from services.documents.inspection.card_copy import check_card
from tests.documents.pictures import PHOTOS, drawing, encoded, mutations, photo

CARDS = PHOTOS.parent / "idcards"
FRONT, BACK = CardSide.FRONT, CardSide.BACK

WARNED = {
    "glare_on_text": {"card_glare"},
    "glare_on_number": {"card_glare"},
    "low_res": {"card_too_small"},
    "shadow_blur": {"card_blurred", "card_glare"},
    "back_only": {"card_wrong_side"},
}


def truth() -> list[dict[str, str]]:
    with (CARDS / "truth.csv").open(newline="", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def card(variant: str) -> bytes:
    (row,) = (row for row in truth() if row["variant"] == variant)
    return (CARDS / row["file"]).read_bytes()


def codes(content: bytes, side: CardSide) -> set[str]:
    findings = check_card(content, side)
    assert findings is not None
    return {str(finding.code) for finding in findings}


@pytest.mark.parametrize("variant", [row["variant"] for row in truth()])
def test_r184_each_copy_is_warned_of_what_it_has_and_of_nothing_else(variant):
    assert codes(card(variant), FRONT) == WARNED.get(variant, set())


@pytest.mark.parametrize("variant", ["clean_scan", "rotated_7", "rotated_90"])
def test_a_front_sent_as_the_back_is_told(variant):
    assert codes(card(variant), BACK) == {"card_wrong_side"}


def test_a_copy_of_both_sides_is_neither_side_wrongly():
    assert (codes(card("a4_both_sides"), FRONT), codes(card("a4_both_sides"), BACK)) == (set(), set())


def test_a_card_that_runs_out_of_the_picture_is_cut_off():
    picture = Image.open(io.BytesIO(card("rotated_7"))).crop((0, 0, 800, 1000))
    assert "card_cut_off" in codes(encoded(picture), FRONT)


def test_an_empty_sheet_shows_no_card():
    sheet = np.random.default_rng(5).normal(245, 3, (800, 1200, 3)).clip(0, 255).astype(np.uint8)
    assert codes(encoded(Image.fromarray(sheet)), FRONT) == {"card_not_found"}


def test_a_real_face_shows_the_front():
    scene = Image.new("RGB", (1200, 800), (90, 90, 90))
    scene.paste((235, 238, 242), (100, 80, 1100, 710))
    scene.paste(drawing(width=240, height=330, background=(235, 238, 242)), (820, 160))
    assert ("card_wrong_side" in codes(encoded(scene), BACK), "card_wrong_side" in codes(encoded(scene), FRONT)) == (
        True,
        False,
    )


def test_a_png_is_looked_at_like_a_jpeg():
    picture = Image.open(io.BytesIO(card("glare_on_number")))
    assert codes(encoded(picture, "PNG"), FRONT) == {"card_glare"}


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", photo("d100"), photo("d108")], ids=["empty", "pdf", "cut", "bomb"]
)
def test_of_no_sound_picture_nothing_is_said(content):
    assert check_card(content, FRONT) is None


def test_no_mutation_makes_the_check_raise():
    for mutated in mutations(card("low_res"), count=40, first=2):
        assert isinstance(check_card(mutated, FRONT), tuple | None)
