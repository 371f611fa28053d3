"""What is delivered to other systems is in the contract, and a real delivery is what it says."""

from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from services.nominations.domain.workflow import Event
from services.nominations.schemas.webhooks import NewWebhookEndpoint

CONTRACT: dict[str, Any] = yaml.load(Path("openapi/xianjin.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def test_the_contract_declares_what_is_delivered():
    (webhook,) = CONTRACT["webhooks"].values()
    body = webhook["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/WebhookEvent"}


def test_a_delivery_as_it_is_sent_fits_what_the_contract_declares():
    sent = {
        "id": "0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718",
        "type": "nomination_submitted",
        "timestamp": "2025-02-07T09:00:00+08:00",
        "data": {
            "nomination_id": "0199b3a2-c5d8-7e10-a1b2-c3d4e5f60719",
            "campaign_key": "shanxi-manufacturing-2025",
            "category": "advanced_individual",
            "quota_unit": "140922",
            "sequence": 4,
            "from": {"stage": "unit", "status": "draft"},
            "to": {"stage": "unit", "status": "deliberation"},
            "hash": "00",
        },
    }
    schema = {"$ref": "#/components/schemas/WebhookEvent", "components": CONTRACT["components"]}
    assert list(Draft202012Validator(schema).iter_errors(sent)) == []
    assert list(Draft202012Validator(schema).iter_errors({**sent, "type": None})) != []


def test_an_endpoint_may_ask_for_every_event_of_the_history_and_for_nothing_else():
    asked = NewWebhookEndpoint(url="https://hooks.example.com/", events=list(Event))
    assert set(asked.events) == set(Event)
