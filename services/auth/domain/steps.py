"""What a person has to do before they may do anything else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Step(StrEnum):
    CHANGE_PASSWORD = "change_password"  # 修改密码  # noqa: S105
    ENROL_SECOND_FACTOR = "enrol_second_factor"  # 绑定动态口令


@dataclass(frozen=True, slots=True)
class Security:
    """How somebody's means of signing in stand. Who signs in by WeChat alone has no password."""

    password_changed_at: datetime | None
    must_change_password: bool
    second_factor_enrolled: bool
    second_factor_required: bool


def steps_due(security: Security, *, password_lifetime: timedelta | None, now: datetime) -> frozenset[Step]:
    due = set()
    changed_at = security.password_changed_at
    too_old = password_lifetime is not None and changed_at is not None and now >= changed_at + password_lifetime
    if security.must_change_password or too_old:
        due.add(Step.CHANGE_PASSWORD)
    if security.second_factor_required and not security.second_factor_enrolled:
        due.add(Step.ENROL_SECOND_FACTOR)
    return frozenset(due)
