"""A published campaign is read back in the notice's own order: the database must not sort it."""

from tests.factories import Office


async def test_a_front_end_gets_a_closed_list_in_the_order_of_the_notice_r175(office: Office):
    answer = await office.client.get(f"/v1/campaigns/{office.campaign}/forms/attachment_6")
    (field,) = [each for each in answer.json()["fields"] if each["key"] == "education_level"]
    assert [choice["label"] for choice in field["choices"]] == ["初中", "高中", "大学专科", "大学本科", "研究生"]
