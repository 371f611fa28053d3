"""Which papers are kept and shown to nobody, not even printed (个人信息保护法 第十五、四十七条)."""

from enum import StrEnum


class HeldFor(StrEnum):
    CONSENT_WITHDRAWN = "consent_withdrawn"  # 撤回同意
    RESTRICTED = "restricted"  # 限制处理


def held_for(*, itself: HeldFor | None, case_worked_on: bool | None, by_consent: bool) -> HeldFor | None:
    """Why a paper is held; None: it is shown. `itself`: the reason for which this one paper is held.

    `case_worked_on` None: nothing restricts its case. A restricted case that is on its way rests on a public duty, and what
    the duty needs is shown as before (第十三条第三项); what was taken by consent rests on no duty. Of a case that waits for
    the person, or for nobody, nothing is shown.
    """
    if itself is not None or case_worked_on is None:
        return itself
    return HeldFor.RESTRICTED if by_consent or not case_worked_on else None
