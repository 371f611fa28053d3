"""What a check of a portrait answers. Codes and shapes are part of the contract."""

from dataclasses import dataclass
from enum import StrEnum

CONTENT_NOT_CHECKED = "content"
"""Nothing looked at what a scan shows: `accept` means a whole file of the right kind, and a person still reads it."""


class FindingCode(StrEnum):
    """One cause each. Those about faces are found only with a face model."""

    EMPTY = "empty"  # 空文件
    NOT_JPEG = "not_jpeg"  # 不是 JPG
    TRUNCATED = "truncated"  # 文件不完整
    CORRUPT = "corrupt"  # 文件损坏
    TOO_MANY_PIXELS = "too_many_pixels"  # 像素过多
    TRAILING_DATA = "trailing_data"  # 夹带其他数据
    MULTI_PICTURE = "multi_picture"  # 含多张图片
    EMBEDDED_MARKUP = "embedded_markup"  # 夹带脚本
    NOT_RGB = "not_rgb"  # 非 RGB 颜色模式
    NOT_COLOUR = "not_colour"  # 非彩色
    SIZE_BELOW_MIN = "size_below_min"  # 文件过小
    SIZE_ABOVE_MAX = "size_above_max"  # 文件过大
    ASPECT_WRONG = "aspect_wrong"  # 宽高比例不符
    PIXELS_TOO_FEW = "pixels_too_few"  # 像素过少
    BG_NOT_BLUE = "bg_not_blue"  # 背景不是蓝色
    BG_UNEVEN = "bg_uneven"  # 背景不均匀
    WHITE_BORDER = "white_border"  # 四周有白边
    NO_FACE = "no_face"  # 未见人脸
    MULTIPLE_FACES = "multiple_faces"  # 多张人脸
    FACE_TOO_SMALL = "face_too_small"  # 人脸过小
    FACE_TOO_LARGE = "face_too_large"  # 人脸过大
    FACE_OFF_CENTRE = "face_off_centre"  # 人脸偏离中心
    FACE_CUT = "face_cut"  # 人脸不完整
    TILTED = "tilted"  # 头部倾斜
    NOT_FRONTAL = "not_frontal"  # 非正面
    EYES_COVERED = "eyes_covered"  # 眼睛被遮挡
    MOUTH_COVERED = "mouth_covered"  # 口鼻被遮挡
    HEADWEAR = "headwear"  # 戴帽
    BLURRED = "blurred"  # 模糊
    TOO_DARK = "too_dark"  # 过暗
    TOO_BRIGHT = "too_bright"  # 过亮


class Severity(StrEnum):
    """Whether a finding decides by itself or asks for a person."""

    REFUSE = "refuse"  # 不予接收
    WARN = "warn"  # 提醒审核人


class Verdict(StrEnum):
    """What becomes of the picture."""

    ACCEPT = "accept"  # 合格
    REVIEW = "review"  # 人工审核
    REJECT = "reject"  # 不合格


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or doubtful, with the number measured, the limit it broke and advice in Chinese."""

    code: str
    severity: Severity
    measured: float | int | str
    limit: float | int | str
    message: str


@dataclass(frozen=True, slots=True)
class PhotoCheck:
    """Verdict and every finding at once. `not_checked` names the groups that nothing on this machine could measure:
    while it is not empty the verdict is never `accept`.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    not_checked: tuple[str, ...]
    fix_available: bool = False


def verdict_of(findings: tuple[Finding, ...]) -> Verdict:
    """One refusal rejects; a warning alone leaves it to a person."""
    severities = {finding.severity for finding in findings}
    if Severity.REFUSE in severities:
        return Verdict.REJECT
    return Verdict.REVIEW if severities else Verdict.ACCEPT


def refuse(code: str, measured: float | str, limit: float | str, message: str) -> Finding:
    return Finding(code, Severity.REFUSE, measured, limit, message)


def warn(code: str, measured: float | str, limit: float | str, message: str) -> Finding:
    return Finding(code, Severity.WARN, measured, limit, message)
