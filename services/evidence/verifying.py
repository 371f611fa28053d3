"""Checks a bag from nothing but itself, and one's own list of trusted keys where there is one.

Each fault names the file and, within a history, the first entry that is wrong. A bag without faults says what its keeper
signed; whether the key is the city's is told by comparing the key's id with the one that the city publishes.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from services.evidence.bags import BAGIT, INFO, MANIFEST, PAYLOAD, SIGNATURE, TAG_MANIFEST, signed_content
from services.evidence.chain import GENESIS, link
from services.evidence.containers import Container, ContainerBroken
from services.evidence.merkle import root_from
from services.evidence.seals import SUITE, Head, decoded, is_signed, key_id_of, public_keys

SEAL, KEYS, CASE, EVENTS = "data/proof/seal.json", "data/proof/keys.json", "case.json", "events.jsonl"
SCANS = "data/report/scans.json"
_TAGS = frozenset({"bagit.txt", INFO, MANIFEST, SIGNATURE, TAG_MANIFEST})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where. `entry` is the line of a history, from 1; 0 where the file as a whole is meant."""

    path: str
    message: str
    entry: int = 0

    def __str__(self) -> str:
        where = f"{self.path} 第{self.entry}条" if self.entry else self.path
        return f"{where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every fault, and what was looked at."""

    faults: tuple[Fault, ...]
    files: int
    cases: int
    key_id: str


def verify(bag: Container, *, trusted: Mapping[str, bytes] | None = None) -> Verdict:
    """`trusted`: key id → public key; None: the bag's own key is taken as it is."""
    manifest, faults = _manifest(bag)
    faults += [*_payload(bag, manifest)]
    key_id, signature_faults = _signature(bag, trusted)
    faults += signature_faults
    seal, seal_faults = _seal(bag, manifest, trusted)
    faults += seal_faults
    faults += [*_scans(bag, manifest)]
    folders = sorted(name.removesuffix(CASE) for name in manifest if name.endswith(f"/{CASE}"))
    for folder in folders:
        faults += [*_case(bag, folder, manifest, seal)]
    return Verdict(tuple(faults), files=len(manifest), cases=len(folders), key_id=key_id)


def _manifest(bag: Container) -> tuple[dict[str, str], list[Fault]]:
    faults: list[Fault] = [Fault(name, "出现两次 stands twice") for name in bag.twice]
    if _content(bag, "bagit.txt", faults) not in {BAGIT, b""}:
        faults.append(Fault("bagit.txt", "不是本系统的包 is not what this system writes"))
    manifest = _listing(_content(bag, MANIFEST, faults), MANIFEST, faults)
    tags = _listing(_content(bag, TAG_MANIFEST, faults), TAG_MANIFEST, faults)
    for name in sorted(_TAGS - {TAG_MANIFEST}):
        if name not in tags:
            faults.append(Fault(TAG_MANIFEST, f"没有列出 does not list {name}"))
        if name not in bag.names and name == INFO:  # the others are missed where they are read
            faults.append(Fault(name, "缺失 is missing"))
        elif name in tags and name in bag.names and _digest(bag, name) != tags[name]:
            faults.append(Fault(name, "内容被改动 content differs from the tag manifest"))
    return manifest, faults


def _payload(bag: Container, manifest: Mapping[str, str]) -> Iterator[Fault]:
    there = set(bag.names)
    for name, digest in manifest.items():
        if name not in there:
            yield Fault(name, "缺失 is missing")
        elif _digest(bag, name) != digest:
            yield Fault(name, "内容被改动 content differs from the manifest")
    for name in sorted(there - manifest.keys() - _TAGS):
        yield Fault(name, "多出的文件 is not in the manifest")


