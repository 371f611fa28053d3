"""What two files say of one another and no single reader sees: a document of no kind, a county without its bureaus."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from services.auth.domain.roles import Role
from services.campaign_tools.campaign_folder import (
    CAMPAIGN,
    DOCUMENTS,
    ORGANISATIONS,
    PRIVACY_NOTICE,
    QUOTAS,
    CampaignFolder,
)
from services.campaign_tools.marked_yaml import Fault, MarkedFile
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.permissions import BUREAUS
from services.nominations.domain.scan_match import OPINION_SHEET
from services.nominations.domain.withheld import reads_opinions
from services.nominations.forms.print_layout import PrintLayoutError, parse_print_layout
from services.nominations.forms.template_check import printable_keys, template_faults
from services.privacy.notice import LegalBasis


def cross_file_problems(read: CampaignFolder, campaign: Campaign, well_shaped: Iterable[str]) -> Iterator[Fault]:
    """A file that cannot be read, or is of another shape, is left out: its own faults are told already."""
    yield from _about_print(read, campaign)
    yield from _about_templates(read, campaign)
    if DOCUMENTS in well_shaped:
        yield from _about_documents(read.files[DOCUMENTS], read, campaign)
    if ORGANISATIONS in well_shaped:
        yield from _about_bodies(read.files[ORGANISATIONS], read, campaign)


def _about_documents(file: MarkedFile, read: CampaignFolder, campaign: Campaign) -> Iterator[Fault]:
    for index, need in enumerate(campaign.document_needs):
        named = [("kind", need.kind), *((f"or_else[{place}]", kind) for place, kind in enumerate(need.or_else))]
        for where, kind in named:
            if kind not in file.data["document_kinds"]:
                path = f"document_needs[{index}].{where}"
                yield Fault(CAMPAIGN, read.files[CAMPAIGN].line_of(path), path, f"no kind {kind} in {DOCUMENTS}")
    if campaign.consultation and OPINION_SHEET not in file.data["document_kinds"]:
        path = "document_kinds"
        yield Fault(DOCUMENTS, file.line_of(path), path, f"no kind {OPINION_SHEET} in {DOCUMENTS}")
    for key, kind in file.data["document_kinds"].items():
        profile = kind["photo_profile"]
        if profile is not None and profile not in file.data["photo_profiles"]:
            path = f"document_kinds.{key}.photo_profile"
            yield Fault(DOCUMENTS, file.line_of(path), path, f"no profile {profile}")
        purpose = kind["consent_purpose"]
        if purpose is not None and purpose not in _consented_to(read):
            path = f"document_kinds.{key}.consent_purpose"
            yield Fault(
                DOCUMENTS, file.line_of(path), path, f"no purpose {purpose} of {PRIVACY_NOTICE} asks for consent"
            )
        for role in kind["readers"]:
            path = f"document_kinds.{key}.readers"
            if role not in list(Role):
                yield Fault(DOCUMENTS, file.line_of(path), path, f"no role {role}")
            elif key == OPINION_SHEET and not reads_opinions(frozenset({role})):
                yield Fault(DOCUMENTS, file.line_of(path), path, f"{role} is not told what authorities say")


def _consented_to(read: CampaignFolder) -> set[str]:
    """Purposes that rest on a separate consent given once."""
    file = read.files.get(PRIVACY_NOTICE)
    purposes = file.data.get("purposes") if file is not None and isinstance(file.data, dict) else None
    rows = [each for each in purposes if isinstance(each, dict)] if isinstance(purposes, list) else []
    return {
        str(each.get("key"))
        for each in rows
        if each.get("basis") == LegalBasis.SEPARATE_CONSENT and not each.get("each_time")
    }


def _about_print(read: CampaignFolder, campaign: Campaign) -> Iterator[Fault]:
    """A field that the form does not have would be printed empty, on every form."""
    for key, file in read.print_layouts.items():
        if key not in campaign.forms:
            yield Fault(file.name, 1, "", "is for no form of this campaign")
            continue
        if isinstance(file.data, dict) and file.data.get("form") != key:
            yield Fault(file.name, file.line_of("form"), "form", f"must be {key}, as the file is named")
        for path, field in _fields_of(file.data, ""):
            if field not in printable_keys(campaign.forms[key]):
                yield Fault(file.name, file.line_of(path), path, f"no field {field}")


def _about_templates(read: CampaignFolder, campaign: Campaign) -> Iterator[Fault]:
    """Each value that a template names and the form does not have, with the paragraph in which it stands."""
    for key, coded in read.templates.items():
        name = f"forms/{key}.docx"
        if key not in campaign.forms or key not in read.print_layouts:
            yield Fault(name, 1, "", "is for no form of this campaign")
            continue
        try:
            layout = parse_print_layout(read.print_layouts[key].data)
        except PrintLayoutError:
            continue  # told at the layout
        for fault in template_faults(base64.b64decode(coded), layout, campaign.forms[key]):
            yield Fault(name, max(fault.paragraph, 1), "", fault.message)


def _fields_of(data: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every field that a layout prints, with its path."""
    if isinstance(data, dict):
        for field in _texts(data.get("fields")):
            yield f"{path}.fields".lstrip("."), field
        for key, value in data.items():
            yield from _fields_of(value, f"{path}.{key}".lstrip("."))
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _fields_of(item, f"{path}[{index}]")


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _about_bodies(file: MarkedFile, read: CampaignFolder, campaign: Campaign) -> Iterator[Fault]:
    """A stage that nobody can act at would hold every case of its quota units for ever."""
    yield from _twice(file)
    yield from _about_patterns(file)
    yield from _about_bureaus(file)
    there = _places(file.data)
    anywhere = {(kind, bureau) for _, kind, bureau in there}
    lines = dict(zip((row.quota_unit for row in campaign.quotas), read.quotas.lines, strict=False))
    paths = {unit: campaign.path_of(unit) for unit in lines}
    for unit, stages in paths.items():
        for kind, bureau in _needed("county") if "county" in stages else ():
            if (unit, kind, bureau) not in there:
                yield Fault(QUOTAS, lines[unit], f"quotas.{unit}", f"{ORGANISATIONS} has no {kind} {bureau}".rstrip())
    for kind, bureau in _needed("city") if any("city" in stages for stages in paths.values()) else ():
        if (kind, bureau) not in anywhere:
            yield Fault(ORGANISATIONS, file.line_of("bodies"), "bodies", f"has no {kind} {bureau}".rstrip())


