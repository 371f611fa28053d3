"""Every fault of a campaign folder at once, with file, line and path: what `publish` refuses, and what it cannot see."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from services.campaign_tools.campaign_folder import (
    CAMPAIGN,
    DOCUMENTS,
    ORGANISATIONS,
    PRIVACY_NOTICE,
    QUOTAS,
    CampaignFolder,
    read_folder,
)
from services.campaign_tools.cross_file_checks import cross_file_problems
from services.campaign_tools.marked_yaml import Fault, MarkedFile
from services.campaign_tools.schemas import schema_of, schemas
from services.campaign_tools.shape import shape_faults
from services.documents.domain.document_kind import parse_document_kinds
from services.documents.domain.photo_profile import parse_photo_profiles
from services.documents.domain.rule_records import InvalidRules
from services.nominations.domain.campaign import Campaign, CampaignProblem
from services.nominations.domain.campaign_parsing import read_campaign
from services.nominations.domain.campaign_reader import Reader
from services.nominations.domain.campaign_references import NO_SUCH_UNIT, loose_references
from services.nominations.forms.print_layout import PrintLayoutError, parse_print_layout
from services.privacy.notice import faults_of as faults_of_notice
from services.privacy.notice_files import notice_of


def check_folder(folder: Path) -> list[Fault]:
    """In the order of files and lines. An empty list: `publish` will take it."""
    read = read_folder(folder)
    faults = set(read.faults)
    well_shaped = set()
    for file in (
        *(read.files[name] for name in (DOCUMENTS, ORGANISATIONS, PRIVACY_NOTICE)),
        *read.print_layouts.values(),
    ):
        wrong = set(_about_shape(file)) if file.readable else {*file.faults}
        faults |= wrong
        if not wrong:
            well_shaped.add(file.name)
    return sorted(faults | set(_about_rules(read, folder.resolve().name, well_shaped)))


def _about_rules(read: CampaignFolder, folder_name: str, well_shaped: set[str]) -> Iterator[Fault]:
    """The campaign itself. While a file cannot be read, what refers to another file cannot be judged."""
    reader = Reader(read.content)
    campaign = read_campaign(reader)
    readable = {name for name, file in read.files.items() if file.readable} | {QUOTAS}
    yield from (fault for fault in _at_their_places(read, reader.problems) if fault.file in readable)
    if read.is_readable():
        yield from _at_their_places(read, _told_once(read, loose_references(campaign)))
        yield from _about_names(read, campaign, folder_name)
        yield from cross_file_problems(read, campaign, well_shaped)


def _told_once(read: CampaignFolder, problems: Iterator[CampaignProblem]) -> Iterator[CampaignProblem]:
    """A row of the quota table that cannot be read is no unit that does not exist."""
    for problem in problems:
        if not (read.quotas.faults and problem.message == NO_SUCH_UNIT):
            yield problem


def _at_their_places(read: CampaignFolder, problems: Iterable[CampaignProblem]) -> list[Fault]:
    return [Fault(*read.place(problem.path), problem.path, problem.message) for problem in problems]


def _about_names(read: CampaignFolder, campaign: Campaign, folder_name: str) -> Iterator[Fault]:
    if campaign.key != folder_name:
        line = read.files[CAMPAIGN].line_of("key")
        yield Fault(CAMPAIGN, line, "key", f"must be the folder's name, {folder_name}: documents.yaml is found by it")


def _about_shape(file: MarkedFile) -> Iterator[Fault]:
    """By its schema; what is well shaped is then read as the service reads it."""
    wrong = [*shape_faults(schemas()[schema_of(file.name)], file.data)]
    for path, message in wrong or _about_reading(file):
        yield Fault(file.name, file.line_of(path), path, message)


def _about_reading(file: MarkedFile) -> Iterator[tuple[str, str]]:
    if file.name.startswith("forms/"):
        try:
            parse_print_layout(file.data)
        except PrintLayoutError as error:
            yield "body", str(error)
    elif file.name == PRIVACY_NOTICE:
        yield from faults_of_notice(notice_of(file.data))
    elif file.name == DOCUMENTS:
        for section, parse in (("photo_profiles", parse_photo_profiles), ("document_kinds", parse_document_kinds)):
            for key, entry in file.data[section].items():
                try:
                    parse({key: entry})  # one by one: each is told, not only the first
                except InvalidRules as error:
                    yield f"{section}.{key}", str(error)