def _signature(bag: Container, trusted: Mapping[str, bytes] | None) -> tuple[str, list[Fault]]:
    faults: list[Fault] = []
    facts = _json(_content(bag, SIGNATURE, faults), SIGNATURE, faults)
    public = decoded(facts.get("public_key"))
    key_id = key_id_of(public) if public else ""
    content = signed_content(_content(bag, MANIFEST, []), _content(bag, INFO, []))
    if not faults and facts.get("suite") != SUITE:
        faults.append(Fault(SIGNATURE, "签名算法不认识 unknown suite"))
    if not faults and (
        facts.get("key_id") != key_id or not is_signed(content, decoded(facts.get("signature")), public)
    ):
        faults.append(Fault(SIGNATURE, "清单签名无效 the manifest is not signed by this key"))
    if not faults and trusted is not None and trusted.get(key_id) != public:
        faults.append(Fault(SIGNATURE, f"签名密钥不在信任名单 key {key_id} is not among the trusted ones"))
    return key_id, faults


def _seal(
    bag: Container, manifest: Mapping[str, str], trusted: Mapping[str, bytes] | None
) -> tuple[dict[str, Any], list[Fault]]:
    """The statement that the cases' proofs lead to; empty when it does not hold."""
    if SEAL not in manifest:
        return {}, [Fault(SEAL, "缺失 is missing")]
    faults: list[Fault] = []
    facts = _json(_content(bag, SEAL, faults), SEAL, faults)
    listed = public_keys(_json(_content(bag, KEYS, faults), KEYS, faults))
    statement = decoded(facts.get("statement"))
    stated = _json(statement, SEAL, faults)
    key_id = str(stated.get("key_id"))
    public = listed.get(key_id, b"")
    if not faults and not is_signed(statement, decoded(facts.get("signature")), public):
        faults.append(Fault(SEAL, "封存签名无效 the seal is not signed by a listed key"))
    if not faults and trusted is not None and trusted.get(key_id) != public:
        faults.append(Fault(SEAL, f"封存密钥不在信任名单 key {key_id} is not among the trusted ones"))
    return ({} if faults else stated), faults


def _scans(bag: Container, manifest: Mapping[str, str]) -> Iterator[Fault]:
    """Every sealed paper of the report is the one that the record of it names (R115, R148)."""
    if SCANS not in manifest:
        return
    faults: list[Fault] = []
    facts = _json(_content(bag, SCANS, faults), SCANS, faults)
    yield from faults
    for scan in _objects(facts.get("scans")):
        name = PAYLOAD + str(scan.get("path"))
        if scan.get("path") is not None and manifest.get(name) != scan.get("sha256"):
            yield Fault(name, "不是记录中的扫描件 is not the scan that the report names")


def _case(bag: Container, folder: str, manifest: Mapping[str, str], seal: Mapping[str, Any]) -> Iterator[Fault]:
    faults: list[Fault] = []
    facts = _json(_content(bag, folder + CASE, faults), folder + CASE, faults)
    lines = _content(bag, folder + EVENTS, faults).removesuffix(b"\n").split(b"\n")
    yield from faults
    case_id = str(facts.get("nomination_id"))

    def is_sealed(end: str) -> bool:
        return bool(seal) and _leads_to_root(Head(case_id, len(lines), end), facts.get("inclusion"), seal)

    last, events, fault = _history(lines, folder + EVENTS, case_id, is_sealed)
    if fault is not None:
        yield fault
        return
    if seal and not is_sealed(last):
        message = "经历的末条与封存的根不符 the history does not lead to the sealed root"
        yield Fault(folder + EVENTS, message, len(lines))
    yield from _papers(folder, facts, manifest, events)


