"""Passkeys (WebAuthn level 3): how many, how long a challenge may be answered, and what a counter tells."""

from datetime import timedelta

MOST = 10
CHALLENGE_LIFETIME = timedelta(minutes=5)


def counter_moves_on(stored: int, sent: int) -> bool:
    """An authenticator that counts at all counts on: of two copies of one key, one lags behind (§6.1.1).

    Zero and zero: it does not count. Passkeys that are carried between devices do not.
    """
    return sent > stored or sent == stored == 0
