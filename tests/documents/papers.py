"""PDF files for the tests, written by hand: every byte is ours to break."""

import zlib
from pathlib import Path

HEIC = Path(__file__).parents[1] / "data" / "heic"


def heic(name: str = "phone") -> bytes:
    return (HEIC / f"{name}.heic").read_bytes()


def pdf(*, pages: int = 1, catalog: str = "", trailer: str = "", extra: tuple[bytes, ...] = ()) -> bytes:
    """A PDF of empty pages. `catalog` and `trailer` are further entries; `extra` are further objects, from 3 + pages on."""
    kids = " ".join(f"{3 + number} 0 R" for number in range(pages))
    objects = [
        f"<</Type /Catalog /Pages 2 0 R {catalog}>>".encode(),
        f"<</Type /Pages /Kids [{kids}] /Count {pages}>>".encode(),
        *(b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>" for _ in range(pages)),
        *extra,
    ]
    body, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += f"trailer\n<</Size {len(objects) + 1} /Root 1 0 R {trailer}>>\n".encode()
    return body + b"startxref\n%d\n%%%%EOF\n" % start


def pdf_of_size(byte_count: int) -> bytes:
    """A sound PDF of about so many bytes, filled up with a stream that nothing shows."""
    filler = bytes(byte_count)
    return pdf(extra=(b"<</Length %d>>\nstream\n%b\nendstream" % (len(filler), filler),))


def packed_object(entry: bytes) -> bytes:
    """An object stream that hides one object: number 900, found only by whoever unpacks it."""
    inside = b"900 0 " + entry
    packed = zlib.compress(inside)
    head = b"<</Type /ObjStm /N 1 /First 6 /Filter /FlateDecode /Length %d>>" % len(packed)
    return head + b"\nstream\n" + packed + b"\nendstream"
