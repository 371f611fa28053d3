"""What a file really is, told from its first bytes. The name and the sender's content type are never asked."""

_MAGIC = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"BM", "bmp"),
)
# Brands of ISO base media files, in the first box.
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))


def real_format(content: bytes) -> str:
    """Gives a short lower-case name: jpeg, png, gif, webp, tiff, bmp, heic, avif, mp4, pdf, zip, empty or unknown."""
    if not content:
        return "empty"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return _media_format(content)
    return next((name for magic, name in _MAGIC if content.startswith(magic)), "unknown")


def _media_format(content: bytes) -> str:
    """The major brand decides after AVIF: an AVIF often names the general HEIF brand first."""
    box = content[8 : min(int.from_bytes(content[:4]), 256)]
    brands = {box[start : start + 4] for start in (0, *range(8, len(box), 4))}
    if brands & _AVIF_BRANDS:
        return "avif"
    return "heic" if brands & _HEIC_BRANDS else "mp4"
