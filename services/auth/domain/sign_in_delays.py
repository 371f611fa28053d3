"""How long a wrong password makes one wait: a little longer each time, and never for good.

The wait belongs to the account *and* the address: a stranger who guesses elsewhere does not keep the owner out.
"""

FREE_ATTEMPTS = 5
LONGEST_SECONDS = 900
FORGOTTEN_AFTER_SECONDS = 86_400


def seconds_after(attempts: int) -> int:
    """The wait after so many attempts without success: 0 for the first ones, then 1, 2, 4 … 900."""
    if attempts < FREE_ATTEMPTS:
        return 0
    return int(min(2 ** min(attempts - FREE_ATTEMPTS, 10), LONGEST_SECONDS))


WAITS = tuple(seconds_after(attempts) for attempts in range(1, FREE_ATTEMPTS + 11))
"""By attempts, beginning at the first; the last one is for all that follow."""
