"""An automatic fix of a portrait: turn, straighten, cut, replace the background if asked, resize, write anew."""

from dataclasses import dataclass, replace

from services.documents.domain.photo_findings import PhotoCheck, Verdict
from services.documents.domain.photo_fix import BackgroundChoice, Change, ChangeCode, FixedPhoto, helps
from services.documents.domain.photo_measures import PhotoMeasures
from services.documents.domain.photo_profile import PhotoProfile, PixelSize
from services.documents.domain.photo_verdict import judge
from services.documents.inspection.heic_picture import as_jpeg
from services.documents.inspection.jpeg_stripping import without_metadata
from services.documents.inspection.jpeg_structure import read_structure
from services.documents.inspection.photo_background import with_plain_blue
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
from services.documents.inspection.vision_models import VisionModels, load_vision_models

_FROM_HEIC = Change(ChangeCode.CONVERTED, "由HEIC转换为JPG")


@dataclass(frozen=True, slots=True)
class _Task:
    """What came in, what is wrong with it, and what may be done about it."""

    content: bytes
    profile: PhotoProfile
    background: BackgroundChoice
    models: VisionModels
    measures: PhotoMeasures
    before: PhotoCheck


def fix_photo(content: bytes, profile: PhotoProfile, background: BackgroundChoice) -> FixedPhoto | PhotoCheck:
    """Gives a proposal that may be uploaded and is never worse than what came in; else a check of what stays wrong.

    A picture with nothing to cure keeps every pixel and loses only its metadata. A phone's HEIC is a JPEG from here on.
    """
    models = load_vision_models()
    picture = as_jpeg(content, max_pixels=profile.pixels.max_pixels)
    measures = measure_portrait(picture, profile, models)
    before = judge(profile, measures)
    if models is None:
        return before
    try:
        proposal = _proposal(_Task(picture, profile, background, models, measures, before))
    except NotFixable:
        return before
    if picture is not content:
        proposal = replace(proposal, changes=(_FROM_HEIC, *proposal.changes))
    return proposal if helps(proposal.after, before) else proposal.after


def _proposal(task: _Task) -> FixedPhoto:
    if _nothing_to_cure(task) and (kept := _stripped(task)):
        return kept
    return _remade(task)


def _nothing_to_cure(task: _Task) -> bool:
    if task.before.verdict is Verdict.ACCEPT:
        return True
    may_help = task.before.fix_available or task.background is not BackgroundChoice.KEEP
    return task.measures.file.fault is None and task.measures.faces is not None and not may_help


def _stripped(task: _Task) -> FixedPhoto | None:
    """None when the picture would not stay what it is without what is stripped: its EXIF orientation turns it."""
    if read_structure(task.content).orientation != 1:
        return None
    bare = without_metadata(task.content)
    measures = measure_portrait(bare, task.profile, task.models)
    after = judge(task.profile, measures)
    if after.findings != task.before.findings or measures.file.width is None or measures.file.height is None:
        return None
    removed = Change(ChangeCode.METADATA_REMOVED, "清除了拍摄地点、设备等附加信息，画面未改动")
    changes = (removed,) if len(bare) < len(task.content) else ()
    return FixedPhoto(bare, measures.file.width, measures.file.height, changes, task.before, after)


def _remade(task: _Task) -> FixedPhoto:
    profile, models = task.profile, task.models
    source = open_source(task.content, max_pixels=profile.pixels.max_pixels)
    framing = plan_framing(source, profile, models)
    size = final_size(framing, source, profile)
    needed = source_pixels_needed(framing, source, profile)
    picture = draw(source.picture(short_side=needed), framing, size)
    blue = with_plain_blue(picture, profile, models) if task.background is BackgroundChoice.BLUE else None
    content = encode_within(picture if blue is None else blue, profile.target)
    if content is None:
        raise NotFixable
    changes = _changes(source, framing, size, replaced=blue is not None, byte_count=len(content))
    after = judge(profile, measure_portrait(content, profile, models))
    return FixedPhoto(content, size.width_px, size.height_px, changes, task.before, after)


def _changes(
    source: PhotoSource, framing: Framing, size: PixelSize, *, replaced: bool, byte_count: int
) -> tuple[Change, ...]:
    structure, angle = source.structure, abs(framing.straightened_by)
    before, after = f"{source.width}×{source.height}", f"{size.width_px}×{size.height_px}"
    done = (
        (ChangeCode.CONVERTED, structure.real_format != "jpeg", f"由{structure.real_format.upper()}转换为JPG"),
        (ChangeCode.ROTATED, framing.quarter_turns > 0 or structure.orientation > 1, "把画面转正"),
        (ChangeCode.STRAIGHTENED, angle > 0, f"摆正了{angle:.0f}度"),
        (ChangeCode.CROPPED, framing.crop is not None or framing.inside != WHOLE, "按人像位置裁剪为规定比例"),
        (ChangeCode.BACKGROUND_REPLACED, replaced, "背景换成了均匀的蓝色，请仔细核对头发和肩部边缘"),
        (ChangeCode.RESIZED, before != after, f"由{before}像素调整为{after}像素"),
        (ChangeCode.RE_ENCODED, True, f"文件由{len(source.content) / 1000:.0f}KB变为{byte_count / 1000:.0f}KB"),
        (ChangeCode.METADATA_REMOVED, True, "清除了拍摄地点、设备等附加信息"),
    )
    return tuple(Change(code, message) for code, happened, message in done if happened)
