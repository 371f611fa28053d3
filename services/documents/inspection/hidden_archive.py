"""A ZIP (so also a DOCX, JAR or APK) inside another file: its directory stands at the end, and its comment may run past it."""

_END_OF_DIRECTORY = b"PK\x05\x06"
_RECORD = 22
_LONGEST_COMMENT = 65_535


def hides_archive(content: bytes) -> bool:
    """Whether an unpacker would take these bytes for an archive, whatever they are besides."""
    position = content.rfind(_END_OF_DIRECTORY, max(0, len(content) - _RECORD - _LONGEST_COMMENT))
    while position >= 0:
        comment = int.from_bytes(content[position + 20 : position + _RECORD], "little")
        if position + _RECORD + comment == len(content):
            return True
        position = content.rfind(_END_OF_DIRECTORY, max(0, len(content) - _RECORD - _LONGEST_COMMENT), position)
    return False
