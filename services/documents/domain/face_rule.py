"""The rule about the face: exactly one, frontal, upright, uncovered, sharp and well lit (R188 “正面半身免冠”)."""

from collections.abc import Iterator

from services.documents.domain.cover_rule import cover_rule
from services.documents.domain.limits import broken_limit
from services.documents.domain.photo_findings import Finding, FindingCode, Severity, refuse
from services.documents.domain.photo_measures import FaceMeasures, FaceSearch, PhotoMeasures
from services.documents.domain.photo_profile import PhotoProfile

_TURN_ADVICE = {1: "照片横放了，请旋转后上传", 2: "照片上下颠倒，请旋转后上传", 3: "照片横放了，请旋转后上传"}
_HIDES = (FindingCode.TOO_DARK, FindingCode.BLURRED)  # nobody can tell then what covers eyes or mouth
_MOTION_FROM = 1.5  # this much worse in one direction than in the other: the hand moved


def face_rule(profile: PhotoProfile, measures: PhotoMeasures) -> Iterator[Finding]:
    """Judges what was looked for."""
    if measures.faces is not None:
        yield from judge_faces(profile, measures.faces)


def judge_faces(profile: PhotoProfile, faces: FaceSearch) -> Iterator[Finding]:
    """Without a face nothing else about it is judged, and of one too small, too large or cut off only that."""
    if faces.count == 0 or faces.largest is None:
        yield refuse(FindingCode.NO_FACE, 0, 1, "照片中没有找到人脸，请上传本人正面免冠照片")
        return
    if faces.count > 1:
        message = f"照片中有{faces.count}张人脸，只能有本人一人，请重拍"
        yield refuse(FindingCode.MULTIPLE_FACES, faces.count, 1, message)
    if faces.quarter_turns:
        yield refuse(FindingCode.TILTED, 90 * faces.quarter_turns, 0, _TURN_ADVICE[faces.quarter_turns])
    place = tuple(_place(profile, faces.largest))
    yield from place
    if any(finding.severity is Severity.REFUSE for finding in place):
        return
    yield from _pose(profile, faces.largest)
    visibility = (*_light(profile, faces.largest), *_sharpness(profile, faces.largest))
    if not any(finding.severity is Severity.REFUSE and finding.code in _HIDES for finding in visibility):
        yield from cover_rule(profile.face.cover, faces.largest)
    yield from visibility


def _place(profile: PhotoProfile, face: FaceMeasures) -> Iterator[Finding]:
    """The middle of a face is where it should be only if the face is as large as it should be."""
    limits, percent = profile.face.place, round(face.box_height * 100)
    if broken := limits.outside.broken_by(face.outside):
        yield broken_limit(FindingCode.FACE_CUT, broken, face.outside, "人脸没有拍全，请让整个头部和双肩都在画面内")
    if broken := limits.box_height_least.broken_by(face.box_height):
        message = f"人脸偏小（占画面高度{percent}%），请靠近一些或裁剪后上传"
        yield broken_limit(FindingCode.FACE_TOO_SMALL, broken, face.box_height, message)
    elif broken := limits.box_height_most.broken_by(face.box_height):
        message = f"人脸偏大（占画面高度{percent}%），请离远一些，露出双肩"
        yield broken_limit(FindingCode.FACE_TOO_LARGE, broken, face.box_height, message)
    else:
        yield from _centre(profile, face)


def _centre(profile: PhotoProfile, face: FaceMeasures) -> Iterator[Finding]:
    across, down = profile.face.place.centre_x, profile.face.place.centre_y
    if not across.holds(face.centre_x):
        limit, message = f"{across.lowest:g}-{across.highest:g}", "人脸没有左右居中，请居中后重拍或裁剪"
        yield refuse(FindingCode.FACE_OFF_CENTRE, round(face.centre_x, 2), limit, message)
    elif not down.holds(face.centre_y):
        limit, message = f"{down.lowest:g}-{down.highest:g}", "人脸位置太高或太低，请调整后重拍或裁剪"
        yield refuse(FindingCode.FACE_OFF_CENTRE, round(face.centre_y, 2), limit, message)


def _pose(profile: PhotoProfile, face: FaceMeasures) -> Iterator[Finding]:
    limits = profile.face.pose
    if broken := limits.roll.broken_by(abs(face.roll)):
        message = f"头部倾斜约{abs(face.roll):.0f}度，请把头摆正、双眼水平"
        yield broken_limit(FindingCode.TILTED, broken, face.roll, message)
    if broken := limits.yaw.broken_by(abs(face.yaw)):
        message = f"不是正面照（脸侧转约{abs(face.yaw):.0f}度），请正对镜头重拍"
        yield broken_limit(FindingCode.NOT_FRONTAL, broken, face.yaw, message)


def _light(profile: PhotoProfile, face: FaceMeasures) -> Iterator[Finding]:
    limits = profile.face.light
    if broken := limits.brightest.broken_by(face.brightest):
        yield broken_limit(FindingCode.TOO_DARK, broken, face.brightest, "面部太暗，请在光线充足处重拍")
    if broken := limits.clipped_share.broken_by(face.clipped_share):
        message = f"面部过曝（{face.clipped_share:.0%}的区域已成纯白），请避开强光重拍"
        yield broken_limit(FindingCode.TOO_BRIGHT, broken, face.clipped_share, message)


def _sharpness(profile: PhotoProfile, face: FaceMeasures) -> Iterator[Finding]:
    """One finding: somebody whose hand shook need not hear as well that detail is missing."""
    limits = profile.face.sharpness
    if broken := limits.edge_width.broken_by(face.edge_width):
        shaken = face.edge_width_ratio >= _MOTION_FROM
        message = "照片有拖影（拍摄时抖动），请拿稳后重拍" if shaken else "照片模糊，请对焦清楚后重拍"
        yield broken_limit(FindingCode.BLURRED, broken, face.edge_width, message)
    elif broken := limits.detail.broken_by(face.detail):
        message = "照片缺少细节，像是小图放大或过度美颜，请上传原图"
        yield broken_limit(FindingCode.BLURRED, broken, face.detail, message)
