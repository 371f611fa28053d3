"""公民身份号码 (GB 11643-1999) and 统一社会信用代码 (GB 32100-2015).

Both are checked by their own arithmetic: libraries refuse numbers of regions that existed once, and credit codes that
start with a letter.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from services.nominations.domain.region_codes import REGION_CODES

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PROVINCES = frozenset(
    str(code)
    for codes in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(codes[0], codes[1] + 1)
)
_EARLIEST_BIRTH = date(1900, 1, 1)


class IdentityFault(ValueError):
    """Why a number cannot be right. `code` is stable; the number itself is never in the message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class ResidentId:
    """What a valid number says of its holder."""

    number: str
    born_on: date
    sex: str
    """`male` or `female`, from the 17th digit."""

    @property
    def region_is_known(self) -> bool:
        """Whether a district with this code ever existed, as far as registers tell. Doubt is for a person to settle."""
        return self.number[:6] in REGION_CODES

    @property
    def birth_month(self) -> str:
        return f"{self.born_on:%Y-%m}"


def normalise_number(text: str) -> str:
    """Full-width characters, spaces, hyphens and small letters, as phones type them, made plain."""
    plain = "".join(unicodedata.normalize("NFKC", text).replace("-", "").split())
    return unicodedata.normalize("NFKC", plain.upper())


def parse_resident_id(number: str, *, today: date) -> ResidentId:
    """Reads a normalised number. Raises IdentityFault: length, region, date or checksum.

    Only a province that never existed refuses: registers of districts have holes, and nobody is shut out by one.
    """
    if len(number) == 15 and number.isdigit():
        raise IdentityFault("resident_id_length", "15位旧身份证号已停用，请填写18位公民身份号码")
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
        raise IdentityFault("resident_id_length", "公民身份号码应为18位，前17位为数字，末位为数字或X")
    if number[:2] not in _PROVINCES:
        raise IdentityFault("resident_id_region", "公民身份号码的地区代码不存在，请核对前6位")
    born_on = _birth_date(number[6:14], today)
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number[:17], strict=True))
    if _ID_CHECKS[total % 11] != number[17]:
        raise IdentityFault("resident_id_checksum", "公民身份号码校验不通过，请逐位核对")
    return ResidentId(number, born_on, "male" if int(number[16]) % 2 else "female")


def _birth_date(digits: str, today: date) -> date:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born_on = date.max
    if not _EARLIEST_BIRTH <= born_on <= today:
        raise IdentityFault("resident_id_date", "公民身份号码中的出生日期不存在，请核对第7至14位")
    return born_on


def check_digit(first_seventeen: str) -> str:
    """The last character that belongs to seventeen digits: for synthetic numbers in samples and tests."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, first_seventeen, strict=True))
    return _ID_CHECKS[total % 11]


def mask_resident_id(number: str) -> str:
    """How a number is shown: first 3 and last 4 characters. A number too short for that is hidden whole."""
    if len(number) < 15:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def is_credit_code(code: str) -> bool:
    """Whether 18 characters form a valid 统一社会信用代码. The region inside is the registration office's."""
    if len(code) != 18 or any(character not in _CREDIT_ALPHABET for character in code):
        return False
    total = sum(_CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31] == code[17]
