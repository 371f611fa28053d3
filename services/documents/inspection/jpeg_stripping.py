"""Taking everything out of a JPEG that is not the picture: place, camera, names, further pictures. No pixel changes."""

from services.documents.inspection.jpeg_markers import APP0, APP1, APP14, APP15, COM, Segment, rewritten

_COLOUR_PROFILE = b"ICC_PROFILE\x00"


def without_metadata(content: bytes) -> bytes:
    """Expects a whole JPEG. The colour profile and Adobe's colour marker stay: without them colours would shift."""
    return rewritten(content, _belongs_to_picture)


def _belongs_to_picture(segment: Segment) -> bool:
    if segment.marker in (APP0, APP14) or segment.body.startswith(_COLOUR_PROFILE):
        return True
    return segment.marker != COM and not APP1 <= segment.marker <= APP15
