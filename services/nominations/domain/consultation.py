"""Which authorities are asked about a case, and why (R58, R80–R82, R194–R203). The matrix is data of the campaign."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

OPINIONS = ("favourable", "unfavourable")
"""What an authority can say of a nominee. `not_applicable` is an answer, and no opinion."""
OPINION_SOURCES = ("paper", "batch", "link")
OWN = "link"
"""The authority answered itself; whatever else there is was entered by the office that asked."""


@dataclass(frozen=True, slots=True)
class ConsultationRow:
    """One row of the matrix: for which nominees, which authorities, on which sheet, at which level."""

    subject: str
    natures: tuple[str, ...]
    enterprise_head: bool | None
    """True or False where the row is for enterprise heads or for ordinary employees only; None: for both."""
    authorities: tuple[str, ...]
    sheet: str | None
    jurisdiction: str


@dataclass(frozen=True, slots=True)
class RequiredOpinion:
    """An authority that must be asked, and the reason in words a clerk reads."""

    authority: str
    label: str
    sheet: str | None
    jurisdiction: str
    reason: str


@dataclass(frozen=True, slots=True)
class NomineeFacts:
    """What decides: the kind of nominee, the nature of the employer or collective, whether they head an enterprise."""

    subject: str
    nature: str
    nature_label: str
    enterprise_head: bool


def required_opinions(
    matrix: Iterable[ConsultationRow], labels: Mapping[str, str], facts: NomineeFacts
) -> tuple[RequiredOpinion, ...]:
    """The opinions of the first row that fits; none while the nature is not filled in yet."""
    for row in matrix:
        if _fits(row, facts):
            reason = _reason(row, facts)
            return tuple(
                RequiredOpinion(key, labels[key], row.sheet, row.jurisdiction, reason) for key in row.authorities
            )
    return ()


def outstanding(needs: Iterable[RequiredOpinion], said: Mapping[str, str]) -> tuple[str, ...]:
    """Labels of the authorities that have said neither yes nor no (R58, R80–R82). `said`: result by authority.

    “所有推荐对象需征求…意见”: whoever must be asked is asked; “不适用” tells that another office of the kind is the right one.
    """
    return tuple(
        f"{need.label}（答复“不适用”，请另向有管理权限的部门征求）" if need.authority in said else need.label
        for need in needs
        if said.get(need.authority) not in OPINIONS
    )


@dataclass(frozen=True, slots=True)
class Replaced:
    """An answer that another one took the place of."""

    source: str
    result: str


def replaced_by(source: str, before: Replaced | None, of_before: Replaced | None) -> Replaced | None:
    """What a new answer of this source takes the place of, when the other side had said it: the authority itself, or the office.

    `before` is in force until now, `of_before` what that had replaced. Whoever corrects their own answer leaves it at that, so
    that an office never gets rid of an authority's answer in two steps.
    """
    if before is None or (before.source == OWN) != (source == OWN):
        return before
    return of_before


def needs_sealed_sheet(source: str, replaced: Replaced | None) -> bool:
    """Whether an entry of the office contradicts what the authority said itself: a scan proves it, a reason tells why.

    R97, R130. An authority that is not the right one has given no opinion to contradict.
    """
    return source != OWN and replaced is not None and replaced.source == OWN and replaced.result in OPINIONS


def _fits(row: ConsultationRow, facts: NomineeFacts) -> bool:
    same = row.subject == facts.subject and facts.nature in row.natures
    return same and row.enterprise_head in (None, facts.enterprise_head)


def _reason(row: ConsultationRow, facts: NomineeFacts) -> str:
    who = "集体" if row.subject == "collective" else "个人"
    head = {True: "负责人", False: "一般职工", None: ""}[row.enterprise_head]
    return f"推荐对象为{who}，单位性质为{facts.nature_label}{head}：向{row.jurisdiction}的{len(row.authorities)}个部门征求意见"
