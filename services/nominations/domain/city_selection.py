"""The city's choice: no more than the province asked for, among more than that, in a strict order (R18, R46, R64)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.facts import Blocker


@dataclass(frozen=True, slots=True)
class SelectionFault:
    """One thing wrong with a list or a ranking, and where in the request it stands."""

    pointer: str
    code: str
    message: str
    requirement: str


LIST_IS_EMPTY = Blocker("list_is_empty", "名单中已没有推荐对象，请重新拟定名单", "R61")
"""Nothing of it can be shown, ranked or reported."""


def selection_faults(
    campaign: Campaign, selection: Mapping[str, Sequence[object]], *, reported: Mapping[str, int] | None = None
) -> list[SelectionFault]:
    """“4个先进集体和8个先进个人上报” (R18): each category at most as many, each nomination once.

    `reported`: category → how many went to the province on lists before; what is left of the number is for this one.
    """
    faults = []
    for key, chosen in selection.items():
        pointer = f"/selection/{key}"
        if key not in campaign.category_keys:
            faults.append(SelectionFault(pointer, "category_unknown", "没有这个评选类别", "R5"))
            continue
        limit, before = campaign.category(key).final_quota, (reported or {}).get(key, 0)
        if before + len(chosen) > limit:
            told = f"最多上报{limit}个" + (f"，此前已上报{before}个" if before else "")
            faults.append(SelectionFault(pointer, "above_final_quota", told, "R18"))
        if len(set(chosen)) != len(chosen):
            faults.append(SelectionFault(pointer, "listed_twice", "同一推荐对象只能列入一次", "R61"))
    if not faults and not any(selection.values()):
        faults.append(SelectionFault("/selection", "nobody_chosen", "请至少选择一个推荐对象", "R61"))
    return faults


def without_choice(
    campaign: Campaign, candidates: Mapping[str, int], selection: Mapping[str, Sequence[object]]
) -> list[str]:
    """“差额评选” (R46): the categories in which there were no more candidates than were chosen."""
    return [
        key for key in campaign.category_keys if selection.get(key) and candidates.get(key, 0) <= len(selection[key])
    ]


def ranking_faults(
    listed: Mapping[str, frozenset[object]], ranking: Mapping[str, Sequence[object]]
) -> list[SelectionFault]:
    """“将推荐对象排序上报” (R64): in each category every listed one once and nobody else; the order of the list is the rank."""
    faults = []
    for key in sorted(listed.keys() | ranking.keys()):
        ranked, wanted = list(ranking.get(key, ())), listed.get(key, frozenset())
        pointer = f"/ranking/{key}"
        if len(set(ranked)) != len(ranked):
            faults.append(SelectionFault(pointer, "ranked_twice", "同一推荐对象只能排序一次，名次不能并列", "R64"))
        elif set(ranked) != wanted:
            faults.append(
                SelectionFault(pointer, "ranking_incomplete", "须对名单中的全部推荐对象排序，不多不少", "R64")
            )
    return faults
