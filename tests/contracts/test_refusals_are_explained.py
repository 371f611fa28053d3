"""Every refusal is small, and leads to the place where its code is explained."""

import json
import re

import httpx
import pytest

from services.common.problems import problem_classes
from services.error_page import error_page_html
from tests.contracts.conftest import LiveServer

PROBLEMS = {cls.code: cls for cls in problem_classes()}


@pytest.mark.parametrize("code", PROBLEMS)
def test_a_refusal_that_names_no_field_is_under_a_kilobyte_in_either_language(code):
    bodies = [PROBLEMS[code]().as_json(language=language, trace_id="0" * 32) for language in ("zh", "en")]
    assert max(len(json.dumps(body, ensure_ascii=False).encode()) for body in bodies) < 1024


@pytest.mark.parametrize("code", [code for code, cls in PROBLEMS.items() if cls.status in {429, 503}])
def test_whoever_is_put_off_is_always_told_until_when(code):
    assert int(PROBLEMS[code]().headers["Retry-After"]) >= 1


def test_every_code_has_its_place_on_the_page():
    places = re.findall(r'<dt id="(\w+)">', error_page_html())
    assert sorted(places) == sorted(PROBLEMS)


def test_the_help_of_a_refusal_leads_to_its_place(live_server: LiveServer):
    with httpx.Client(base_url=live_server.url) as client:
        address, _, place = client.get("/v1/campaigns/none").json()["help"].partition("#")
        page = client.get(address)
    assert (page.status_code, place, f'id="{place}"' in page.text) == (200, "campaign_not_found", True)
