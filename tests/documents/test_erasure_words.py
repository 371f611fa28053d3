"""Why a paper was erased, in words that name the law and the days."""

from datetime import date

import pytest

from services.documents.domain.document_kind import RetentionStart
from services.documents.domain.erasure import ErasureGround, KeptFor, reason_of_erasure


@pytest.mark.parametrize(
    ("event", "named"),
    [(RetentionStart.AWARD_DECISION, "作出表彰决定"), (RetentionStart.CAMPAIGN_CLOSED, "评选活动结束")],
)
def test_a_time_that_is_over_names_what_it_was_counted_from(event: RetentionStart, named: str) -> None:
    kept_for = KeptFor(event, date(2025, 5, 1), 30)
    assert reason_of_erasure(ErasureGround.RETENTION_OVER, due_on=kept_for.last_day, kept_for=kept_for) == (
        f"自{named}（2025年5月1日）起保存30日，期限届满，依照《个人信息保护法》第四十七条第一款第二项删除"
    )


def test_a_request_that_was_granted_names_the_day() -> None:
    assert reason_of_erasure(ErasureGround.REQUEST_GRANTED, due_on=date(2025, 6, 2), kept_for=None) == (
        "个人提出删除申请，受理机构于2025年6月2日同意，依照《个人信息保护法》第四十七条删除"
    )


def test_the_last_day_of_keeping_is_counted_from_the_day_of_the_event() -> None:
    assert KeptFor(RetentionStart.AWARD_DECISION, date(2025, 5, 1), 30).last_day == date(2025, 5, 31)


def test_a_time_that_is_over_needs_an_event() -> None:
    with pytest.raises(ValueError, match="event"):
        reason_of_erasure(ErasureGround.RETENTION_OVER, due_on=date(2025, 6, 2), kept_for=None)
