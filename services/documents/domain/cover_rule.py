"""The rule about what covers eyes, mouth or head. Most of it only warns: glasses, beards and hair come in all kinds."""

from collections.abc import Iterator

from services.documents.domain.face_limits import CoverLimits
from services.documents.domain.limits import Broken, broken_limit
from services.documents.domain.photo_findings import Finding, FindingCode, Severity
from services.documents.domain.photo_measures import FaceMeasures


def cover_rule(limits: CoverLimits, face: FaceMeasures) -> Iterator[Finding]:
    """R188 “免冠”: nothing over eyes, mouth or head. One finding for each of the three."""
    yield from _eyes(limits, face)
    yield from _mouth(limits, face)
    yield from _head(limits, face)


def _eyes(limits: CoverLimits, face: FaceMeasures) -> Iterator[Finding]:
    covered = "眼睛被遮挡（墨镜、头发或反光），请露出双眼重拍"
    breaches = (
        (limits.under_eye_brightness.broken_by(face.under_eye_brightness), face.under_eye_brightness, covered),
        (limits.eye_contrast.broken_by(face.eye_contrast), face.eye_contrast, covered),
        (limits.eye_brightness.broken_by(face.eye_brightness), face.eye_brightness, covered),
        (limits.eye_openness.broken_by(face.eye_openness), face.eye_openness, "眼睛可能闭着，请睁开双眼重拍"),
    )
    yield from _worst(FindingCode.EYES_COVERED, breaches)


def _mouth(limits: CoverLimits, face: FaceMeasures) -> Iterator[Finding]:
    """A beard changes the colour a little and never hides the line of the mouth; a mask does both."""
    message = "口鼻被遮挡（口罩等），请露出完整面部重拍"
    breaches = (
        (limits.mouth_contrast.broken_by(face.mouth_contrast), face.mouth_contrast, message),
        (limits.mouth_yellow_shift.broken_by(face.mouth_yellow_shift), face.mouth_yellow_shift, message),
        (limits.mouth_red_shift.broken_by(face.mouth_red_shift), face.mouth_red_shift, message),
    )
    yield from _worst(FindingCode.MOUTH_COVERED, breaches)


def _head(limits: CoverLimits, face: FaceMeasures) -> Iterator[Finding]:
    message = "头部疑似戴帽、戴头巾或有头饰，须免冠，由审核人判断"
    breaches = (
        (limits.head_colour_share.broken_by(face.head_colour_share), face.head_colour_share, message),
        (limits.cloth_beside_share.broken_by(face.cloth_beside_share), face.cloth_beside_share, message),
    )
    yield from _worst(FindingCode.HEADWEAR, breaches)


def _worst(code: FindingCode, breaches: tuple[tuple[Broken | None, float, str], ...]) -> Iterator[Finding]:
    """The first that refuses, or else the first that warns."""
    findings = [broken_limit(code, broken, measured, message) for broken, measured, message in breaches if broken]
    yield from sorted(findings, key=lambda finding: finding.severity is not Severity.REFUSE)[:1]
