"""Checks and fixes every portrait of a labelled folder and prints a confusion table and times.

    make bench-photos DIR=tests/data/photos

The folder holds `labels.csv` as `tests/data/photos/README.md` describes it.
"""

import argparse
import csv
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from services.documents.domain.photo_findings import PhotoCheck, Severity, Verdict
from services.documents.domain.photo_fix import BackgroundChoice, FixedPhoto
from services.documents.domain.photo_profile import PhotoProfile, parse_photo_profiles
from services.documents.inspection.photo_fixing import fix_photo
from services.documents.inspection.portrait import inspect_portrait

RULES = Path(__file__).parents[1] / "campaigns" / "shanxi-manufacturing-2025" / "documents.yaml"


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled picture and what the service says of it. `reasons`: each group needs one of its codes."""

    file: str
    category: str
    expected: str
    reasons: tuple[frozenset[str], ...]
    also_ok: frozenset[str]
    fixable: bool
    check: PhotoCheck
    seconds: float

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(str(finding.code) for finding in self.check.findings)

    @property
    def named(self) -> bool:
        """Whether every fault that the label demands was named."""
        return all(self.codes & alternatives for alternatives in self.reasons)

    @property
    def unexpected(self) -> frozenset[str]:
        return self.codes - self.also_ok - frozenset().union(*self.reasons)


def judge_folder(folder: Path, profile: PhotoProfile) -> list[Judged]:
    """Checks every picture once, in the order of the labels."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as rows:
        return [_judged(row, (folder / row["file"]).read_bytes(), profile) for row in csv.DictReader(rows)]


def _judged(row: dict[str, str], content: bytes, profile: PhotoProfile) -> Judged:
    started = time.process_time()
    check = inspect_portrait(content, profile)
    seconds = time.process_time() - started
    return Judged(
        file=row["file"],
        category=row["category"],
        expected=row["expected_verdict"],
        reasons=tuple(frozenset(group.split("/")) for group in row["reasons"].split("|") if group),
        also_ok=frozenset(filter(None, row["also_ok"].split("|"))),
        fixable=row["fixable"] == "yes",
        check=check,
        seconds=seconds,
    )


def verdicts(judged: Sequence[Judged]) -> Counter[tuple[str, str]]:
    """How often a label met a verdict."""
    return Counter((item.expected, str(item.check.verdict)) for item in judged)


def confusion(judged: Sequence[Judged]) -> Iterator[tuple[str, int, int, int, int, int, int]]:
    """For each code: rows labelled with it, named and refused, named and warned, sent away for something else,
    accepted, and named where no label has it."""
    codes = {code for item in judged for group in item.reasons for code in group} | {
        code for item in judged for code in item.codes
    }
    for code in sorted(codes):
        labelled = [
            item for item in judged if any(code in group for group in item.reasons) and item.expected == "reject"
        ]
        named = [_severity(item, code) for item in labelled]
        elsewhere = [item for item in labelled if code not in item.codes]
        yield (
            code,
            len(labelled),
            named.count(Severity.REFUSE),
            named.count(Severity.WARN),
            sum(item.check.verdict is not Verdict.ACCEPT for item in elsewhere),
            sum(item.check.verdict is Verdict.ACCEPT for item in elsewhere),
            sum(code in item.unexpected for item in judged),
        )


def _severity(item: Judged, code: str) -> Severity | None:
    found = [finding.severity for finding in item.check.findings if finding.code == code]
    return Severity.REFUSE if Severity.REFUSE in found else next(iter(found), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    profile = next(
        iter(
            parse_photo_profiles(
                yaml.load(RULES.read_text("utf-8"), Loader=yaml.CSafeLoader)["photo_profiles"]
            ).values()
        )
    )
    judge_folder(RULES.parents[2] / "tests" / "data" / "photos", profile)  # models loaded, caches warm
    judged = judge_folder(folder, profile)
    _print_table(judged)
    _print_verdicts(judged)
    _print_times(judged)
    _print_fixes(judged, folder, profile)


def _print_table(judged: Sequence[Judged]) -> None:
    print(f"{'code':18} labelled refused warned other-fault MISSED false-alarm")
    for code, *numbers in confusion(judged):
        print(
            f"{code:18} "
            + " ".join(f"{number:{width}}" for number, width in zip(numbers, (8, 7, 6, 11, 6, 11), strict=True))
        )


def _print_verdicts(judged: Sequence[Judged]) -> None:
    counts = verdicts(judged)
    print(f"\n{'label':8}   accept  review  reject")
    for label in ("accept", "review", "reject"):
        print(f"{label:8} " + " ".join(f"{counts[label, verdict]:7}" for verdict in ("accept", "review", "reject")))
    bad = [item for item in judged if item.expected == "reject"]
    caught = sum(item.check.verdict is not Verdict.ACCEPT for item in bad)
    if bad:
        print(f"bad photos refused or sent to a person: {caught}/{len(bad)} = {caught / len(bad):.1%}")
        print(f"bad photos whose fault is named: {sum(item.named for item in bad)}/{len(bad)}")
    for item in judged:
        wrong = (item.expected, item.check.verdict) in (
            ("accept", Verdict.REJECT),
            ("accept", Verdict.REVIEW),
            ("reject", Verdict.ACCEPT),
        )
        if wrong or (item.expected == "reject" and not item.named):
            print(f"  look at {item.file} ({item.category}): {item.check.verdict} {sorted(item.codes)}")


def _print_times(judged: Sequence[Judged]) -> None:
    times = sorted(1000 * item.seconds for item in judged)
    median, p95 = statistics.median(times), times[int(0.95 * len(times))]
    print(f"\nCPU ms a picture: median {median:.0f}, p95 {p95:.0f}, most {times[-1]:.0f}")


def _print_fixes(judged: Sequence[Judged], folder: Path, profile: PhotoProfile) -> None:
    for background in BackgroundChoice:
        outcomes: Counter[str] = Counter()
        times = [0.0]
        for item in judged:
            if item.fixable or item.expected == "accept":
                started = time.process_time()
                fixed = fix_photo((folder / item.file).read_bytes(), profile, background)
                times.append(1000 * (time.process_time() - started))
                outcomes[str(fixed.after.verdict) if isinstance(fixed, FixedPhoto) else "not fixable"] += 1
        median = statistics.median(times)
        print(f"good and fixable photos fixed, background {background}: {dict(outcomes)}, median {median:.0f} ms")


if __name__ == "__main__":
    main()
