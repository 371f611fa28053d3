"""An automatic fix of a portrait: turn, straighten, cut, replace the background if asked, resize, write anew."""

import numpy as np
from numpy.typing import NDArray

from services.documents.domain.photo_findings import PhotoCheck, Verdict
from services.documents.domain.photo_fix import (
    BackgroundChoice,
    Change,
    ChangeCode,
    FixedPhoto,
    worse,
)
from services.documents.domain.photo_measures import BackgroundMeasures, PhotoMeasures
from services.documents.domain.photo_profile import PhotoProfile, PixelSize
from services.documents.domain.photo_verdict import judge
from services.documents.inspection.background import background_of
from services.documents.inspection.background_replacement import replace_background
from services.documents.inspection.jpeg_stripping import without_metadata
from services.documents.inspection.person_mask import person_mask
from services.documents.inspection.photo_encoding import encode_within
from services.documents.inspection.photo_framing import (
    WHOLE,
    Framing,
    draw,
    final_size,
    plan_framing,
    source_pixels_needed,
)
from services.documents.inspection.photo_source import NotFixable, PhotoSource, open_source
from services.documents.inspection.portrait import measure_portrait
from services.documents.inspection.vision_models import load_vision_models

Picture = NDArray[np.uint8]

_MOST_UNEVEN = 30.0  # Lab distance: in front of a crowd or a bookshelf nobody can tell hair from what is behind it


def fix_photo(content: bytes, profile: PhotoProfile, background: BackgroundChoice) -> FixedPhoto | PhotoCheck:
    """Gives a proposal that is never worse than what came in, or only the check when none can be made.

    A picture with nothing to cure keeps every pixel and loses only its metadata.
    """
    measures = measure_portrait(content, profile)
    before = judge(profile, measures)
    try:
        return _proposal(content, profile, background, measures, before)
    except NotFixable:
        return before


def _proposal(
    content: bytes, profile: PhotoProfile, background: BackgroundChoice, measures: PhotoMeasures, before: PhotoCheck
) -> FixedPhoto:
    if _leave_pixels(before, measures, background) and (kept := _stripped(content, profile, before)):
        return kept
    source = open_source(content, max_pixels=profile.pixels.max_pixels)
    proposal = _remade(source, profile, background, before)
    if worse(proposal.after, before):
        raise NotFixable
    return proposal


def _leave_pixels(before: PhotoCheck, measures: PhotoMeasures, background: BackgroundChoice) -> bool:
    if background is not BackgroundChoice.KEEP:
        return False
    sound = measures.file.fault is None and measures.faces is not None
    return sound and (before.verdict is Verdict.ACCEPT or not before.fix_available)


def _stripped(content: bytes, profile: PhotoProfile, before: PhotoCheck) -> FixedPhoto | None:
    """None when the picture does not stay as good without what is stripped, its EXIF orientation for example."""
    bare = without_metadata(content)
    measures = measure_portrait(bare, profile)
    after = judge(profile, measures)
    if after.findings != before.findings or measures.file.width is None or measures.file.height is None:
        return None
    removed = Change(ChangeCode.METADATA_REMOVED, "清除了拍摄地点、设备等附加信息，画面未改动")
    changes = (removed,) if len(bare) < len(content) else ()
    return FixedPhoto(bare, measures.file.width, measures.file.height, changes, before, after)


def _remade(source: PhotoSource, profile: PhotoProfile, background: BackgroundChoice, before: PhotoCheck) -> FixedPhoto:
    framing = plan_framing(source, profile)
    size = final_size(framing, source, profile)
    needed = source_pixels_needed(framing, source, profile)
    picture = draw(source.picture(short_side=needed), framing, size)
    replaced = _with_blue(picture, profile) if background is BackgroundChoice.BLUE else None
    content = encode_within(picture if replaced is None else replaced, profile.target)
    if content is None:
        raise NotFixable
    changes = _changes(source, framing, size, replaced=replaced is not None, byte_count=len(content))
    after = judge(profile, measure_portrait(content, profile))
    return FixedPhoto(content, size.width_px, size.height_px, changes, before, after)


def _with_blue(picture: Picture, profile: PhotoProfile) -> Picture | None:
    """A background that is blue already is made even in its own blue; another one becomes the profile's."""
    models = load_vision_models()
    if models is None:
        return None
    person = person_mask(models, picture)
    behind = background_of(picture[::2, ::2], person[::2, ::2], profile.background)
    if behind.spread > _MOST_UNEVEN:
        return None
    colour = _own_blue(picture, person, behind, profile) or profile.target.background_rgb
    return replace_background(picture, person, (colour[0], colour[1], colour[2]))


def _own_blue(
    picture: Picture, person: NDArray[np.float32], behind: BackgroundMeasures, profile: PhotoProfile
) -> tuple[int, ...] | None:
    blue = profile.background.blue
    if not blue.hue_from <= behind.hue <= blue.hue_to or behind.chroma < blue.chroma_warn_below:
        return None
    if behind.saturation < blue.saturation_warn_below or behind.value < blue.value_warn_below:
        return None
    clear = picture[person < profile.background.around_person.person_below]
    return tuple(int(channel) for channel in np.median(clear, axis=0)) if len(clear) else None


def _changes(
    source: PhotoSource, framing: Framing, size: PixelSize, *, replaced: bool, byte_count: int
) -> tuple[Change, ...]:
    real_format, turns = source.structure.real_format, framing.quarter_turns
    if source.structure.transposed or source.structure.orientation == 3:
        turns = turns or 1
    said = {
        ChangeCode.CONVERTED: real_format != "jpeg" and f"由{real_format.upper()}转换为JPG",
        ChangeCode.ROTATED: bool(turns) and "把画面转正",
        ChangeCode.STRAIGHTENED: bool(framing.straightened_by) and f"摆正了{abs(framing.straightened_by):.0f}度",
        ChangeCode.CROPPED: (framing.crop is not None or framing.inside != WHOLE) and "按人像位置裁剪为规定比例",
        ChangeCode.BACKGROUND_REPLACED: replaced and "背景换成了均匀的蓝色，请仔细核对头发和肩部边缘",
        ChangeCode.RESIZED: (source.width, source.height) != (size.width_px, size.height_px)
        and f"由{source.width}×{source.height}像素调整为{size.width_px}×{size.height_px}像素",
        ChangeCode.RE_ENCODED: f"文件由{len(source.content) / 1000:.0f}KB变为{byte_count / 1000:.0f}KB",
        ChangeCode.METADATA_REMOVED: "清除了拍摄地点、设备等附加信息",
    }
    return tuple(Change(code, message) for code, message in said.items() if isinstance(message, str))
