"""Why a paper was erased, in words for the person and for an auditor (个人信息保护法 第十九条、第四十七条)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.documents.domain.document_kind import RetentionStart

_EVENTS = {
    RetentionStart.AWARD_DECISION: "作出表彰决定",
    RetentionStart.CAMPAIGN_CLOSED: "评选活动结束",
}


class ErasureGround(StrEnum):
    """What the law calls for erasure by."""

    RETENTION_OVER = "retention_over"  # 保存期限届满
    REQUEST_GRANTED = "request_granted"  # 同意本人的删除申请


@dataclass(frozen=True, slots=True)
class KeptFor:
    """A time of keeping: so many days from an event."""

    event: RetentionStart
    happened_on: date
    days: int

    @property
    def last_day(self) -> date:
        return self.happened_on + timedelta(days=self.days)

    @property
    def noted(self) -> str:
        """For records and logs."""
        return f"{self.event.value} {self.happened_on} + {self.days} days"


def reason_of_erasure(ground: ErasureGround, *, due_on: date, kept_for: KeptFor | None) -> str:
    """One sentence. `due_on`: the last day of keeping, or the day on which the request was granted."""
    if kept_for is None:
        if ground is ErasureGround.RETENTION_OVER:
            raise ValueError("a time that is over was counted from an event")
        return f"个人提出删除申请，受理机构于{_day(due_on)}同意，依照《个人信息保护法》第四十七条删除"
    counted = f"自{_EVENTS[kept_for.event]}（{_day(kept_for.happened_on)}）起保存{kept_for.days}日"
    return f"{counted}，期限届满，依照《个人信息保护法》第四十七条第一款第二项删除"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
