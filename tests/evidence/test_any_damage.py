"""Property: whatever is flipped, swapped, dropped or added in a bag, by anybody, is found and named."""

import io
import json
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.evidence.bags import MANIFEST
from services.evidence.containers import ContainerBroken
from tests.evidence.bags_of_tests import CASES, bag, faults_of, files_of, history, payload, verdict_on, written, zipped

WHOLE = bag()
FILES = files_of(WHOLE)
NAMES = sorted(FILES)
PAYLOAD = [name for name in NAMES if name.startswith("data/")]
LISTING = "tagmanifest-sha256.txt"
"""Nothing lists it: what is changed in it is told of the file whose line it was."""
_quiet = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
names, payload_names = st.sampled_from(NAMES), st.sampled_from(PAYLOAD)
cases = st.sampled_from(CASES)


def named(name: str, changed: bytes) -> bool:
    faults = faults_of(zipped(FILES | {name: changed}))
    return faults != [] if name == LISTING else name in faults


@_quiet
@given(name=names, place=st.integers(0, 10**6), bits=st.integers(1, 255))
def test_a_flipped_byte_is_named(name, place, bits):
    content = bytearray(FILES[name])
    content[place % len(content)] ^= bits
    assert named(name, bytes(content))


@_quiet
@given(name=names, start=st.integers(0, 10**6), length=st.integers(1, 64))
def test_dropped_bytes_are_named(name, start, length):
    content = FILES[name]
    start %= len(content)
    assert named(name, content[:start] + content[start + length :])


@_quiet
@given(name=names, place=st.integers(0, 10**6), more=st.binary(min_size=1, max_size=64))
def test_added_bytes_are_named(name, place, more):
    content = FILES[name]
    place %= len(content) + 1
    assert named(name, content[:place] + more + content[place:])


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("path", "sha256", "kind", "index")), inner, max_size=3)
    ),
    max_leaves=8,
)


@_quiet
@given(case=cases, member=st.sampled_from(("withheld", "files", "inclusion", "nomination_id")), value=_json)
def test_whatever_a_case_says_of_itself_is_judged_and_never_a_crash(case, member, value):
    name = next(each for each in NAMES if each.endswith(f"{case}/case.json"))
    facts = json.loads(FILES[name])
    assert named(name, json.dumps(facts | {member: value}).encode())


@_quiet
@given(one=payload_names, other=payload_names)
def test_two_files_of_different_content_that_changed_places_are_both_named(one, other):
    faults = faults_of(zipped(FILES | {one: FILES[other], other: FILES[one]}))
    assert {one, other} <= set(faults) if FILES[one] != FILES[other] else faults == []


@_quiet
@given(dropped=st.sets(names, min_size=1, max_size=4))
def test_every_dropped_file_is_named(dropped):
    faults = faults_of(zipped({name: FILES[name] for name in NAMES if name not in dropped}))
    told = dropped if MANIFEST not in dropped else {MANIFEST}  # without it nobody knows what else there was
    assert told <= set(faults)


@_quiet
@given(added=st.text(st.characters(exclude_characters="/\\\x00", codec="utf-8"), min_size=1, max_size=40))
def test_an_added_file_is_named_whatever_it_is_called(added):
    name = f"data/{added}"
    if name not in FILES:
        assert faults_of(zipped(FILES | {name: b"x"})) == [name]


@_quiet
@given(case=cases, data=st.data())
def test_a_rewritten_history_is_named_at_its_first_wrong_entry_though_it_was_signed_anew(case, data):
    """By somebody who holds the key: hashes and signature are theirs, the chain and the sealed root are not."""
    lines = history(case)
    at = data.draw(st.integers(0, len(lines) - 2))
    match data.draw(st.sampled_from(["drop", "double", "swap", "reword"])):
        case "drop":
            del lines[at]
        case "double":
            lines.insert(at + 1, lines[at])
            at += 1
        case "swap":
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
        case _:
            lines[at] = lines[at].replace("示例".encode(), "改写".encode())
    rewritten = written(payload() | {f"cases/{case}/events.jsonl": b"\n".join(lines) + b"\n"})
    assert first_fault(rewritten) == f"data/cases/{case}/events.jsonl 第{at + 1}条"


@_quiet
@given(case=cases, kept=st.integers(1, 3))
def test_a_history_that_lost_its_end_does_not_lead_to_the_sealed_root(case, kept):
    lines = b"\n".join(history(case)[:kept]) + b"\n"
    rewritten = written(payload() | {f"cases/{case}/events.jsonl": lines})
    assert first_fault(rewritten) == f"data/cases/{case}/events.jsonl 第{kept}条"


@_quiet
@given(case=cases, at=st.integers(0, 3), place=st.integers(0, 10**6), bits=st.integers(1, 255))
def test_one_byte_flipped_in_any_event_names_that_event(case, at, place, bits):
    """In the unpacked bag, unsigned: beside the file that differs from the manifest, the very entry."""
    name, lines = f"data/cases/{case}/events.jsonl", history(case)
    content = bytearray(lines[at])
    content[place % len(content)] ^= bits
    lines[at] = bytes(content)
    verdict = verdict_on(zipped(FILES | {name: b"\n".join(lines) + b"\n"}))
    assert [(fault.path, fault.entry) for fault in verdict.faults] == [(name, 0), (name, at + 1)]


@settings(max_examples=400, deadline=None)
@given(place=st.integers(0, len(WHOLE) - 1), bits=st.integers(1, 255))
def test_a_byte_flipped_in_the_zip_itself_is_found_or_changes_nothing_that_lies_in_it(place, bits):
    content = bytearray(WHOLE)
    content[place] ^= bits
    try:
        faults = faults_of(bytes(content))
    except ContainerBroken:
        return
    if not faults:
        with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == FILES


@settings(max_examples=100, deadline=None)
@given(end=st.integers(0, len(WHOLE) - 1))
def test_a_zip_that_was_cut_off_is_no_bag(end):
    try:
        faults = faults_of(WHOLE[:end])
    except ContainerBroken:
        return
    assert faults != []


def first_fault(content: bytes) -> str:
    return str(verdict_on(content).faults[0]).split(":")[0]
