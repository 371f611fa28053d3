"""The rule about what stands behind the person (R188 “蓝底”)."""

from collections.abc import Iterator

from services.documents.domain.colour_names import colour_name
from services.documents.domain.photo_findings import Finding, FindingCode, refuse, warn
from services.documents.domain.photo_measures import BackgroundMeasures, FileMeasures, PhotoMeasures
from services.documents.domain.photo_profile import PhotoProfile


def background_rule(profile: PhotoProfile, measures: PhotoMeasures) -> Iterator[Finding]:
    """Without colour there is no blue to look for; without blue its evenness says nothing."""
    if measures.white_frame:
        yield refuse(FindingCode.WHITE_BORDER, "white", "none", "照片四周有白边，请裁掉白边后上传")
    background = measures.background
    if background is not None and not looks_grey(profile, measures):
        yield from judge_background(profile, background, upright=_stands_upright(measures.file))


def judge_background(profile: PhotoProfile, background: BackgroundMeasures, *, upright: bool) -> Iterator[Finding]:
    """Whether it is blue, and evenly so."""
    blue = profile.background.blue
    if not blue.hue_from <= background.hue <= blue.hue_to or background.chroma < blue.chroma_refuse_below:
        yield _not_blue(profile, background)
        return
    yield from _doubtful_blue(profile, background)
    if upright:
        yield from _uneven(profile, background)


def _stands_upright(file: FileMeasures) -> bool:
    """In a picture lying on its side the border shows the person: its aspect is refused, its evenness is unknown."""
    return (file.height or 0) > (file.width or 0)


def _not_blue(profile: PhotoProfile, background: BackgroundMeasures) -> Finding:
    blue = profile.background.blue
    name = colour_name(hue=background.hue, lightness=background.lightness, chroma=background.chroma)
    if name == "蓝色":
        name = "色相超出规定范围的蓝色"
    message = f"背景不是蓝色（测得{name}），请换蓝底重拍"
    limit = f"hue {blue.hue_from:g}-{blue.hue_to:g}, chroma >= {blue.chroma_refuse_below:g}"
    measured = f"hue {background.hue:.0f}, chroma {background.chroma:.0f}"
    return refuse(FindingCode.BG_NOT_BLUE, measured, limit, message)


def _doubtful_blue(profile: PhotoProfile, background: BackgroundMeasures) -> Iterator[Finding]:
    blue = profile.background.blue
    doubts = (
        (background.chroma, blue.chroma_warn_below, "chroma", "偏灰"),
        (background.saturation, blue.saturation_warn_below, "saturation", "偏浅"),
        (background.value, blue.value_warn_below, "value", "偏暗"),
    )
    for measured, limit, name, description in doubts:
        if measured < limit:
            message = f"背景蓝色{description}，由审核人判断；建议换标准蓝底重拍"
            yield warn(FindingCode.BG_NOT_BLUE, f"{name} {measured:.2f}", f"{name} >= {limit:g}", message)
            return


def _uneven(profile: PhotoProfile, background: BackgroundMeasures) -> Iterator[Finding]:
    """Along the border only a gross fault is seen; around the person a faint shadow is, and a person decides on it."""
    around, border = profile.background.around_person, profile.background.border
    limits = around if background.around_person else border
    message = "背景蓝色不均匀（有阴影、渐变或杂物），请在平整、光线均匀的纯蓝背景前重拍"
    spread = round(background.spread, 1)
    if background.blue_share < limits.blue_share_refuse_below:
        measured, limit = round(background.blue_share, 2), limits.blue_share_refuse_below
        yield refuse(FindingCode.BG_UNEVEN, measured, limit, message)
    elif background.spread > limits.spread_refuse_above:
        yield refuse(FindingCode.BG_UNEVEN, spread, limits.spread_refuse_above, message)
    elif background.around_person and background.spread > around.spread_warn_above:
        message = "背景有轻微阴影或颜色不匀，由审核人判断；建议在光线均匀处重拍"
        yield warn(FindingCode.BG_UNEVEN, spread, around.spread_warn_above, message)


def looks_grey(profile: PhotoProfile, measures: PhotoMeasures) -> bool:
    """Whether a picture stored in colour shows none."""
    difference = measures.colour_difference
    return difference is not None and difference < profile.colour.grey_below
