"""What a campaign demands of the face in a portrait (R188). Part of the photo profile."""

from dataclasses import dataclass

from services.documents.domain.limits import Ceiling, Floor, Span


@dataclass(frozen=True, slots=True)
class PlaceLimits:
    """Head size and place, in shares of the picture. The box reaches from the brows to the chin and cheek to cheek."""

    counted_from_height: float  # smaller faces are pictures on a wall or a mistake
    box_height_least: Floor
    box_height_most: Ceiling
    centre_x: Span
    centre_y: Span
    outside: Ceiling  # share of the face's own size that lies beyond the picture


@dataclass(frozen=True, slots=True)
class PoseLimits:
    """How the head is held, in degrees from straight."""

    roll: Ceiling
    yaw: Ceiling


@dataclass(frozen=True, slots=True)
class CoverLimits:
    """What covers eyes, mouth or hair. Brightness is relative to the skin of the cheeks, so that no skin is too dark.

    The mouth's colour is compared with the forehead's in CIE Lab, because a mask is bluer or greener than any beard.
    """

    eye_openness: Floor  # height of the lid opening as a share of its width
    eye_contrast: Floor  # an eye is dark and bright at once; dark glasses are of one colour
    eye_brightness: Floor  # the white of the eye shows; behind dark glasses it does not
    under_eye_brightness: Floor
    mouth_contrast: Floor  # the line of the mouth shows, whatever beard surrounds it
    mouth_red_shift: Floor
    mouth_yellow_shift: Floor
    head_colour_share: Ceiling  # share of what stands above the face in a colour that no hair has
    cloth_beside_share: Ceiling  # light or coloured cloth beside the cheeks, against the area between eyes and mouth


@dataclass(frozen=True, slots=True)
class LightLimits:
    """Exposure of the face, 0-255. The brightest points are eyes, teeth and reflections: as bright on dark skin."""

    brightest: Floor
    clipped_share: Ceiling  # of the face where two of three colours are burnt out


@dataclass(frozen=True, slots=True)
class SharpnessLimits:
    """Detail in the face at print size (413 pixels across).

    Edge width is the sigma in pixels of the blur that the sharpest edges show, in the worst direction: motion smears one.
    Detail is the decimal logarithm of fine against coarse detail: an enlarged thumbnail has edges but no detail.
    """

    edge_width: Ceiling
    detail: Floor


@dataclass(frozen=True, slots=True)
class FaceLimits:
    """All demands on the face."""

    place: PlaceLimits
    pose: PoseLimits
    cover: CoverLimits
    light: LightLimits
    sharpness: SharpnessLimits
