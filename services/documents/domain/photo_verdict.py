"""The rule that turns measured numbers into findings (R124-R126, R188)."""

from collections.abc import Callable, Iterator

from services.documents.domain.background_rule import background_rule, looks_grey
from services.documents.domain.face_rule import face_rule
from services.documents.domain.photo_findings import Finding, FindingCode, PhotoCheck, Verdict, refuse, verdict_of, warn
from services.documents.domain.photo_fix import fix_available
from services.documents.domain.photo_measures import FileFault, FileMeasures, PhotoMeasures
from services.documents.domain.photo_profile import PhotoProfile

FACE_GROUP = "face"

Rule = Callable[[PhotoProfile, PhotoMeasures], Iterator[Finding]]


def judge(profile: PhotoProfile, measures: PhotoMeasures) -> PhotoCheck:
    """Gives every finding at once. Of a file that is no whole JPEG only the damage and a bomb's header are judged.

    A picture whose face nothing here could look for goes to a person, however good the rest of it is.
    """
    findings = (*_pixel_count(profile, measures), *_file_fault(measures.file))
    if measures.file.fault is None:
        findings += tuple(finding for rule in _RULES for finding in rule(profile, measures))
    unseen = measures.faces is None
    verdict = verdict_of(findings)
    if unseen and verdict is Verdict.ACCEPT:
        verdict = Verdict.REVIEW
    not_checked = (FACE_GROUP,) if unseen else ()
    return PhotoCheck(verdict, findings, not_checked, fix_available=fix_available(findings, measures))


def _file_fault(file: FileMeasures) -> Iterator[Finding]:
    match file.fault:
        case FileFault.EMPTY:
            yield refuse(FindingCode.EMPTY, 0, 1, "文件是空的，请重新选择照片上传")
        case FileFault.NOT_JPEG:
            name = _format_name(file.real_format)
            message = f"文件不是JPG照片（实际为{name}），请另存为JPG格式后上传，只改扩展名无效"
            yield refuse(FindingCode.NOT_JPEG, file.real_format, "jpeg", message)
        case FileFault.TRUNCATED:
            yield refuse(FindingCode.TRUNCATED, file.byte_count, "complete", "照片文件不完整，可能上传中断，请重新上传")
        case FileFault.CORRUPT:
            yield refuse(FindingCode.CORRUPT, "damaged", "intact", "照片文件已损坏，请重新导出或重新拍摄后上传")


def _format_name(real_format: str) -> str:
    return "无法识别的格式" if real_format == "unknown" else real_format.upper()


def _pixel_count(profile: PhotoProfile, measures: PhotoMeasures) -> Iterator[Finding]:
    file, limit = measures.file, profile.pixels.max_pixels
    if file.width and file.height and file.width * file.height > limit:
        message = f"照片像素过多（{file.width}×{file.height}），请缩小后上传"
        yield refuse(FindingCode.TOO_MANY_PIXELS, file.width * file.height, limit, message)


def _byte_window(profile: PhotoProfile, measures: PhotoMeasures) -> Iterator[Finding]:
    """R125: "50-500KB". 1 KB is read both as 1,000 and as 1,024 bytes; only what both readings exclude is refused."""
    count, window, code = measures.file.byte_count, profile.bytes, FindingCode.SIZE_BELOW_MIN
    size = f"{count // 100 / 10}KB"
    if count < window.refuse_below:
        message = f"照片只有{size}，不足{window.refuse_below // 1000}KB，请上传原图或提高保存质量"
        yield refuse(code, count, window.refuse_below, message)
    elif count < window.warn_below:
        yield warn(code, count, window.warn_below, f"照片{size}，刚到下限，建议换稍大的文件")
    code = FindingCode.SIZE_ABOVE_MAX
    if count > window.refuse_above:
        message = f"照片有{size}，超过{window.warn_above // 1000}KB，请缩小尺寸或降低保存质量"
        yield refuse(code, count, window.refuse_above, message)
    elif count > window.warn_above:
        yield warn(code, count, window.warn_above, f"照片{size}，接近上限，建议换稍小的文件")


def _hidden_content(_: PhotoProfile, measures: PhotoMeasures) -> Iterator[Finding]:
    file = measures.file
    if file.tail is not None:
        message = "照片末尾夹带了其他数据，请用相册或画图软件重新保存后上传"
        yield refuse(FindingCode.TRAILING_DATA, file.tail, "none", message)
    if file.further_pictures:
        message = "文件里还有其他图片或视频（如动态照片），只使用第一张，请审核人核对"
        yield warn(FindingCode.MULTI_PICTURE, 1 + file.further_pictures, 1, message)
    if file.markup:
        yield warn(FindingCode.EMBEDDED_MARKUP, "markup", "none", "照片附加信息里有脚本代码，入库时会被清除")


def _size_and_aspect(profile: PhotoProfile, measures: PhotoMeasures) -> Iterator[Finding]:
    """R124: "2寸". Which sizes count as two inches is the profile's to say."""
    width, height = measures.file.width, measures.file.height
    if not width or not height:
        return
    sizes = profile.fitting_sizes(width=width, height=height)
    if not sizes:
        wanted = "、".join(size.label for size in profile.print_sizes)
        message = f"照片宽高比例不对（{width}×{height}像素），{profile.label}应为{wanted}，请裁剪后上传"
        yield refuse(FindingCode.ASPECT_WRONG, round(width / height, 3), wanted, message)
    yield from _resolution(profile, width=width, height=height)


def _resolution(profile: PhotoProfile, *, width: int, height: int) -> Iterator[Finding]:
    measured, limits = f"{width}x{height}", profile.pixels
    short, long = sorted((width, height))
    if short < limits.refuse_below_short_side or long < limits.refuse_below_long_side:
        limit = f"{limits.refuse_below_short_side}x{limits.refuse_below_long_side}"
        message = f"照片像素太少（{width}×{height}），请上传原图，不要用截图或缩略图"
        yield refuse(FindingCode.PIXELS_TOO_FEW, measured, limit, message)
        return
    sizes = profile.fitting_sizes(width=width, height=height)
    if sizes and not any(width >= size.width_px and height >= size.height_px for size in sizes):
        limit = f"{sizes[0].width_px}x{sizes[0].height_px}"
        yield warn(FindingCode.PIXELS_TOO_FEW, measured, limit, f"照片像素偏少（{width}×{height}），打印可能不清晰")


def _colour(profile: PhotoProfile, measures: PhotoMeasures) -> Iterator[Finding]:
    """R188: "彩色照片"."""
    model = measures.file.colour_model
    if model == "grey" or looks_grey(profile, measures):
        if profile.colour.required:
            yield refuse(FindingCode.NOT_COLOUR, "grey", "colour", "照片是黑白的，请上传彩色照片")
    elif model != "rgb":
        message = f"照片颜色模式是{(model or 'other').upper()}（印刷用），请转为RGB后另存为JPG"
        yield refuse(FindingCode.NOT_RGB, model or "other", "rgb", message)


_RULES: tuple[Rule, ...] = (_byte_window, _hidden_content, _size_and_aspect, _colour, background_rule, face_rule)
