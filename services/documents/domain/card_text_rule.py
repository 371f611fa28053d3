"""What a reviewer should know of the text on an ID card copy (R184). The findings never say what was read."""

from collections.abc import Iterator

from services.documents.domain.card_rule import CardCode, CardSide
from services.documents.domain.card_text import CardText
from services.documents.domain.photo_findings import Finding, warn

_WRONG_SIDE = {
    CardSide.FRONT: "这一面像是国徽面，请上传人像面",
    CardSide.BACK: "这一面像是人像面，请上传国徽面",
}


def judge_text(text: CardText, side: CardSide) -> Iterator[Finding]:
    """`measured` is 0: that many were read, where one should be. Of the wrong side nothing else is said."""
    if text.shows and side not in text.shows:
        yield warn(CardCode.WRONG_SIDE, 0, 1, _WRONG_SIDE[side])
        return
    if side is CardSide.BACK:
        if not text.has_validity:
            yield warn(CardCode.VALIDITY_UNREADABLE, 0, 1, "有效期限看不清，请避开反光、对焦清楚后重拍")
        return
    if text.number is None:
        yield warn(CardCode.NUMBER_UNREADABLE, 0, 1, "身份证号码看不清或被遮挡，请避开反光、对焦清楚后重拍")
    if not text.names:
        yield warn(CardCode.NAME_UNREADABLE, 0, 1, "姓名看不清或含生僻字，由审核人核对")
