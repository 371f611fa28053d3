"""WeChat refuses a message whose values are longer than their fields: ours are cut before."""

import pytest

from services.auth.domain.subscribe_messages import field_limit, shortened


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("thing1", 20),
        ("character_string12", 32),
        ("phrase3", 5),
        ("name1", 10),
        ("number1", 32),
        ("letter1", 32),
        ("symbol1", 5),
        ("phone_number1", 17),
        ("car_number1", 8),
        ("time2", None),
        ("thing", None),
        ("unheard_of1", None),
    ],
)
def test_a_field_takes_what_its_type_takes(field, limit):
    assert field_limit(field) == limit


def test_a_value_that_fits_is_left_as_it_is():
    assert shortened({"thing1": "二" * 20}) == {"thing1": "二" * 20}


def test_a_value_that_is_too_long_is_cut_and_says_so():
    assert shortened({"thing1": "二" * 21}) == {"thing1": "二" * 19 + "…"}


def test_a_date_is_never_cut():
    assert shortened({"time1": "2025年2月28日 23:59:59 截止"}) == {"time1": "2025年2月28日 23:59:59 截止"}
