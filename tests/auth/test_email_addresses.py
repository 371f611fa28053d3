"""A person's own address: nothing but the code goes there before it is confirmed."""

from uuid import uuid4

import pytest

from services.auth.messages.email_tables import EmailAddressRow
from tests.auth.people import new_person
from tests.auth.steps import bearer_of, fresh, refusal
from tests.mailbox import code_in, mails_to, text_of

PATH = "/v1/auth/me/email-address"


@pytest.fixture
async def me(client, database):
    _, username = await new_person(database)
    return await bearer_of(client, username)


async def give(client, me, address: str):
    return await client.put(PATH, json={"address": address}, headers=me)


async def confirm(client, me, code: str):
    return await client.post(f"{PATH}/confirmations", json={"code": code}, headers=me)


def mailbox() -> str:
    return f"{fresh('desk')}@example.org"


async def test_an_address_is_confirmed_by_the_code_that_went_there(client, me):
    address = mailbox()
    given = await give(client, me, address)
    (mail,) = mails_to(address)
    confirmed = await confirm(client, me, code_in(mail))
    assert (given.json(), confirmed.status_code, confirmed.json()) == (
        {"address": address, "confirmed": False},
        201,
        {"address": address, "confirmed": True},
    )


async def test_five_wrong_codes_end_a_code(client, me):
    address = mailbox()
    await give(client, me, address)
    right = code_in(mails_to(address)[0])
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert refusal(await confirm(client, me, wrong)) == (422, "email_code_wrong")
    assert refusal(await confirm(client, me, right)) == (422, "email_code_wrong")


async def test_another_address_needs_another_code(client, me):
    first, second = mailbox(), mailbox()
    await give(client, me, first)
    await confirm(client, me, code_in(mails_to(first)[0]))
    again = await give(client, me, second)
    assert (again.json()["confirmed"], (await client.get(PATH, headers=me)).json()["confirmed"]) == (False, False)


async def test_an_address_that_is_taken_back_is_gone(client, me):
    await give(client, me, mailbox())
    removed = [(await client.delete(PATH, headers=me)).status_code for _ in range(2)]
    assert (removed, (await client.get(PATH, headers=me)).status_code) == ([200, 200], 404)


@pytest.mark.parametrize(
    "address", ["desk", "desk@", "a b@example.org", "desk@example.org\nBcc: x@example.org", "桌@example.org"]
)
async def test_what_is_no_address_is_refused_by_its_field(client, me, address):
    answer = await give(client, me, address)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/address")


async def test_nobody_floods_a_mailbox_with_codes(client, me):
    address = mailbox()
    statuses = [(await give(client, me, address)).status_code for _ in range(6)]
    assert (statuses, len(mails_to(address))) == ([200] * 5 + [429], 5)


async def test_at_rest_the_address_is_sealed(client, me, database):
    address = mailbox()
    await give(client, me, address)
    me_id = (await client.get("/v1/auth/me", headers=me)).json()["person"]["id"]
    async with database.reading() as session:
        row = await session.get_one(EmailAddressRow, me_id)
    assert (address.encode() in row.sealed_address, text_of(mails_to(address)[0]).count("如非本人操作")) == (False, 1)


async def test_without_an_address_there_is_nothing_to_confirm(client, me):
    assert (await confirm(client, me, str(uuid4().int)[:6])).status_code == 404
