"""The rule for ID card copies, certificates and scans (R130, R184, R185): whole, of an accepted format and size."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.documents.domain.photo_findings import Finding, FindingCode, refuse
from services.documents.domain.photo_measures import FileFault

FORMAT_NOT_ACCEPTED = "format_not_accepted"

_MEDIA_TYPES = {"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class ImageMeasures:
    """Facts about the bytes. Width and height are of the upright picture and unknown for a PDF."""

    byte_count: int
    real_format: str
    fault: FileFault | None = None
    width: int | None = None
    height: int | None = None
    colour_model: str | None = None
    tail: str | None = None


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An accepted file: what it is and how large."""

    real_format: str
    media_type: str
    byte_count: int
    width: int | None
    height: int | None


def judge_image(
    measures: ImageMeasures, *, formats: AbstractSet[str], max_bytes: int, max_pixels: int
) -> ImageFacts | tuple[Finding, ...]:
    """Gives the facts of an accepted file, or every reason for which it is refused."""
    findings = tuple(_findings(measures, formats=formats, max_bytes=max_bytes, max_pixels=max_pixels))
    if findings:
        return findings
    media_type = _MEDIA_TYPES[measures.real_format]
    return ImageFacts(measures.real_format, media_type, measures.byte_count, measures.width, measures.height)


def _findings(
    measures: ImageMeasures, *, formats: AbstractSet[str], max_bytes: int, max_pixels: int
) -> Iterator[Finding]:
    if measures.fault is FileFault.EMPTY:
        yield refuse(FindingCode.EMPTY, 0, 1, "文件是空的，请重新选择文件上传")
        return
    if measures.byte_count > max_bytes:
        message = f"文件有{measures.byte_count / 1_000_000:.1f}MB，超过{max_bytes / 1_000_000:g}MB，请压缩后上传"
        yield refuse(FindingCode.SIZE_ABOVE_MAX, measures.byte_count, max_bytes, message)
    if measures.real_format not in formats or measures.real_format not in _MEDIA_TYPES:
        yield _wrong_format(measures.real_format, formats)
        return
    if (pixels := (measures.width or 0) * (measures.height or 0)) > max_pixels:
        yield refuse(FindingCode.TOO_MANY_PIXELS, pixels, max_pixels, "图片像素过多，请缩小后上传")
    if measures.colour_model in ("cmyk", "ycck"):
        yield refuse(FindingCode.NOT_RGB, measures.colour_model, "rgb", "图片是印刷用的CMYK颜色模式，请转为RGB后上传")
    yield from _damage(measures)


def _wrong_format(real_format: str, formats: AbstractSet[str]) -> Finding:
    accepted = "、".join(sorted(name.upper() for name in formats))
    found = "无法识别的格式" if real_format == "unknown" else real_format.upper()
    message = f"文件实际为{found}，只接受{accepted}；只改扩展名无效"
    return refuse(FORMAT_NOT_ACCEPTED, real_format, ",".join(sorted(formats)), message)


def _damage(measures: ImageMeasures) -> Iterator[Finding]:
    if measures.fault is FileFault.TRUNCATED:
        yield refuse(FindingCode.TRUNCATED, measures.byte_count, "complete", "文件不完整，可能上传中断，请重新上传")
    elif measures.fault is FileFault.CORRUPT:
        yield refuse(FindingCode.CORRUPT, "damaged", "intact", "文件已损坏，请重新导出或重新拍摄后上传")
    if measures.tail is not None:
        yield refuse(FindingCode.TRAILING_DATA, measures.tail, "none", "文件末尾夹带了其他数据，请重新保存后上传")
