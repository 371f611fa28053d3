"""Settings of the auth service, from the environment with the prefix AUTH_."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from services.auth.domain.roles import AT_DESKS, Role
from services.auth.domain.session_limits import SessionLimits
from services.auth.keys.sealing import Vault
from services.common.repeats.answer_seal import AnswerSeal
from services.common.settings import EncryptionKey, ServiceSettings

_CHECKOUT = Path(__file__).parent.parent.parent


class WechatMessage(BaseModel):
    """One template of the mini-program. `{text}` in a value stands for the sentence; it is cut to the field's length."""

    template_id: str
    page: str = ""
    values: dict[str, str]


class AuthSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="AUTH_", extra="ignore")

    key_encryption_key: EncryptionKey
    """Base64 of 32 random bytes. It seals signing keys, phones, addresses and secrets at rest; without it they are lost."""
    key_encryption_old_keys: tuple[EncryptionKey, ...] = ()
    """JSON list of keys that sealed before; `xianjin auth rewrap` makes them needless."""
    service_clients: Annotated[dict[str, SecretStr], Field(default_factory=dict)]
    """Machines that may ask for a service token: client id to secret."""
    wechat_apps: Annotated[dict[str, SecretStr], Field(default_factory=dict)]
    """Mini-programs that may sign in: appid to AppSecret."""
    wechat_messages: Annotated[dict[str, dict[str, WechatMessage]], Field(default_factory=dict)]
    """Subscribe messages: appid → what is told (`review_returned`, `materials_due` …) → template, page and values."""
    wechat_base_url: str = "https://api.weixin.qq.com"
    access_token_seconds: Annotated[int, Field(ge=60, le=900)] = 900
    refresh_token_days: Annotated[int, Field(ge=1, le=90)] = 30
    """A phone that is not used for so long signs in again."""
    session_days: Annotated[int, Field(ge=1, le=365)] = 90
    """However much it is used, a phone signs in again after so many days."""
    official_idle_minutes: Annotated[int, Field(ge=15, le=1440)] = 60
    official_session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    """The same two limits for reviewers, officers and administrators."""
    password_days: Annotated[int, Field(ge=0, le=3650)] = 180
    """After so many days a password must be changed; 0: never."""
    second_factor_roles: list[Role] | None = None
    """Roles that need a one-time code. Unset: reviewers, officers and administrators in production, nobody in embedded mode."""
    sms_as_second_factor: bool = False
    """Whether a code by text message, besides the password, fulfils what AUTH_SECOND_FACTOR_ROLES asks."""
    passkey_domain: Annotated[str, Field(pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)*)?$")] = ""
    """The domain that passkeys are bound to for good, such as `xianjin.example.gov.cn`. Empty: no passkeys."""
    passkey_origins: Annotated[list[str], Field(default_factory=list)]
    """Web pages from which passkeys are accepted: `["https://xianjin.example.gov.cn"]`, on that domain or below it."""
    invitation_days: Annotated[int, Field(ge=1, le=60)] = 14
    invitation_link: Annotated[str, Field(pattern=r"^(https://\S*\{code\}\S*)?$")] = ""
    """What an invitation's QR code says: `https://…?code={code}`, as registered for the mini-program. Empty: the bare code."""

    campaigns_folder: Annotated[Path, Field(validation_alias="XIANJIN_CAMPAIGNS_FOLDER")] = _CHECKOUT / "campaigns"
    """`xianjin migrate` reads bodies and privacy notices from it; the running service does not."""

    @model_validator(mode="after")
    def refuse_weak_client_secrets(self) -> Self:
        for client_id, secret in self.service_clients.items():
            if self.mode == "production" and len(secret.get_secret_value()) < 16:
                raise ValueError(f"AUTH_SERVICE_CLIENTS: the secret of {client_id} has fewer than 16 characters")
        return self

    @model_validator(mode="after")
    def refuse_foreign_passkey_origins(self) -> Self:
        if bool(self.passkey_domain) != bool(self.passkey_origins):
            raise ValueError("AUTH_PASSKEY_DOMAIN and AUTH_PASSKEY_ORIGINS are set together")
        for origin in self.passkey_origins:
            page = urlsplit(origin)
            host = page.hostname or ""
            own = host == self.passkey_domain or host.endswith(f".{self.passkey_domain}")
            safe = page.scheme == "https" or (page.scheme == "http" and host == "localhost")
            if not own or not safe or origin != f"{page.scheme}://{page.netloc}":
                raise ValueError(f"AUTH_PASSKEY_ORIGINS: {origin} is no https:// origin on {self.passkey_domain}")
        return self

    def vault(self, *, fingerprint_key: bytes | None = None) -> Vault:
        """Without the stored fingerprint key it seals and opens; fingerprints are made by `open_vault`'s."""
        return Vault(self.key_encryption_key, old_keys=self.key_encryption_old_keys, fingerprint_key=fingerprint_key)

    def answer_seal(self) -> AnswerSeal:
        keys = (self.key_encryption_key, *self.key_encryption_old_keys)
        return AnswerSeal([key.get_secret_value() for key in keys])

    def wechat_apps_by_id(self) -> dict[str, str]:
        """Appid to AppSecret, unmasked."""
        return {appid: secret.get_secret_value() for appid, secret in self.wechat_apps.items()}

    @property
    def access_token_lifetime(self) -> timedelta:
        return timedelta(seconds=self.access_token_seconds)

    def session_limits(self, role: Role) -> SessionLimits:
        if role in AT_DESKS:
            return SessionLimits(
                timedelta(minutes=self.official_idle_minutes), timedelta(hours=self.official_session_hours)
            )
        return SessionLimits(timedelta(days=self.refresh_token_days), timedelta(days=self.session_days))

    @property
    def password_lifetime(self) -> timedelta | None:
        return timedelta(days=self.password_days) if self.password_days else None

    @property
    def roles_with_second_factor(self) -> frozenset[Role]:
        if self.second_factor_roles is not None:
            return frozenset(self.second_factor_roles)
        return AT_DESKS if self.mode == "production" else frozenset()

    def link_to(self, invitation_code: str) -> str | None:
        return self.invitation_link.replace("{code}", invitation_code) if self.invitation_link else None

    @property
    def invitation_lifetime(self) -> timedelta:
        return timedelta(days=self.invitation_days)
