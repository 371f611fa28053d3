"""One time in all of China: the days that people and papers name begin and end by it, wherever a server stands."""

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def china_day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
