import os

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict, SettingsError

from services.common.messages.text_messages import NoSender
from services.common.settings import EncryptionKey, ServiceSettings


class SampleSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SAMPLE_", extra="ignore")

    token_secret: SecretStr
    key: EncryptionKey = SecretStr("A" * 43 + "=")


@pytest.fixture(autouse=True)
def only_what_a_test_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests of the same process may have started servers, whose settings stand in the environment."""
    for name in [name for name in os.environ if name.startswith("XIANJIN_")]:
        monkeypatch.delenv(name)


def settings(monkeypatch: pytest.MonkeyPatch, *, mode: str, secret: str) -> SampleSettings:
    monkeypatch.setenv("XIANJIN_MODE", mode)
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql+asyncpg://x@localhost/x")
    monkeypatch.setenv("SAMPLE_TOKEN_SECRET", secret)
    return SampleSettings()


@pytest.mark.parametrize("secret", ["short", "change-me-change-me-now", "xianjin-production-token", "password12345678"])
def test_a_default_or_short_secret_is_refused_in_production_by_name(monkeypatch, secret):
    with pytest.raises(ValidationError, match="SAMPLE_TOKEN_SECRET"):
        settings(monkeypatch, mode="production", secret=secret)


def test_a_service_that_serves_needs_no_owner_and_a_command_that_does_says_which_setting_is_missing(monkeypatch):
    serving = settings(monkeypatch, mode="production", secret="q7Zt0nVb2LxEw9Kc4HsD")
    with pytest.raises(SettingsError, match="SAMPLE_MIGRATION_DATABASE_URL"):
        serving.owners_database_url()


def test_the_refusal_does_not_print_the_secret(monkeypatch):
    with pytest.raises(ValidationError) as caught:
        settings(monkeypatch, mode="production", secret="hunter2")
    assert "hunter2" not in str(caught.value)


def test_a_random_secret_is_accepted_in_production(monkeypatch):
    assert settings(monkeypatch, mode="production", secret="Zq7mV1wK9tB3nR5yL8").mode == "production"


def test_the_embedded_default_takes_what_it_made_itself(monkeypatch):
    assert settings(monkeypatch, mode="embedded", secret="short").mode == "embedded"


def test_a_secret_is_masked_when_settings_are_printed(monkeypatch):
    printed = str(settings(monkeypatch, mode="embedded", secret="hunter2").token_secret)
    assert printed == "**********"


@pytest.mark.parametrize("key", ["", "not base64!", "c2hvcnQ=", "A" * 88])
def test_an_encryption_key_is_256_bits_in_base64(monkeypatch, key):
    monkeypatch.setenv("SAMPLE_KEY", key)
    with pytest.raises(ValidationError, match="must be base64 of 32 random bytes"):
        settings(monkeypatch, mode="embedded", secret="any")


def test_codes_go_to_no_file_in_production(monkeypatch):
    monkeypatch.setenv("XIANJIN_SMS_FILE", "/nowhere/messages")
    sender = settings(monkeypatch, mode="production", secret="Zq7mV1wK9tB3nR5yL8").text_message_sender()
    assert type(sender) is NoSender


def test_a_weak_gateway_secret_is_refused_by_its_own_name(monkeypatch):
    monkeypatch.setenv("XIANJIN_SMS_GATEWAY_SECRET", "short")
    with pytest.raises(ValidationError, match="XIANJIN_SMS_GATEWAY_SECRET"):
        settings(monkeypatch, mode="production", secret="Zq7mV1wK9tB3nR5yL8")