def _history(
    lines: list[bytes], path: str, case_id: str, is_sealed: Callable[[str], bool]
) -> tuple[str, list[dict[str, Any]], Fault | None]:
    """The hash of the last event, the events, and the first entry that is missing, out of order or changed.

    `is_sealed` tells whether a history that ends with this hash leads to the sealed root.
    """
    previous = GENESIS
    events: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        try:
            event = json.loads(line)
            canonical = rfc8785.dumps(event) == line
        except (ValueError, RecursionError):
            return previous, events, Fault(path, "不是规范的JSON is not canonical JSON", number)
        if not canonical or not isinstance(event, dict):
            return previous, events, Fault(path, "不是规范的JSON is not canonical JSON", number)
        named = (event.get("sequence"), event.get("previous_hash"), event.get("nomination_id"))
        if named != (number, previous, case_id):
            follows = named == (number, event.get("previous_hash"), case_id) and _is_followed(lines, number, is_sealed)
            first = number - 1 if follows and number > 1 else number
            return previous, events, Fault(path, "次序、内容或归属不对 is changed, missing or out of order", first)
        events.append(event)
        previous = link(line)
    return previous, events, None if events else Fault(path, "没有经历 holds no event")


def _is_followed(lines: list[bytes], number: int, is_sealed: Callable[[str], bool]) -> bool:
    """The next entry, or after the last one the seal, carries this one's hash: it is whole, so what it follows was changed."""
    own = link(lines[number - 1])
    if number == len(lines):
        return is_sealed(own)
    try:
        after = json.loads(lines[number])
    except (ValueError, RecursionError):
        return False
    return isinstance(after, dict) and after.get("previous_hash") == own


def _leads_to_root(head: Head, inclusion: object, seal: Mapping[str, Any]) -> bool:
    if not isinstance(inclusion, dict):
        return False
    index, path, size = inclusion.get("index"), inclusion.get("path"), seal.get("tree_size")
    if not isinstance(index, int) or not isinstance(size, int) or not isinstance(path, list):
        return False
    try:
        return root_from(head.leaf, index=index, size=size, path=[str(each) for each in path]) == seal.get("root")
    except ValueError:
        return False


def _papers(
    folder: str, facts: Mapping[str, Any], manifest: Mapping[str, str], events: list[dict[str, Any]]
) -> Iterator[Fault]:
    """Every file of the case is the one that it says; what was handed in last is there, or named as withheld."""
    held = {str(paper.get("sha256")) for paper in _objects(facts.get("withheld"))}
    for paper in _objects(facts.get("files")):
        name = folder + str(paper.get("path"))
        held.add(str(paper.get("sha256")))
        if manifest.get(name) != paper.get("sha256"):
            yield Fault(name, "不是记录中的文件 is not the file that the case names")
    handed_in = [event.get("details") for event in events if event.get("event") == "nomination_submitted"]
    last = _objects(handed_in[-1:])
    for paper in _objects(last[0].get("documents")) if last else ():
        if str(paper.get("sha256")) not in held:
            yield Fault(folder + CASE, f"缺少提交时的材料 lacks what was handed in: {paper.get('kind')}")


def _objects(value: object) -> list[dict[str, Any]]:
    """A damaged file holds anything anywhere: what is no object says nothing here, and its damage is named by its hash."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _content(bag: Container, name: str, faults: list[Fault]) -> bytes:
    if name not in bag.names:
        faults.append(Fault(name, "缺失 is missing"))
        return b""
    try:
        return bag.read(name)
    except ContainerBroken as error:
        faults.append(Fault(name, f"读不出 cannot be read: {error}"))
        return b""


def _digest(bag: Container, name: str) -> str:
    try:
        return bag.digest(name)
    except ContainerBroken:
        return ""


def _listing(content: bytes, name: str, faults: list[Fault]) -> dict[str, str]:
    listed: dict[str, str] = {}
    if not content:
        return listed
    for number, line in enumerate(content.decode("utf-8", "replace").removesuffix("\n").split("\n"), start=1):
        digest, _, path = line.partition("  ")
        path = path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        if len(digest) != 64 or not path or path in listed:
            faults.append(Fault(name, "清单的一行读不懂 is no line of a manifest", number))
        else:
            listed[path] = digest
    return listed


def _json(content: bytes, name: str, faults: list[Fault]) -> dict[str, Any]:
    if not content:
        return {}
    try:
        facts = json.loads(content)
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        faults.append(Fault(name, "读不懂 is no JSON object"))
        return {}
    return facts
