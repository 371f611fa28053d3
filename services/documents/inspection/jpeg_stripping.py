"""Taking everything out of a JPEG that is not the picture: place, camera, names, further pictures. No pixel changes."""

from services.documents.inspection.jpeg_markers import APP0, APP1, APP14, APP15, COM, SOS, walk_markers

_COLOUR_PROFILE = b"ICC_PROFILE\x00"


def without_metadata(content: bytes) -> bytes:
    """Expects a whole JPEG. The colour profile and Adobe's colour marker stay: without them colours would shift."""
    end = walk_markers(content).end
    kept, position = [content[:2]], 2
    while content[position + 1] != SOS:
        length = 2 + int.from_bytes(content[position + 2 : position + 4])
        segment = content[position : position + length]
        if _belongs_to_picture(segment):
            kept.append(segment)
        position += length
    return b"".join((*kept, content[position:end]))


def _belongs_to_picture(segment: bytes) -> bool:
    marker = segment[1]
    if marker in (APP0, APP14) or segment[4:].startswith(_COLOUR_PROFILE):
        return True
    return marker != COM and not APP1 <= marker <= APP15
