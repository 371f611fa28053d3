"""Invitation codes: ten characters of Crockford base32 (50 bits), read aloud and typed on a phone: `K7Q2M-9XHDR`."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
BITS = 5 * LENGTH
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def spell(number: int) -> str:
    """The code of a number below 2**50, in two groups."""
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(BITS - 5, -1, -5))
    return f"{letters[:5]}-{letters[5:]}"


def normalise(typed: str) -> str | None:
    """The code without its groups, letters that look alike read as the digit. None for what cannot be a code."""
    code = typed.upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
