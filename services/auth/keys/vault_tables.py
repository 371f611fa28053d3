"""Keys that stay when AUTH_KEY_ENCRYPTION_KEY changes, sealed with it."""

from sqlalchemy.orm import Mapped, mapped_column

from services.auth.tables import AuthTable


class VaultKeyRow(AuthTable):
    __tablename__ = "vault_keys"

    name: Mapped[str] = mapped_column(primary_key=True)
    sealed_key: Mapped[bytes]
