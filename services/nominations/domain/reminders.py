"""When time itself calls for a word: some days before a deadline, on the day after one, when an answer stays out."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.nominations.domain.notifications import Reminder

BEFORE_MATERIALS = (7, 3, 1, 0)
"""Days before the deadline of the county's report (R59–R60)."""
BEFORE_CONTACT_FORM = (3, 1, 0)
"""Days before 附件9 is due (R41)."""
OPINION_PATIENCE = 5
"""Working days that an authority may stay silent before the office is told (R58)."""


def days_left(today: date, due: date) -> int:
    """Negative when it is over."""
    return (due - today).days


def county_reminders(
    *, today: date, contact_form_due: date, contact_form_missing: bool, materials_due: date, report_missing: bool
) -> Sequence[tuple[Reminder, date]]:
    """What one recommending organisation is reminded of on this day, and until when."""
    found: list[tuple[Reminder, date]] = []
    if contact_form_missing and days_left(today, contact_form_due) in BEFORE_CONTACT_FORM:
        found.append((Reminder.CONTACT_FORM_DUE, contact_form_due))
    left = days_left(today, materials_due)
    if report_missing and left in BEFORE_MATERIALS:
        found.append((Reminder.MATERIALS_DUE, materials_due))
    if report_missing and left == -1:
        found.append((Reminder.ABANDONED, materials_due))
    return found


def drafts_are_reminded(today: date, materials_due: date) -> bool:
    return days_left(today, materials_due) in BEFORE_MATERIALS


def last_day(deadline: datetime) -> date:
    """The last day on which material is in time: a deadline at midnight belongs to the day before."""
    return (deadline - timedelta(microseconds=1)).date()
