"""Settings of the documents service, from variables that start with DOCUMENTS_."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.common.settings import EncryptionKey, ServiceSettings

_CHECKOUT = Path(__file__).parent.parent.parent


class DocumentsSettings(ServiceSettings):
    """What the documents service needs to run."""

    model_config = SettingsConfigDict(env_prefix="DOCUMENTS_", extra="ignore")

    s3_endpoint: str
    """host:port of any S3 server, without a scheme."""
    s3_access_key: SecretStr
    s3_secret_key: SecretStr
    s3_bucket: str = "documents"
    s3_region: str = "us-east-1"
    """Given always: without it the client asks the server for it, and blocks meanwhile."""
    s3_secure: bool = True
    """TLS to the S3 server. The embedded default speaks plain HTTP on loopback."""
    s3_concurrency: Annotated[int, Field(ge=1, le=256)] = 8
    """Calls to the S3 server at once: the number of threads and of kept connections."""
    client_secret: SecretStr
    """Its entry in AUTH_SERVICE_CLIENTS: consents that come with files are entered at auth, withdrawals are heard from it."""
    decisions_seconds: Annotated[float, Field(ge=0, le=3600)] = 5
    """How often auth is asked for withdrawn consents and decided requests for erasure. 0: never, for tests."""
    object_encryption_key: EncryptionKey
    """Base64 of 32 bytes: seals the data keys of encrypted objects (AES-256-GCM)."""
    s3_public_url: Annotated[str, Field(pattern=r"^(https?://[^/\s]+)?$")] = ""
    """Scheme, host and port under which phones reach the S3 server. Empty: no uploads straight to it."""
    link_signing_key: EncryptionKey
    """Base64 of 32 bytes: signs short-lived links to files."""
    clamd_address: str = ""
    """tcp://host:port or unix:///path of a clamd. Empty: files are not scanned for malware."""
    uploads_at_once: Annotated[int, Field(ge=1, le=10_000)] = 64
    """Uploads that may arrive at the same time, on disk beyond 1 MB each. The next is answered 503 with Retry-After."""
    uploads_in_memory: Annotated[int, Field(ge=1, le=1000)] = 8
    """Of those, how many are read whole and checked at a time; each is 10 MB at most."""
    open_uploads_per_person: Annotated[int, Field(ge=1, le=1000)] = 10
    """Uploads in chunks that one person may have begun and not finished."""
    upload_hours: Annotated[int, Field(ge=1, le=720)] = 24
    """How long an upload that was begun may be finished."""
    object_encryption_old_keys: tuple[EncryptionKey, ...] = ()
    """JSON list of keys that sealed objects before; `xianjin documents rewrap` makes them needless."""
    sweep_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    """How often expired uploads, links and orphaned objects are removed. 0: only by `xianjin documents sweep`."""
    backups_kept_days: Annotated[int, Field(ge=0, le=3650)] | None = None
    """How long backups are kept: until then an erased paper lives on in them, as its certificate says. None: not said."""
    inspection_workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes that decode and measure pictures."""
    inspection_queue: Annotated[int, Field(ge=0, le=1000)] = 16
    """Files that may wait for a worker; each holds up to 10 MB. The next one is answered 503 with Retry-After."""
    card_readers: Annotated[int, Field(ge=0, le=16)] = 0
    """Processes that read ID card copies (half a gigabyte each); they need the extra `ocr`. 0: a person compares."""
    campaigns_folder: Annotated[Path, Field(validation_alias="XIANJIN_CAMPAIGNS_FOLDER")] = _CHECKOUT / "campaigns"
