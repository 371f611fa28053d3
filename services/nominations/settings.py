"""Settings of the nominations service, from variables that start with NOMINATIONS_."""

from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.common.repeats.answer_seal import AnswerSeal
from services.common.settings import EncryptionKey, ServiceSettings
from services.nominations.personal_data.sealing import IdentitySeal

_CHECKOUT = Path(__file__).parent.parent.parent


class NominationsSettings(ServiceSettings):
    """What the procedure needs to run."""

    model_config = SettingsConfigDict(env_prefix="NOMINATIONS_", extra="ignore")

    field_encryption_key: EncryptionKey
    """Base64 of 32 bytes: seals identity numbers at rest (AES-256-GCM)."""
    field_encryption_old_keys: tuple[EncryptionKey, ...] = ()
    """JSON list of keys that sealed before; `xianjin nominations rewrap` makes them needless."""
    blind_index_key: EncryptionKey
    """Base64 of 32 bytes: HMAC key by which equal identity numbers are found without opening them."""
    blind_index_other_keys: tuple[EncryptionKey, ...] = ()
    """JSON list of keys that other processes or older rows may index with, while the key changes."""
    evidence_signing_key: EncryptionKey
    """Base64 of 32 bytes: the Ed25519 key that seals histories and signs packages. Old public keys stay in the database."""
    client_secret: SecretStr
    """With it this service signs in at auth, to speak to documents in its own name."""
    campaigns_folder: Annotated[Path, Field(validation_alias="XIANJIN_CAMPAIGNS_FOLDER")] = _CHECKOUT / "campaigns"
    clock_start: datetime | None = None
    """Embedded mode only: the moment at which the procedure's clock starts on fresh data, so that an old notice can run."""
    consultation_url: str = ""
    """The front end's page for opinion sheets, such as https://h5.city.example/opinion: links are it, #, and a code."""
    jobs: bool = True
    """Whether this process also does jobs: notifications, reminders, webhooks. Any number of processes may."""
    decisions_seconds: Annotated[float, Field(ge=0, le=3600)] = 5
    """How often auth is asked which people's data is restricted; 0: never."""
    live_waits: Annotated[int, Field(ge=0, le=10_000)] = 500
    stream_seconds: Annotated[int, Field(ge=0, le=3600)] = 600
    """How many requests of this process may wait for changes at a time; further ones are answered at once."""
    webhook_networks: Annotated[list[IPv4Network | IPv6Network], Field(default_factory=list)]
    """Networks of one's own that webhooks may be sent into, by http too: `["10.20.0.0/16"]`. None: the public internet only."""
    render_workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes that draw PDF and DOCX."""

    def identity_seal(self) -> IdentitySeal:
        indexing = (self.blind_index_key, *self.blind_index_other_keys)
        return IdentitySeal(
            encryption_keys=self._sealing_keys(),
            index_keys=[key.get_secret_value() for key in indexing],
        )

    def answer_seal(self) -> AnswerSeal:
        return AnswerSeal(self._sealing_keys())

    def _sealing_keys(self) -> list[str]:
        return [key.get_secret_value() for key in (self.field_encryption_key, *self.field_encryption_old_keys)]
