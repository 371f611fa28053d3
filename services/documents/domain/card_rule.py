"""What a reviewer should know of an ID card copy before reading it (R184, R193). Only warnings: a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.documents.domain.photo_findings import Finding, warn


class CardSide(StrEnum):
    """The side that a copy is to show."""

    FRONT = "front"  # 人像面
    BACK = "back"  # 国徽面


class CardCode(StrEnum):
    """One cause each."""

    NOT_FOUND = "card_not_found"  # 未见证件
    TOO_SMALL = "card_too_small"  # 证件过小
    CUT_OFF = "card_cut_off"  # 证件不完整
    BLURRED = "card_blurred"  # 模糊
    GLARE = "card_glare"  # 反光
    WRONG_SIDE = "card_wrong_side"  # 面别不符
    NUMBER_UNREADABLE = "card_number_unreadable"  # 号码无法识别
    NAME_UNREADABLE = "card_name_unreadable"  # 姓名无法识别
    VALIDITY_UNREADABLE = "card_validity_unreadable"  # 有效期限无法识别


@dataclass(frozen=True, slots=True)
class CardMeasures:
    """Width and share are of the card's longer side; the emblem on the back is the only large red thing on a card."""

    share: float  # of the picture's longer side
    long_side: int  # pixels
    cut_share: float  # of that edge of the picture which the card crosses most
    edge_width: float  # pixels at 1000 pixels across, as for portraits
    glare_share: float  # of the picture, burnt out
    red_share: float  # of the picture
    in_colour: bool
    has_face: bool | None  # None when no model could look


@dataclass(frozen=True, slots=True)
class CardLimits:
    """Measured on drawn copies: sharp ones have edges under 0.9 and no burnt spot above 1 %."""

    least_share: float = 0.35
    least_long_side: int = 600
    most_cut: float = 0.2
    widest_edge: float = 1.3
    most_glare: float = 0.015
    emblem_red: float = 0.002
    front_red: float = 0.001


def judge_card(measures: CardMeasures, side: CardSide, limits: CardLimits) -> Iterator[Finding]:
    """Where no card is, nothing else is said."""
    if measures.share < limits.least_share:
        message = "没有看到身份证，或身份证在画面中太小，请让证件占满画面"
        yield warn(CardCode.NOT_FOUND, round(measures.share, 2), limits.least_share, message)
        return
    if measures.long_side < limits.least_long_side:
        message = f"身份证像素太少（长边{measures.long_side}像素），文字可能看不清，请靠近重拍"
        yield warn(CardCode.TOO_SMALL, measures.long_side, limits.least_long_side, message)
    if measures.cut_share > limits.most_cut:
        message = "身份证没有拍全，请让四角都在画面内"
        yield warn(CardCode.CUT_OFF, round(measures.cut_share, 2), limits.most_cut, message)
    if measures.edge_width > limits.widest_edge:
        message = "文字模糊，请对焦清楚、拿稳后重拍"
        yield warn(CardCode.BLURRED, round(measures.edge_width, 2), limits.widest_edge, message)
    if measures.glare_share > limits.most_glare:
        message = "有反光，可能遮住文字，请避开灯光重拍"
        yield warn(CardCode.GLARE, round(measures.glare_share, 3), limits.most_glare, message)
    yield from _side(measures, side, limits)


def _side(measures: CardMeasures, side: CardSide, limits: CardLimits) -> Iterator[Finding]:
    """A face shows the front for certain; without one, in a colour picture, the red of the emblem decides."""
    red = round(measures.red_share, 4)
    if side is CardSide.BACK:
        no_emblem = measures.in_colour and measures.red_share < limits.front_red
        if measures.has_face or no_emblem:
            yield warn(CardCode.WRONG_SIDE, red, limits.front_red, "这一面像是人像面，请上传国徽面")
    elif measures.has_face is not True and measures.red_share > limits.emblem_red:
        yield warn(CardCode.WRONG_SIDE, red, limits.emblem_red, "这一面像是国徽面，请上传人像面")
