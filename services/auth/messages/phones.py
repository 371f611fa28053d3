"""Phone numbers at rest: sealed to be sent to, and as a keyed fingerprint to be found by."""

from services.auth.keys.sealing import Vault

PURPOSE = "phone"


def phone_mark(vault: Vault, number: str) -> bytes:
    return vault.fingerprint(f"phone {number}")


def phone_columns(vault: Vault, number: str | None) -> dict[str, bytes]:
    """The two columns of a row that keeps a number; none without a number."""
    if number is None:
        return {}
    return {"phone_mark": phone_mark(vault, number), "sealed_phone": vault.seal(number.encode(), purpose=PURPOSE)}


def open_phone(vault: Vault, sealed: bytes) -> str:
    return vault.open(sealed, purpose=PURPOSE).decode()
