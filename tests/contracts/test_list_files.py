"""Which lists go out as files is said list by list, and what a file has for columns stands in the rows of its list."""

from functools import cache

from services.commands.openapi import merged
from services.nominations.lists.list_files import FILES, WORDS

NOT_FILES = {
    "list_campaigns",  # rules, not rows
    "get_campaign_requirements",
    "list_events",  # a case's history leaves in its case file, where it proves itself
    "list_nomination_changes",  # for copies that keep up, not for people
    "list_evidence_keys",
    "list_procedure_audit_events",
    "list_seals",
    "list_stories",
    "list_notifications",
    "list_notifications_of_nomination",
    "list_own_cases",
    "list_data_accesses",
    "list_webhook_endpoints",
    "list_webhook_deliveries",
}


@cache
def lists_of_nominations():
    """Operation → schema of a row, of every GET whose answer is a list."""
    contract = merged()
    found = {}
    for path, item in contract["paths"].items():
        if "get" not in item or path.startswith(("/v1/auth", "/v1/documents")):
            continue
        answer = (
            item["get"]["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        )
        whole = schema_of(contract, answer)
        rows = whole if whole.get("type") == "array" else whole.get("properties", {}).get("items", {})
        if "items" in rows:
            found[item["get"]["operationId"]] = (item["get"], schema_of(contract, rows["items"]))
    return contract, found


def schema_of(contract, schema):
    reference = schema.get("$ref") or next((each["$ref"] for each in schema.get("anyOf", ()) if "$ref" in each), None)
    return contract["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema


def test_every_list_is_a_file_or_named_as_none():
    _, found = lists_of_nominations()
    assert found.keys() == FILES.keys() | NOT_FILES


def columns():
    """Operation, column and schema of every column of every file."""
    contract, found = lists_of_nominations()
    for name, file in FILES.items():
        for column in file.columns:
            schema = found[name][1]
            for member in column.split("."):
                schema = schema_of(contract, schema.get("properties", {}).get(member, {"missing": True}))
            yield name, column, schema


def test_every_column_is_a_member_of_the_row():
    assert [(name, column) for name, column, schema in columns() if schema.get("missing")] == []


def test_every_word_of_a_closed_list_is_written_in_chinese():
    told = [(name, column, word) for name, column, schema in columns() for word in schema.get("enum", ())]
    assert [each for each in told if each[2] not in WORDS.get(each[1].rpartition(".")[2], {})] == []


def test_the_contract_offers_the_file_on_every_one_of_them():
    _, found = lists_of_nominations()
    offered = {
        name
        for name, (operation, _) in found.items()
        if "export" in {each["name"] for each in operation.get("parameters", ())}
        and {"text/csv", "application/json"} <= operation["responses"]["200"]["content"].keys()
    }
    assert offered == FILES.keys()
