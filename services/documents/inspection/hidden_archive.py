"""A ZIP (so also a DOCX, JAR or APK) inside another file: its directory stands near the end, whatever comes after it."""

_END_OF_DIRECTORY = b"PK\x05\x06"
_ENTRY = b"PK\x01\x02"
_RECORD = 22
_LONGEST_COMMENT = 65_535


def hides_archive(content: bytes) -> bool:
    """Whether an unpacker could take these bytes for an archive.

    Strict ones ask that the record's comment reaches the end, lenient ones only that the directory stands before it.
    """
    first = max(0, len(content) - _RECORD - _LONGEST_COMMENT)
    position = content.rfind(_END_OF_DIRECTORY, first)
    while position >= 0:
        size = int.from_bytes(content[position + 12 : position + 16], "little")
        comment = int.from_bytes(content[position + 20 : position + _RECORD], "little")
        has_directory = 0 < size <= position and content.startswith(_ENTRY, position - size)
        if has_directory or position + _RECORD + comment == len(content):
            return True
        position = content.rfind(_END_OF_DIRECTORY, first, position)
    return False
