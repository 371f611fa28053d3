"""What people may ask about their data, who decides, until when, and which outcomes there are (PIPL 第四十四至四十八、五十条)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ANSWER_WITHIN = timedelta(days=15)
"""What the privacy notice promises; the law says 及时 (第五十条)."""


class RightsKind(StrEnum):
    CORRECTION = "correction"  # 更正、补充（第四十六条）
    ERASURE = "erasure"  # 删除（第四十七条）
    EXPLANATION = "explanation"  # 解释说明（第四十八条）


class RightsAbout(StrEnum):
    """Which part of what is held."""

    ACCOUNT = "account"  # 账号、岗位
    DOCUMENTS = "documents"  # 材料影像
    NOMINATION = "nomination"  # 推荐表内容


class RightsHandler(StrEnum):
    COUNTY = "county"  # 县级评选机构
    CITY = "city"  # 专班办公室


class RightsOutcome(StrEnum):
    DONE = "done"  # 已办理
    RESTRICTED = "restricted"  # 法定保存期内，停止除存储和安全保护以外的处理
    REFUSED = "refused"  # 不予办理


@dataclass(frozen=True, slots=True)
class Decision:
    """`ground`: the law that asks for keeping. `full_name`: an account's name, put right with the decision."""

    outcome: RightsOutcome
    reason: str
    ground: str | None = None
    full_name: str | None = None


def due_on(asked_on: date) -> date:
    return asked_on + ANSWER_WITHIN


def handler_of(*, under_county: bool, of_the_office_itself: bool) -> RightsHandler:
    """The county's award office, for people of its county; for itself, and where there is none, the city's office."""
    return RightsHandler.COUNTY if under_county and not of_the_office_itself else RightsHandler.CITY


def faults_of(decision: Decision, *, kind: RightsKind, about: RightsAbout) -> Iterator[tuple[str, str, str]]:
    """Pointer, code and sentence of what is wrong with a decision."""
    restricted = decision.outcome is RightsOutcome.RESTRICTED
    if restricted and kind is not RightsKind.ERASURE:
        yield "/outcome", "outcome_not_possible", "只有删除申请可以答复为限制处理"
    if restricted and not decision.ground:
        yield "/ground", "required", "限制处理须写明要求保存的法律、行政法规"
    if not restricted and decision.ground:
        yield "/ground", "not_asked", "只有限制处理写保存依据"
    names = kind is RightsKind.CORRECTION and about is RightsAbout.ACCOUNT and decision.outcome is RightsOutcome.DONE
    if decision.full_name is not None and not names:
        yield "/full_name", "not_asked", "只有同意更正账号信息时可以改姓名"
