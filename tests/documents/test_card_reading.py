"""ID card copies read by the extra `ocr`, on made-up cards, without a network and without a word in a log."""

import logging
import socket
from datetime import date

import pytest

from services.demo.content import new_nominee
from services.demo.specimen import card_front
from services.documents.domain.card_rule import CardSide
from services.documents.domain.card_text_rule import judge_text
from services.documents.inspection.card_reading import can_read, read_card_text
from tests.documents.test_card_copy import card, truth

READ = ("rotated_90", "low_res", "a4_both_sides")


@pytest.fixture(autouse=True, scope="module")
def _without_network():
    def refuse(*_: object) -> None:
        raise AssertionError("a card reader asked the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield


def row(variant: str) -> dict[str, str]:
    return next(each for each in truth() if each["variant"] == variant)


@pytest.mark.parametrize("variant", READ)
def test_r184_number_and_name_are_read_as_they_stand_on_the_card(variant):
    text = read_card_text(card(variant))
    assert text is not None
    assert (text.number, row(variant)["name"] in text.names) == (row(variant)["id_number"], True)


def test_the_demos_card_shows_the_number_and_the_name_of_its_form():
    nominee = new_nominee()
    text = read_card_text(card_front(nominee))
    assert text is not None
    assert (text.number, nominee.full_name in text.names) == (nominee.resident_id_number, True)


def test_a_number_under_glare_is_not_guessed():
    text = read_card_text(card("glare_on_number"))
    assert text is not None
    assert (text.number, row("glare_on_number")["name"] in text.names) == (None, True)
    assert "card_number_unreadable" in [finding.code for finding in judge_text(text, CardSide.FRONT)]


def test_r193_the_back_says_until_when_and_that_it_is_the_back(caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        text = read_card_text(card("back_only"))
    assert text is not None
    assert (text.valid_until, text.no_expiry, text.number) == (date(2035, 5, 7), False, None)
    assert [finding.code for finding in judge_text(text, CardSide.FRONT)] == ["card_wrong_side"]
    assert (caplog.text, *capfd.readouterr()) == ("", "", "")


def test_of_no_picture_nothing_is_read():
    assert (can_read(), read_card_text(b"no picture"), read_card_text(b"")) == (True, None, None)
