"""Settings by environment variables, one prefix per service. Outside the embedded default, weak secrets are refused."""

import base64
import binascii
import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from services.common.messages.emails import EmailSender, Security, SmtpServer, email_sender
from services.common.messages.text_messages import TextMessageSender, text_message_sender

_GIVEN_TO_US = ("database_url", "smtp_password")
"""Secrets that others made."""
_DATABASE_URL = re.compile(r"postgresql\+asyncpg://[^\s/]+/\S+|postgresql\+asyncpg:///\S+")
_PLACEHOLDERS = ("change", "secret", "password", "example", "default", "xianjin", "admin")


def _require_256_bits(value: SecretStr) -> SecretStr:
    try:
        key = base64.b64decode(value.get_secret_value(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise ValueError("must be base64 of 32 random bytes")
    return value


def _require_asyncpg(value: SecretStr) -> SecretStr:
    if not _DATABASE_URL.fullmatch(value.get_secret_value()):
        raise ValueError("must begin with postgresql+asyncpg:// and name a host and a database")
    return value


def faults_of(error: ValidationError) -> list[str]:
    """Each wrong setting by the name of its variable; never what it holds."""
    prefix = error.title.removesuffix("Settings").upper()
    return [
        ": ".join(word for word in (_variable(prefix, fault["loc"]), fault["msg"]) if word) for fault in error.errors()
    ]


def _variable(prefix: str, place: tuple[int | str, ...]) -> str:
    """Members of a setting that is JSON stand behind its name."""
    if not place:
        return ""
    name, *members = map(str, place)
    return "/".join([name if name.startswith("XIANJIN_") else f"{prefix}_{name}".upper(), *members])


DatabaseUrl = Annotated[SecretStr, AfterValidator(_require_asyncpg)]
EncryptionKey = Annotated[SecretStr, AfterValidator(_require_256_bits)]
"""256 bits in base64, as `openssl rand -base64 32` writes them."""


class ServiceSettings(BaseSettings):
    """What every service needs. `mode` is `embedded` (laptop, tests, sandbox) or `production`."""

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    mode: Annotated[Literal["embedded", "production"], Field(validation_alias="XIANJIN_MODE")] = "production"
    database_url: DatabaseUrl
    """postgresql+asyncpg://… as the application role, which owns nothing and cannot change a recorded event."""
    migration_database_url: DatabaseUrl | None = None
    """The same database as the role that owns the service's schema: for `xianjin migrate`, `backup` and `restore` alone.
    A process that serves does without, so that whoever breaks into it cannot change a table."""
    database_pool_size: Annotated[int, Field(ge=1, le=200)] = 10
    auth_base_url: Annotated[str, Field(validation_alias="XIANJIN_AUTH_BASE_URL")] = ""
    """Where the auth service is. Empty: in this process."""
    documents_base_url: Annotated[str, Field(validation_alias="XIANJIN_DOCUMENTS_BASE_URL")] = ""
    """Where the documents service is. Empty: in this process."""
    issuer: Annotated[str, Field(validation_alias="XIANJIN_TOKEN_ISSUER")] = "xianjin"
    trusted_proxies: Annotated[
        list[IPv4Network | IPv6Network], Field(validation_alias="XIANJIN_TRUSTED_PROXIES", default_factory=list)
    ]
    """Networks of our own proxies, whose X-Forwarded-For is believed: `["10.0.0.0/8"]`."""
    sms_gateway_url: Annotated[str, Field(validation_alias="XIANJIN_SMS_GATEWAY_URL")] = ""
    """Where text messages are posted to. Empty: none are sent, or to the file."""
    sms_gateway_secret: Annotated[SecretStr | None, Field(validation_alias="XIANJIN_SMS_GATEWAY_SECRET")] = None
    sms_file: Annotated[Path | None, Field(validation_alias="XIANJIN_SMS_FILE")] = None
    """The file that text messages are written to. Embedded only: they hold codes."""
    smtp_host: Annotated[str, Field(validation_alias="XIANJIN_SMTP_HOST")] = ""
    """The operator's mail server. Empty: no e-mail is sent, or into the folder."""
    smtp_port: Annotated[int, Field(ge=1, le=65535, validation_alias="XIANJIN_SMTP_PORT")] = 465
    smtp_security: Annotated[Security, Field(validation_alias="XIANJIN_SMTP_SECURITY")] = "tls"
    smtp_username: Annotated[str, Field(validation_alias="XIANJIN_SMTP_USERNAME")] = ""
    smtp_password: Annotated[SecretStr | None, Field(validation_alias="XIANJIN_SMTP_PASSWORD")] = None
    """As the mail provider gave it: its length is not ours to judge."""
    mail_from: Annotated[str, Field(validation_alias="XIANJIN_MAIL_FROM")] = ""
    """The address that mail comes from; providers want the one that signed in."""
    mail_folder: Annotated[Path | None, Field(validation_alias="XIANJIN_MAIL_FOLDER")] = None
    """The folder that e-mails are written to. Embedded only."""

    def owners_database_url(self) -> str:
        """Raises SettingsError where the setting is missing."""
        if self.migration_database_url is None:
            raise SettingsError(f"{self.model_config.get('env_prefix', '')}MIGRATION_DATABASE_URL is missing")
        return self.migration_database_url.get_secret_value()

    @model_validator(mode="after")
    def refuse_weak_secrets(self) -> Self:
        if self.mode == "embedded":
            return self
        for name, value in self:
            if isinstance(value, SecretStr) and not name.endswith(_GIVEN_TO_US):
                text = value.get_secret_value()
                if len(text) < 16 or any(word in text.lower() for word in _PLACEHOLDERS):
                    field = type(self).model_fields[name]
                    variable = str(field.validation_alias or f"{self.model_config.get('env_prefix', '')}{name}".upper())
                    raise ValueError(
                        f"{variable} is a default or too short: give a random value of 16 characters or more"
                    )
        return self

    @model_validator(mode="after")
    def refuse_half_a_channel(self) -> Self:
        """At the start, and not when the first message is due."""
        self.text_message_sender()
        self.email_sender()
        return self

    def text_message_sender(self) -> TextMessageSender:
        """Raises ValueError when the gateway is only half set."""
        file = self.sms_file if self.mode == "embedded" else None
        return text_message_sender(gateway=self.sms_gateway_url, secret=self.sms_gateway_secret, file=file)

    def email_sender(self) -> EmailSender:
        """Raises ValueError when the mail server is only half set."""
        folder = self.mail_folder if self.mode == "embedded" else None
        server = SmtpServer(self.smtp_host, self.smtp_port, self.smtp_security, self.smtp_username, self.smtp_password)
        return email_sender(server=server if self.smtp_host else None, sender=self.mail_from, folder=folder)
