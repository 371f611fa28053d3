"""A bag that was changed is found out, and where: the file, and in a history the first entry that is wrong."""

import hashlib
import json
import subprocess
import zipfile
from argparse import Namespace
from io import BytesIO

import bagit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.commands.verify import run
from services.evidence.seals import encoded
from tests.evidence.bags_of_tests import (
    CASES,
    KEY,
    OTHER_KEY,
    bag,
    faults_of,
    files_of,
    history,
    payload,
    verdict_on,
    written,
    zipped,
)

WHOLE = bag()
FILES = files_of(WHOLE)
NAMES = sorted(FILES)
EVENTS = "data/cases/case-1/events.jsonl"


def test_another_scan_than_the_report_names_is_found_out_though_it_is_signed_r115():
    name = "report/示例县+汇总表-盖章扫描件.pdf"
    assert faults_of(written(payload() | {name: b"another scan"})) == [f"data/{name}"]


def test_a_whole_bag_has_no_faults():
    verdict = verdict_on(WHOLE)
    assert (verdict.faults, verdict.cases, verdict.files, verdict.key_id) == ((), 3, len(FILES) - 5, KEY.key_id)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(NAMES), data=st.data())
def test_one_flipped_bit_anywhere_in_any_file_is_found(name, data):
    content = bytearray(FILES[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert faults_of(zipped(FILES | {name: bytes(content)})) != []


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_missing_is_named(name):
    left = {other: content for other, content in FILES.items() if other != name}
    assert name in faults_of(zipped(left))


def test_a_file_that_was_added_is_named():
    assert faults_of(zipped(FILES | {"data/extra.txt": b""})) == ["data/extra.txt"]


def test_two_files_that_changed_places_are_both_named():
    one, other = EVENTS, "data/cases/case-2/events.jsonl"
    swapped = faults_of(zipped(FILES | {one: FILES[other], other: FILES[one]}))
    assert {one, other} <= set(swapped)


def test_a_file_that_stands_twice_is_named():
    buffer = BytesIO(WHOLE)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(EVENTS, b"another history")
    assert EVENTS in faults_of(buffer.getvalue())


def changed(change) -> dict[str, list[bytes]]:
    """All histories, the first of them changed by somebody who can sign."""
    histories = {case: history(case) for case in CASES}
    change(histories["case-1"])
    return histories


def replaced(lines: list[bytes]) -> None:
    lines[2] = lines[2].replace("示例".encode(), "改写".encode())


def swapped(lines: list[bytes]) -> None:
    lines[1], lines[2] = lines[2], lines[1]


@pytest.mark.parametrize(
    ("change", "entry"),
    [
        (replaced, 3),
        (swapped, 2),
        (lambda lines: lines.pop(1), 2),
        (lambda lines: lines.pop(0), 1),
        (lambda lines: lines.insert(2, lines[1]), 3),
        (lambda lines: lines.append(b"not json"), 5),
        (lambda lines: lines.append(b'{"sequence": 5}'), 5),
        (lambda lines: lines.append(history("case-2", 5)[-1]), 5),
    ],
    ids=[
        "one reworded",
        "two swapped",
        "one dropped",
        "the first dropped",
        "one doubled",
        "no json",
        "not canonical",
        "another's",
    ],
)
def test_a_history_that_was_rewritten_and_signed_anew_is_found_at_its_first_wrong_entry(change, entry):
    faults = verdict_on(written(payload(changed(change)))).faults
    assert [(fault.path, fault.entry) for fault in faults] == [(EVENTS, entry)]


def test_a_history_that_lost_its_last_entry_does_not_lead_to_the_root_that_was_sealed():
    files = payload() | {"cases/case-1/events.jsonl": b"\n".join(history("case-1")[:-1]) + b"\n"}
    assert [(fault.path, fault.entry) for fault in verdict_on(written(files)).faults] == [(EVENTS, 3)]


def test_a_photo_that_was_exchanged_and_signed_anew_is_not_the_one_that_the_case_names():
    files = payload() | {"cases/case-1/示例单位+王晓明.jpg": b"another photo"}
    assert faults_of(written(files)) == ["data/cases/case-1/示例单位+王晓明.jpg"]


def test_a_bag_that_another_key_signed_is_whole_but_not_trusted():
    content = written(payload(), OTHER_KEY)
    trusted = {KEY.key_id: KEY.public}
    assert (faults_of(content), faults_of(content, trusted=trusted)) == ([], ["signature.json"])


def test_what_a_bag_says_of_itself_is_signed_too():
    info = FILES["bag-info.txt"].replace("示例".encode(), "改写".encode())
    tags = FILES["tagmanifest-sha256.txt"].decode()
    before, after = [hashlib.sha256(each).hexdigest() for each in (FILES["bag-info.txt"], info)]
    both = {"bag-info.txt": info, "tagmanifest-sha256.txt": tags.replace(before, after).encode()}
    assert faults_of(zipped(FILES | both)) == ["signature.json"]


def test_a_seal_of_an_unknown_key_is_found():
    files = payload() | {"proof/keys.json": json.dumps({KEY.key_id: encoded(OTHER_KEY.public)}).encode()}
    assert faults_of(written(files)) == ["data/proof/seal.json"]


@pytest.mark.parametrize(
    "hostile", [b"", b"[]", b"null", b"{" * 100_000, b"\xff\xfe", b'{"inclusion": {"index": "a"}}']
)
def test_whatever_stands_in_a_case_file_is_a_fault_and_never_an_error(hostile):
    faults = faults_of(written(payload() | {"cases/case-1/case.json": hostile}))
    assert set(faults) <= {"data/cases/case-1/case.json", EVENTS} != set()
    assert faults != []


@pytest.mark.parametrize("junk", [b"", b"not a zip", WHOLE[: len(WHOLE) // 2]])
def test_what_is_no_bag_at_all_is_told_as_such(junk, tmp_path, capsys):
    path = tmp_path / "bag.zip"
    path.write_bytes(junk)
    code = verified(path)
    assert (code, "打不开" in capsys.readouterr().out) == (1, True)


def verified(path, *keys: str) -> int:
    """As the command does it."""
    return run(Namespace(bags=[path], key=list(keys)))


def test_the_command_checks_a_zip_and_an_unpacked_folder_with_a_trusted_key(tmp_path):
    path = tmp_path / "bag.zip"
    path.write_bytes(WHOLE)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "bag")
    key = encoded(KEY.public)
    assert [verified(each, key) for each in (path, tmp_path / "bag")] == [0, 0]
    (tmp_path / "bag/data/cases/case-1/events.jsonl").write_bytes(b"\n".join(history("case-1", 3)))
    assert [verified(tmp_path / "bag", key), verified(path, encoded(OTHER_KEY.public))] == [1, 1]


def test_another_tool_for_bags_finds_it_whole(tmp_path):
    with zipfile.ZipFile(BytesIO(WHOLE)) as archive:
        archive.extractall(tmp_path)
    assert bagit.Bag(str(tmp_path)).is_valid()


NODE = """
const { verifyBag } = require(process.argv[1]);
let text = "";
process.stdin.on("data", (piece) => { text += piece; }).on("end", async () => {
  const verdicts = [];
  for (const bag of JSON.parse(text)) {
    const files = new Map(Object.entries(bag).map(([name, coded]) => [name, new Uint8Array(Buffer.from(coded, "base64"))]));
    verdicts.push((await verifyBag(files)).faults.map((fault) => fault.split(":")[0]));
  }
  console.log(JSON.stringify(verdicts));
});
"""


def test_the_pages_own_check_finds_what_the_command_finds():
    bags = [
        WHOLE,
        zipped(FILES | {EVENTS: b"x"}),
        zipped({name: content for name, content in FILES.items() if name != EVENTS}),
        zipped(FILES | {"data/extra.txt": b""}),
        written(payload(changed(swapped))),
        written(payload(changed(replaced))),
        written(payload() | {"cases/case-1/events.jsonl": b"\n".join(history("case-1")[:-1]) + b"\n"}),
    ]
    sent = json.dumps([{name: encoded(content) for name, content in files_of(each).items()} for each in bags])
    script = ["node", "-e", NODE, "./services/evidence/verify.js"]
    told = subprocess.run(script, input=sent, capture_output=True, text=True, check=True, timeout=60)
    firsts = [faults[:1] for faults in json.loads(told.stdout)]
    entries = [[f"{EVENTS} 第{number}条"] for number in (2, 3, 3)]
    assert firsts == [[], [EVENTS], [EVENTS], ["data/extra.txt"], *entries]


def test_the_page_stands_alone_and_executes_nothing_that_it_shows():
    page = files_of(written(payload() | {"cases/<script>alert(1)</script>.txt": b""}))["data/index.html"].decode()
    assert ("<script>alert(1)" in page, "http://" in page, "https://" in page) == (False, False, False)