def _needed(stage: str) -> Iterator[tuple[str, str]]:
    yield f"{stage}_office", ""
    for bureau in BUREAUS:
        yield f"{stage}_bureau", bureau


def _places(data: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Jurisdiction, kind and bureau of every body."""
    rows = [(row["jurisdiction"], row) for row in data["bodies"]]
    rows += [(county, row) for row in data["each_county"] for county in data["counties"]]
    return {(place, row["kind"], row.get("bureau", "")) for place, row in rows}


def _about_patterns(file: MarkedFile) -> Iterator[Fault]:
    """A name is filled in with the county's: any other brace in it would stop the seeding."""
    for index, row in enumerate(file.data["each_county"]):
        if "{county}" not in row["name"] or set(row["name"].replace("{county}", "")) & set("{}"):
            path = f"each_county[{index}].name"
            yield Fault(ORGANISATIONS, file.line_of(path), path, "must hold {county}, and no other brace")


def _about_bureaus(file: MarkedFile) -> Iterator[Fault]:
    for section in ("bodies", "each_county"):
        for index, row in enumerate(file.data[section]):
            if row["kind"].endswith("_bureau") != ("bureau" in row):
                path = f"{section}[{index}].bureau"
                yield Fault(ORGANISATIONS, file.line_of(path), path, "is what a bureau has, and only a bureau")


def _twice(file: MarkedFile) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(file.data["bodies"]):
        body = (row["jurisdiction"], row["name"])
        if body in seen:
            yield Fault(
                ORGANISATIONS, file.line_of(f"bodies[{index}]"), f"bodies[{index}]", f"{row['name']} stands twice"
            )
        seen.add(body)
