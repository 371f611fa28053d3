"""The rule for ID card copies, certificates and scans (R130, R184, R185): whole, of an accepted format and size."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from services.documents.domain.photo_findings import Finding, FindingCode, refuse
from services.documents.domain.photo_measures import FileFault


class FileCode(StrEnum):
    """Causes that only papers have; a picture's own are those of a portrait."""

    FORMAT_NOT_ACCEPTED = "format_not_accepted"  # 不接收的格式
    ANIMATED = "animated"  # 动图
    PDF_ENCRYPTED = "pdf_encrypted"  # 加密的 PDF
    PDF_ACTIVE = "pdf_active_content"  # 带脚本或附件的 PDF
    PDF_TOO_MANY_PAGES = "pdf_too_many_pages"  # 页数过多
    PDF_TOO_COMPLEX = "pdf_too_complex"  # 对象过多


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a kind of document admits. Bytes; pixels before decoding."""

    formats: AbstractSet[str]
    max_bytes: int
    max_pixels: int
    max_pages: int


_MEDIA_TYPES = {"jpeg": "image/jpeg", "heic": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}


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
    pictures: int = 1
    pages: int | None = None
    encrypted: bool = False
    active: str | None = None
    """The first thing of a PDF that acts by itself or carries another file."""
    too_complex: bool = False
    converted: bytes | None = None
    """The JPEG that a HEIC became, or the same picture without the place where it was taken."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An accepted file: what it is and how large."""

    real_format: str
    media_type: str
    byte_count: int
    width: int | None
    height: int | None
    pages: int | None = None
    converted: bytes | None = None
    """What is kept instead of the bytes that came: a HEIC as a JPEG, a photo without its place."""


def judge_image(measures: ImageMeasures, limits: FileLimits) -> ImageFacts | tuple[Finding, ...]:
    """Gives the facts of an accepted file, or every reason for which it is refused."""
    findings = tuple(_findings(measures, limits))
    if findings:
        return findings
    return ImageFacts(
        real_format=measures.real_format,
        media_type=_MEDIA_TYPES[measures.real_format],
        byte_count=measures.byte_count,
        width=measures.width,
        height=measures.height,
        pages=measures.pages,
        converted=measures.converted,
    )


def _findings(measures: ImageMeasures, limits: FileLimits) -> Iterator[Finding]:
    if measures.fault is FileFault.EMPTY:
        yield refuse(FindingCode.EMPTY, 0, 1, "文件是空的，请重新选择文件上传")
        return
    if measures.byte_count > limits.max_bytes:
        message = f"文件有{measures.byte_count / 1_000_000:.1f}MB，超过{limits.max_bytes / 1_000_000:g}MB，请压缩后上传"
        yield refuse(FindingCode.SIZE_ABOVE_MAX, measures.byte_count, limits.max_bytes, message)
    if measures.real_format not in limits.formats or measures.real_format not in _MEDIA_TYPES:
        yield _wrong_format(measures.real_format, limits.formats)
        return
    yield from _damage(measures)
    yield from _pdf(measures, limits)
    yield from _picture(measures, limits)


def _picture(measures: ImageMeasures, limits: FileLimits) -> Iterator[Finding]:
    if (pixels := (measures.width or 0) * (measures.height or 0)) > limits.max_pixels:
        yield refuse(FindingCode.TOO_MANY_PIXELS, pixels, limits.max_pixels, "图片像素过多，请缩小后上传")
    if measures.colour_model in ("cmyk", "ycck"):
        yield refuse(FindingCode.NOT_RGB, measures.colour_model, "rgb", "图片是印刷用的CMYK颜色模式，请转为RGB后上传")
    if measures.pictures > 1:
        yield refuse(FileCode.ANIMATED, measures.pictures, 1, "这是动图或连拍，请选择单张照片上传")


def _pdf(measures: ImageMeasures, limits: FileLimits) -> Iterator[Finding]:
    if measures.encrypted:
        message = "PDF设有密码或限制，请去除密码后重新导出（打印为PDF即可）"
        yield refuse(FileCode.PDF_ENCRYPTED, "encrypted", "plain", message)
    if measures.active is not None:
        message = "PDF带有脚本、表单动作或附件，请打印为普通PDF后上传"
        yield refuse(FileCode.PDF_ACTIVE, measures.active, "none", message)
    if measures.too_complex:
        yield refuse(FileCode.PDF_TOO_COMPLEX, "complex", "simple", "PDF结构过于复杂，请打印为普通PDF或拍照后上传")
    if measures.pages is not None and measures.pages > limits.max_pages:
        message = f"PDF有{measures.pages}页，超过{limits.max_pages}页，请拆分后上传"
        yield refuse(FileCode.PDF_TOO_MANY_PAGES, measures.pages, limits.max_pages, message)


def _wrong_format(real_format: str, formats: AbstractSet[str]) -> Finding:
    accepted = "、".join(sorted(name.upper() for name in formats))
    found = "无法识别的格式" if real_format == "unknown" else real_format.upper()
    message = f"文件实际为{found}，只接受{accepted}；只改扩展名无效"
    return refuse(FileCode.FORMAT_NOT_ACCEPTED, real_format, ",".join(sorted(formats)), message)


def _damage(measures: ImageMeasures) -> Iterator[Finding]:
    if measures.fault is FileFault.TRUNCATED:
        yield refuse(FindingCode.TRUNCATED, measures.byte_count, "complete", "文件不完整，可能上传中断，请重新上传")
    elif measures.fault is FileFault.CORRUPT:
        yield refuse(FindingCode.CORRUPT, "damaged", "intact", "文件已损坏，请重新导出或重新拍摄后上传")
    if measures.tail is not None:
        yield refuse(FindingCode.TRAILING_DATA, measures.tail, "none", "文件末尾夹带了其他数据，请重新保存后上传")
