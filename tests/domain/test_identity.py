from datetime import date

import pytest

from services.nominations.domain.identity import (
    IdentityFault,
    check_digit,
    is_credit_code,
    mask_resident_id,
    normalise_number,
    parse_resident_id,
)

TODAY = date(2025, 2, 7)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440524198001010013",
        "140902199002280012",
        "142201197602290028",
        "140922198503120018",
        "142202197503120011",
    ],
)
def test_a_valid_number_is_accepted_whatever_libraries_say(number):
    assert parse_resident_id(number, today=TODAY).number == number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("142201197502290012", "resident_id_date"),
        ("11010519491231002", "resident_id_length"),
        ("110105491231002", "resident_id_length"),
        ("1101051949123100XX", "resident_id_length"),
        ("110105194912310021", "resident_id_checksum"),
        ("990105194912310021", "resident_id_region"),
        ("110105202612310021", "resident_id_date"),
        ("110105189912310021", "resident_id_date"),
        ("1101054912310O2", "resident_id_length"),
        ("1101051949123100２X", "resident_id_length"),
        ("11010519491231002A", "resident_id_length"),
        ("1101051949123100A2", "resident_id_length"),
    ],
)
def test_an_impossible_number_is_refused_by_its_reason(number, code):
    with pytest.raises(IdentityFault) as caught:
        parse_resident_id(number, today=TODAY)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("110105491231002", "15位旧身份证号已停用，请填写18位公民身份号码"),
        ("1101054912310O2", "公民身份号码应为18位，前17位为数字，末位为数字或X"),
    ],
)
def test_only_a_number_of_fifteen_digits_is_called_an_old_one(number, said):
    with pytest.raises(IdentityFault) as caught:
        parse_resident_id(number, today=TODAY)
    assert caught.value.message == said


@pytest.mark.parametrize("province", ["11", "15", "23", "37", "46", "54", "65", "71", "83"])
def test_every_province_is_known_to_the_last_of_its_region(province):
    digits = f"{province}010119850312001"
    assert parse_resident_id(digits + check_digit(digits), today=TODAY).sex == "male"


def test_a_number_may_be_of_somebody_born_today_and_not_tomorrow():
    today, tomorrow = ("14092220250207001", "14092220250208001")
    parse_resident_id(today + check_digit(today), today=TODAY)
    with pytest.raises(IdentityFault):
        parse_resident_id(tomorrow + check_digit(tomorrow), today=TODAY)


def test_the_fault_never_holds_the_number():
    with pytest.raises(IdentityFault) as caught:
        parse_resident_id("110105194912310021", today=TODAY)
    assert "194912" not in str(caught.value)


def test_a_number_tells_birth_month_and_sex():
    holder = parse_resident_id("142201197602290028", today=TODAY)
    assert (holder.birth_month, holder.sex) == ("1976-02", "female")


def test_an_odd_seventeenth_digit_is_male():
    assert parse_resident_id("140922198503120018", today=TODAY).sex == "male"


def test_what_phones_type_is_made_plain():
    assert normalise_number(" １１０１０５ 19491231002x ") == "11010519491231002X"


def test_a_number_is_shown_masked():
    assert mask_resident_id("140902199002280012") == "140***********0012"


def test_an_old_number_of_fifteen_digits_is_masked_too():
    assert mask_resident_id("110105491231002") == "110********1002"


@pytest.mark.parametrize("number", ["1409021990", "14090219900228"])
def test_a_number_too_short_to_mask_is_hidden_whole(number):
    assert mask_resident_id(number) == "*" * len(number)


def test_the_check_digit_completes_a_number():
    assert check_digit("11010519491231002") == "X"


@pytest.mark.parametrize(
    "code",
    [
        "91110000600037341L",
        "9114090012345678XH",
        "11140900MB1234567E",
        "N2140981MF12345678",
        "91140900MA00000160",
        "91140900MA0000006Y",
    ],
)
def test_a_valid_credit_code_is_accepted_also_when_it_starts_with_a_letter(code):
    assert is_credit_code(code)


@pytest.mark.parametrize("code", ["91110000600037341M", "9111000060003734", "9111000060003734IL", "91110000600037341l"])
def test_a_wrong_credit_code_is_refused(code):
    assert not is_credit_code(code)
