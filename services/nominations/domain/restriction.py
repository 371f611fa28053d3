"""“停止除存储和采取必要的安全保护措施之外的处理” (PIPL 第四十七条): whose case is restricted, and who goes on with it.

What law asks to keep is kept. A procedure that has begun goes on, for it rests on a public duty and not on consent
(第十三条第三项): reviews, opinions, publicity, reports, awards and their revocation. Nothing else is done with the case.
"""

from services.nominations.domain.facts import Blocker
from services.nominations.domain.workflow import Status

WITH_NO_OFFICE = frozenset({Status.DRAFT, Status.RETURNED, Status.WITHDRAWN, Status.REJECTED, Status.NOT_AWARDED})
"""No duty has begun, it waits for the person, or none is left: the content is kept and shown to nobody but the person."""


def is_held(*, restricted: bool, status: Status, own: bool) -> bool:
    """Whether the content is out of this reader's reach. `own`: the reader is the person it is about (第四十五条)."""
    return restricted and not own and status in WITH_NO_OFFICE


HELD = Blocker("nomination_held", "依法限制处理，这件推荐只保存，不能报送", "R69")
"""Against a hand-over that names a held case: that much is said of it, and nothing of its content."""
