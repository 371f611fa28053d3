"""Codes by text message: six digits, five minutes, five tries, once."""

from datetime import timedelta

DIGITS = 6
LIFETIME = timedelta(minutes=5)
TRIES = 5
"""Of a million codes: whoever guesses hits one in 200 000 before the code is dead."""


def sentence(code: str) -> str:
    minutes = LIFETIME // timedelta(minutes=1)
    return f"验证码{code}，{minutes}分钟内有效，用于登录评选表彰系统。任何人向您索要，请勿告知。"
