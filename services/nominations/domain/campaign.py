"""A campaign as data: the notice with its quotas, deadlines, forms and matrix. Nothing of a notice stands in code.

`campaign_parsing.py` reads it. Each attribute names the clause it carries.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.nominations.domain.consultation import ConsultationRow
from services.nominations.domain.errors import RuleError
from services.nominations.domain.form_definition import Condition, Enums, FormDefinition
from services.nominations.domain.publicity import PublicityRule

_UNIT_AND_CITY = 2
"""Stages of a path without a county (A13)."""


@dataclass(frozen=True, slots=True)
class CampaignProblem:
    """One fault of a campaign's data: where, and what."""

    path: str
    message: str


class CampaignInvalid(RuleError):
    """Every fault at once."""

    def __init__(self, problems: tuple[CampaignProblem, ...]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """What a case of one scope must be by its own answers (R6–R9). Every condition holds, or the choice is questioned."""

    scope: str
    needs: tuple[Condition, ...]
    message: str
    requirement: str
    severity: str
    """`error` stands against submission; `warning` asks for a reason."""

    def is_broken_by(self, values: Mapping[str, object]) -> bool:
        """Whether an answer contradicts it; what is not answered contradicts nothing."""
        answered = (need for need in self.needs if values.get(need.field) not in (None, "", []))
        return any(not need.holds(values) for need in answered)


@dataclass(frozen=True, slots=True)
class Category:
    """An award category: who can be put forward, on which form, by which conditions (R5–R36)."""

    key: str
    title: str
    subject: str
    """`individual` or `collective`."""
    form: str
    nature_field: str
    """The form's field that holds the nature of the employer or collective."""
    name_field: str
    """The form's field that says who it is about."""
    enterprise_if: Condition | None
    """When the case is an enterprise or its head: what bars the one bars the other (R83)."""
    grants: tuple[str, ...]
    final_quota: int
    """How many the city reports (R18)."""
    scopes: Mapping[str, str]
    """Full text by key; a form offers them as the enum `<category>.scopes`."""
    scope_rules: tuple[ScopeRule, ...]
    conditions: Mapping[str, str]
    """Full text by key; a form offers them as the enum `<category>.conditions`."""


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """The seats of one recommending organisation (附件2, R14–R15)."""

    quota_unit: str
    name: str
    seats: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Disqualifier:
    """A reason for which an enterprise and its head are not put forward (R83–R93)."""

    key: str
    label: str
    window_years: int | None
    requirement: str


@dataclass(frozen=True, slots=True)
class Preference:
    """Whom the notice prefers: whoever puts forward another gives a reason (R16)."""

    category: str
    condition: Condition
    message: str
    requirement: str


@dataclass(frozen=True, slots=True)
class BalanceFact:
    """One fact of the balance panel: how many of a category are so (R16, R70–R73). A fact, never a score."""

    key: str
    label: str
    category: str
    requirement: str
    condition: Condition | None = None
    spread_of: str | None = None
    """Instead of a condition: the field whose answers are counted each by itself."""


@dataclass(frozen=True, slots=True)
class DocumentNeed:
    """A document that a case must hold when it is submitted."""

    kind: str
    label: str
    category: str
    requirement: str
    condition: Condition | None = None
    or_else: tuple[str, ...] = ()
    """Kinds of which one is enough in its place."""

    def is_met_by(self, kinds: Collection[str]) -> bool:
        """Whether the documents that a case holds are enough."""
        return any(kind in kinds for kind in (self.kind, *self.or_else))


@dataclass(frozen=True, slots=True)
class WorkingGroupMember:
    """One person of the working group; one may hold several positions (R39 “主任（兼）”)."""

    name: str
    post: str
    bureau: str
    """`hrss` or `iit`."""
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkingGroup:
    """工作专班 (附件1): set up by both bureaus together, for this campaign, until it is closed (R37–R39, R43)."""

    name: str
    office: str
    positions: Mapping[str, str]
    """Label by key, in the order of the notice."""
    members: tuple[WorkingGroupMember, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """One published version of a campaign."""

    key: str
    version: int
    title: str
    notice_number: str
    basis_number: str
    basis_url: str | None
    issuers: tuple[str, ...]
    issued_on: date
    opens_on: date
    """No case is opened earlier: everybody begins at the same time (R94)."""
    disclosure: str
    commendation_level: str
    contact: Mapping[str, str]
    participation: Mapping[str, str]
    """How to take part, for the public call (R105)."""
    working_group: WorkingGroup | None
    region_prefix: str
    """The first digits of this city's region codes (R9)."""
    timezone: str
    categories: tuple[Category, ...]
    quotas: tuple[QuotaRow, ...]
    printed_unit_names: Mapping[str, str]
    """How forms print a 推荐单位 whose row of 附件2 names no body, such as 市级 (R165, R189, A13)."""
    paths: Mapping[str, tuple[str, ...]]
    """Stages by quota unit; `default` for all that are not named (R45, A13)."""
    contact_form: str | None
    """The form with which a county says who answers for the campaign there (附件9, R40); None where none is asked."""
    contact_form_due: date
    materials_deadline: datetime
    """The moment after which materials are late (R112–R113, A17)."""
    reference_date: date
    """The day from which the five-year rules count back (A14)."""
    min_years_of_work: int
    deeds_limit: int
    unit_opinion_text: str
    report_sections: tuple[str, ...]
    paper_copies: int
    publicity: Mapping[str, PublicityRule]
    consultation: tuple[ConsultationRow, ...]
    authorities: Mapping[str, str]
    city_collected: tuple[str, ...]
    """Authorities whose opinions the city collects in one batch, not each county (R196, R201, A11)."""
    disqualifiers: tuple[Disqualifier, ...]
    preferences: tuple[Preference, ...]
    balance: tuple[BalanceFact, ...]
    official_name_endings: tuple[str, ...]
    """How full official names end (R152)."""
    gates: Mapping[str, str]
    """What the unit reviews of itself, each gate by a named person (R77–R78)."""
    review_dimensions: Mapping[str, str]
    """What every review looks at (R75)."""
    review_prompts: tuple[str, ...]
    """Questions that the review sheet reminds of (R76)."""
    document_needs: tuple[DocumentNeed, ...]
    requirements: Mapping[str, str]
    """The clauses of the notice by number: what every refusal points to."""
    enums: Enums
    forms: Mapping[str, FormDefinition]

    @property
    def category_keys(self) -> tuple[str, ...]:
        return tuple(category.key for category in self.categories)

    def category(self, key: str) -> Category:
        """Raises KeyError."""
        for category in self.categories:
            if category.key == key:
                return category
        raise KeyError(key)

    def form_of(self, category: str) -> FormDefinition:
        """The approval form of a category. Raises KeyError."""
        return self.forms[self.category(category).form]

    def form_for(self, category: str, quota_unit: str) -> FormDefinition:
        """The approval form as this organisation fills it: where no county reviews, no name has to tell one (A13)."""
        form = self.form_of(category)
        return form.without_county() if self.is_city_level(quota_unit) else form

    def path_of(self, quota_unit: str) -> tuple[str, ...]:
        """The stages that a case of this organisation goes through, from the unit up."""
        return self.paths.get(quota_unit, self.paths["default"])

    def printed_name_of(self, quota_unit: str) -> str:
        """推荐单位 as forms print it: its name in 附件2 unless the campaign says another. Raises KeyError."""
        names = {row.quota_unit: row.name for row in self.quotas}
        return self.printed_unit_names.get(quota_unit, names[quota_unit])

    def recommends(self, quota_unit: str) -> bool:
        """Whether 附件2 names it: only such an organisation puts anybody forward, or speaks for itself here (R14)."""
        return any(row.quota_unit == quota_unit for row in self.quotas)

    def is_city_level(self, quota_unit: str) -> bool:
        """Whether its cases go from the unit to the city, and no county reports them (A13)."""
        return len(self.path_of(quota_unit)) <= _UNIT_AND_CITY

    def is_enterprise(self, category: str, values: Mapping[str, object]) -> bool:
        """Whether a case is an enterprise or its head. Raises KeyError."""
        condition = self.category(category).enterprise_if
        return condition is not None and condition.holds(values)

    def name_of(self, category: str, values: Mapping[str, object]) -> str:
        """Who the case is about; empty while nobody has said. Raises KeyError."""
        return str(values.get(self.category(category).name_field) or "")

    def documents_required(self, category: str, values: Mapping[str, object]) -> list[DocumentNeed]:
        """The documents that this case must hold, by what its form says."""
        return [
            need
            for need in self.document_needs
            if need.category == category and (need.condition is None or need.condition.holds(values))
        ]

    def local_day(self, moment: datetime) -> date:
        """The campaign's own calendar day at a moment."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()
