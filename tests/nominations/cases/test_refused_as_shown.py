"""No button promises what the server refuses: what `actions` shows as blocked is refused with the very same codes."""

import pytest

from tests.factories import ENDORSE, SELF_REVIEW, Office

HELD = {"held_on": "2025-02-07"}
REQUESTS = {
    "submit": ("POST", "submissions", {}),
    "withdraw": ("POST", "withdrawal", {"reason": "示例"}),
    "confirm": ("POST", "confirmations", {"part": "unit"}),
    "record_staff_deliberation": (
        "POST",
        "staff-deliberations",
        HELD | {"form": "ballot", "present": 9, "in_favour": 8},
    ),
    "record_inspection": ("POST", "inspections", HELD | {"inspectors": ["示例甲"], "result": "符合"}),
    "record_leadership_decision": (
        "POST",
        "leadership-decisions",
        HELD | {"attendance": ["示例甲"], "decision": "同意"},
    ),
    "record_self_review": ("POST", "self-reviews", SELF_REVIEW),
    "open_publicity": ("POST", "publicity-notices", None),
    "sign_for_unit": ("POST", "unit-signatures", {"signer_name": "示例"}),
    "endorse": ("POST", "reviews", ENDORSE),
    "return": ("POST", "reviews", {"decision": "return", "reason": "示例"}),
    "reject": ("POST", "reviews", {"decision": "reject", "reason": "示例"}),
}
PEOPLE = ("wutai-clerk", "wutai-head", "wutai-hrss", "wutai-iit", "wutai-office")


async def shown_and_refused(office: Office, case: str) -> list[tuple[str, str, set[str], set[str]]]:
    """Every blocked action that these people see, with the codes shown and the codes of the refusal."""
    found = []
    for who in PEOPLE:
        read = await office.send(who, "GET", f"/v1/nominations/{case}")
        for state in read.json().get("actions", []):
            if state["allowed"] or state["action"] not in REQUESTS:
                continue
            method, noun, body = REQUESTS[state["action"]]
            answer = await office.send(who, method, f"/v1/nominations/{case}/{noun}", json=body)
            refused = {error["code"] for error in answer.json().get("errors", [])}
            found.append((who, state["action"], {each["code"] for each in state["blockers"]}, refused))
    return found


@pytest.mark.parametrize("place", ["submitted", "in_publicity", "endorsed_by_county"])
async def test_what_is_shown_as_blocked_is_refused_with_the_same_codes_r69(office, place):
    case = await getattr(Office(office.client, "tests-refused"), place)()
    found = await shown_and_refused(office, case)
    assert (found == [], [each for each in found if each[2] != each[3]]) == (False, [])
