"""What an automatic fix of a portrait may change, and which faults it can cure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.documents.domain.photo_findings import Finding, FindingCode, PhotoCheck, Severity, Verdict
from services.documents.domain.photo_measures import PhotoMeasures

CONVERTIBLE_FORMATS = frozenset({"png", "webp", "gif", "bmp"})


class ChangeCode(StrEnum):
    """One thing that a fix did to the picture."""

    CONVERTED = "converted"  # 转换格式
    ROTATED = "rotated"  # 旋转
    STRAIGHTENED = "straightened"  # 摆正
    CROPPED = "cropped"  # 裁剪
    BACKGROUND_REPLACED = "background_replaced"  # 更换背景
    RESIZED = "resized"  # 调整尺寸
    RE_ENCODED = "re_encoded"  # 重新压缩
    METADATA_REMOVED = "metadata_removed"  # 清除附加信息


class BackgroundChoice(StrEnum):
    """Whether a fix may touch what stands behind the person. Some offices refuse edited photos: the person decides."""

    KEEP = "keep"  # 保留原背景
    BLUE = "blue"  # 换成纯蓝背景


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, in a sentence for the person who accepts it."""

    code: ChangeCode
    message: str


@dataclass(frozen=True, slots=True)
class FixedPhoto:
    """A proposal: the new file, what was changed and both checks. The original stays as it is."""

    content: bytes
    width: int
    height: int
    changes: tuple[Change, ...]
    before: PhotoCheck
    after: PhotoCheck


_BY_ENCODING = frozenset(
    {
        FindingCode.SIZE_BELOW_MIN,
        FindingCode.SIZE_ABOVE_MAX,
        FindingCode.TRAILING_DATA,
        FindingCode.MULTI_PICTURE,
        FindingCode.EMBEDDED_MARKUP,
        FindingCode.NOT_RGB,
    }
)
_BY_CUTTING = frozenset(
    {
        FindingCode.ASPECT_WRONG,
        FindingCode.WHITE_BORDER,
        FindingCode.FACE_TOO_SMALL,
        FindingCode.FACE_OFF_CENTRE,
        FindingCode.TILTED,
    }
)


def fix_available(findings: Iterable[Finding], measures: PhotoMeasures) -> bool:
    """Whether a fix that leaves the background alone is worth trying: it cures at least one fault, and every refusal."""
    findings = tuple(findings)
    curable = [finding for finding in findings if _curable(finding, measures)]
    refusals = [finding for finding in findings if finding.severity is Severity.REFUSE]
    return bool(curable) and all(finding in curable for finding in refusals)


def _curable(finding: Finding, measures: PhotoMeasures) -> bool:
    if finding.code == FindingCode.NOT_JPEG:
        return measures.file.real_format in CONVERTIBLE_FORMATS
    if finding.code == FindingCode.PIXELS_TOO_FEW:
        return False
    has_face = measures.faces is not None and measures.faces.count == 1
    return finding.code in _BY_ENCODING or (has_face and finding.code in _BY_CUTTING)


def helps(after: PhotoCheck, before: PhotoCheck) -> bool:
    """Whether the fixed picture may be uploaded, with a verdict that weighs no heavier than the original's."""
    if after.verdict is Verdict.REVIEW:
        return before.verdict is not Verdict.ACCEPT
    return after.verdict is Verdict.ACCEPT
