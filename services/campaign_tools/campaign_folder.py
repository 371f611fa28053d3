"""A campaign folder with all its files read as far as they can be, and the place of every path in them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.campaign_tools.marked_yaml import Fault, MarkedFile, read_marked
from services.campaign_tools.schemas import PARTS
from services.nominations.campaigns.campaign_files import read_templates
from services.nominations.campaigns.quota_table import QuotaFault, QuotaTable, read_quota_table

CAMPAIGN, QUOTAS = "campaign.yaml", "quotas.csv"
DOCUMENTS, ORGANISATIONS = "documents.yaml", "organisations.yaml"
PRIVACY_NOTICE = "privacy-notice.yaml"
_PRINT = ".print.yaml"
_RULES = (CAMPAIGN, *(f"{part}.yaml" for part in PARTS))
"""The files that make up the campaign itself, beside its forms and quotas."""
_BESIDE = (DOCUMENTS, ORGANISATIONS, PRIVACY_NOTICE)
"""What other services than nominations read."""


@dataclass(frozen=True, slots=True)
class CampaignFolder:
    """The YAML files by name, such as `forms/attachment_6.yaml`, and the quota table."""

    files: dict[str, MarkedFile]
    quotas: QuotaTable
    templates: dict[str, str]
    """Offices' own DOCX by form, in base64."""
    faults: tuple[Fault, ...]
    """Of the files themselves: not there, no YAML, a key twice, a row that is none."""

    @property
    def forms(self) -> dict[str, MarkedFile]:
        return {_stem(name): file for name, file in self._of_forms() if not name.endswith(_PRINT)}

    @property
    def print_layouts(self) -> dict[str, MarkedFile]:
        return {_stem(name): file for name, file in self._of_forms() if name.endswith(_PRINT)}

    @property
    def content(self) -> dict[str, Any]:
        """What `read_campaign_folder` gives, without the files that cannot be read."""
        data: dict[str, Any] = {}
        for name in _RULES:
            if isinstance(self.files[name].data, dict):
                data |= self.files[name].data
        data["quotas"] = list(self.quotas.rows)
        data["forms"] = {key: file.data for key, file in self.forms.items() if file.readable}
        data["print_layouts"] = {key: file.data for key, file in self.print_layouts.items() if file.readable}
        return data | ({"docx_templates": self.templates} if self.templates else {})

    def is_readable(self) -> bool:
        """Whether every file that carries the campaign's rules could be read."""
        return all(file.readable for name, file in self.files.items() if name not in _BESIDE)

    def place(self, path: str) -> tuple[str, int]:
        """File and line of a path of the whole campaign."""
        section, _, rest = path.partition(".")
        for prefix, files in (("forms", self.forms), ("print_layouts", self.print_layouts)):
            key = max((key for key in files if section == prefix and _under(rest, key)), key=len, default="")
            if key:
                return files[key].name, files[key].line_of(rest[len(key) :].lstrip("."))
        if path.startswith("quotas"):
            return QUOTAS, self._quota_line(path)
        name = next((f"{part}.yaml" for part, keys in PARTS.items() if path.startswith(keys)), CAMPAIGN)
        return name, self.files[name].line_of(path)

    def _quota_line(self, path: str) -> int:
        """Of two rows of one unit the second is the fault."""
        line = 1
        for index, row in enumerate(self.quotas.rows):
            if path.startswith(f"quotas[{index}]") or _under(path.removeprefix("quotas."), row["quota_unit"]):
                line = self.quotas.lines[index]
        return line

    def _of_forms(self) -> list[tuple[str, MarkedFile]]:
        return [(name, file) for name, file in self.files.items() if name.startswith("forms/")]


def read_folder(folder: Path) -> CampaignFolder:
    """Never raises for what the folder holds."""
    names = [*_RULES, *_BESIDE]
    names += [f"forms/{path.name}" for path in sorted((folder / "forms").glob("*.yaml"))]
    files = {name: _read(folder, name) for name in names}
    faults = [fault for file in files.values() for fault in file.faults]
    faults += [
        Fault(name, files[name].line_of(key), key, f"stands in {CAMPAIGN} too")
        for name in _RULES[1:]
        for key in sorted(_keys(files[CAMPAIGN]) & _keys(files[name]))
    ]
    try:
        quotas = read_quota_table((folder / QUOTAS).read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, UnicodeDecodeError) as error:
        quotas = QuotaTable((), (), (QuotaFault(1, _reason(error)),))
    faults += [Fault(QUOTAS, fault.line, "", fault.message) for fault in quotas.faults]
    return CampaignFolder(files, quotas, read_templates(folder), tuple(faults))


def _read(folder: Path, name: str) -> MarkedFile:
    """Only documents.yaml merges with `<<`: its kinds are alike, and nothing of it is kept in the database."""
    try:
        file = read_marked(folder / name, name, merges=name == DOCUMENTS)
    except FileNotFoundError as error:
        return MarkedFile(name, None, (Fault(name, 1, "", _reason(error)),))
    if file.readable and name in _RULES and not isinstance(file.data, dict):
        return MarkedFile(name, None, (*file.faults, Fault(name, 1, "", "must be a mapping")))
    return file


def _reason(error: Exception) -> str:
    return "is missing" if isinstance(error, FileNotFoundError) else f"is not UTF-8: {error}"


def _keys(file: MarkedFile) -> set[str]:
    return set(file.data) if isinstance(file.data, dict) else set()


def _stem(name: str) -> str:
    return name.removeprefix("forms/").removesuffix(".yaml").removesuffix(".print")


def _under(path: str, key: str) -> bool:
    return path.startswith(key) and path[len(key) : len(key) + 1] in ("", ".", "[")
