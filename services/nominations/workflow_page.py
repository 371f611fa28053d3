"""docs/workflow.md, made from the transition table: the procedure as a table and as a diagram."""

from services.nominations.domain.workflow import TRANSITIONS, Move, Place, Status, Transition
from services.nominations.labels import ACTION, EVENT, ROLE, STATUS

_PLACE = {Place.UNIT: "单位", Place.ABOVE: "县、市"}
_MOVE = {Move.STAY: "", Move.UP: "↑ 上一级", Move.TO_UNIT: "↓ 单位"}


def workflow_page() -> str:
    """The whole page, Markdown with one Mermaid diagram."""
    header = "| 阶段 | 操作 | 由 | 自 | 至 | 记录 | 依据 |\n|---|---|---|---|---|---|---|\n"
    return (
        "# Workflow\n\nGenerated from `services/nominations/domain/workflow.py` by `make openapi`. A case stands at a stage\n"
        "(data of the campaign: unit → county → city) with one of these statuses.\n\n"
        + header
        + "".join(map(_table_row, TRANSITIONS))
        + "\n```mermaid\nstateDiagram-v2\n"
        + "".join(f"    {status.value}: {label}\n" for status, label in STATUS.items())
        + "    [*] --> draft\n"
        + "".join(dict.fromkeys(arrow for row in TRANSITIONS for arrow in _arrows(row)))
        + "```\n"
    )


def _table_row(row: Transition) -> str:
    sources = "、".join(STATUS[status] for status in Status if status in row.sources)
    roles = "、".join(label for role, label in ROLE.items() if role in row.roles)
    target = STATUS[row.target] if row.target else "（不变）"
    every = "（两部门均签署后）" if row.every_box else ""
    cells = (
        _PLACE[row.place],
        f"{ACTION[row.action]} `{row.action}`",
        roles,
        sources,
        f"{target}{every} {_MOVE[row.move]}".strip(),
        f"{EVENT[row.event]} `{row.event}`",
        row.requirement,
    )
    return f"| {' | '.join(cells)} |\n"


def _arrows(row: Transition) -> list[str]:
    if row.target is None:
        return []
    return [
        f"    {source.value} --> {row.target.value}: {ACTION[row.action]}\n"
        for source in Status
        if source in row.sources
    ]
