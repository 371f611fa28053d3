"""Reads every ID card copy of a labelled folder and prints how often it concluded what it must. Needs the extra `ocr`.

    make bench-cards DIR=tests/data/idcards

The folder holds `truth.csv`: what stands on the card, what was typed (`form_name`, `form_id`) and `expected_match`.
"""

import argparse
import csv
import statistics
import time
from collections import Counter
from pathlib import Path

from services.documents.domain.card_rule import CardCode, CardSide
from services.documents.domain.card_text import CardText, plain_text
from services.documents.domain.card_text_rule import judge_text
from services.documents.inspection.card_reading import can_read, read_card_text

VERDICTS = ("match", "id_mismatch", "name_mismatch", "unreadable", "wrong_side")


def concluded(text: CardText, row: dict[str, str]) -> str:
    """What a reviewer is told, in the words of the labels: the first that applies."""
    codes = {finding.code for finding in judge_text(text, CardSide.FRONT)}
    if CardCode.WRONG_SIDE in codes:
        return "wrong_side"
    if text.number is None or not text.names:
        return "unreadable"
    if text.number != plain_text(row["form_id"]):
        return "id_mismatch"
    return "match" if plain_text(row["form_name"]) in text.names else "name_mismatch"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not can_read():
        raise SystemExit("the extra ocr is not installed: pip install 'xianjin[ocr]'")
    table: Counter[tuple[str, str]] = Counter()
    validity: Counter[str] = Counter()
    times: list[float] = []
    with (folder / "truth.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            started = time.process_time()
            text = read_card_text((folder / row["file"]).read_bytes())
            times.append(time.process_time() - started)
            if text is None:
                raise SystemExit(f"{row['file']} is no sound picture")
            verdict = concluded(text, row)
            table[row["expected_match"], verdict] += 1
            if verdict != row["expected_match"]:
                print(f"  look at {row['file']}: {verdict}, expected {row['expected_match']}")
            if row["valid_to"]:
                read = "长期" if text.no_expiry else str(text.valid_until)
                validity["right" if read == row["valid_to"] else "unread" if read == "None" else "WRONG"] += 1
    print(f"{'expected':14}" + "".join(f"{verdict:>14}" for verdict in VERDICTS))
    for expected in VERDICTS:
        print(f"{expected:14}" + "".join(f"{table[expected, verdict]:14}" for verdict in VERDICTS))
    print(f"validity: {dict(validity)}")
    print(f"CPU s a card: median {statistics.median(times):.2f}, most {max(times):.2f}")


if __name__ == "__main__":
    main()
