"""What becomes of a printed page: laid on a scanner, or photographed with a phone."""

from io import BytesIO

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw


def page_of(pdf: bytes, number: int = 0, *, dpi: int = 150) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[number].render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def as_jpeg(picture: Image.Image, quality: int = 80) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def as_scan(*pages: Image.Image, dpi: int = 150) -> bytes:
    """A PDF of pictures, as an office scanner writes it."""
    file = BytesIO()
    pages[0].save(file, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])
    return file.getvalue()


def sealed(page: Image.Image) -> Image.Image:
    """A red seal across the lower half."""
    page = page.copy()
    width, height = page.size
    box = (width * 0.5, height * 0.6, width * 0.78, height * 0.8)
    ImageDraw.Draw(page).ellipse(box, outline=(200, 30, 30), width=max(3, width // 150))
    return page


def photographed(page: Image.Image, *, angle: float = 7, longest: int = 2400, quality: int = 60) -> bytes:
    """On a table, from the side, in uneven light, a little out of focus."""
    width, height = page.size
    table = Image.new("RGB", (round(width * 1.3), round(height * 1.2)), (120, 100, 80))
    table.paste(page, (round(width * 0.15), round(height * 0.1)))
    wide, high = table.size
    corners = [(0, 0), (wide, 0), (wide, high), (0, high)]
    seen = [(-0.06 * wide, 0), (1.06 * wide, 0.03 * high), (wide, high), (0, 0.98 * high)]
    tilted = table.transform(
        table.size, Image.Transform.PERSPECTIVE, _perspective(corners, seen), Image.Resampling.BILINEAR
    )
    turned = tilted.rotate(angle, expand=True, fillcolor=(120, 100, 80), resample=Image.Resampling.BILINEAR)
    turned.thumbnail((longest, longest))
    shadow = Image.linear_gradient("L").resize(turned.size).point(lambda light: 150 + light * 2 // 5)
    return as_jpeg(ImageChops.multiply(turned, shadow.convert("RGB")), quality)


def _perspective(here: list[tuple[float, float]], there: list[tuple[float, float]]) -> list[float]:
    rows = []
    for (x, y), (u, v) in zip(here, there, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved = np.linalg.solve(np.array(rows, float), np.array(there, float).reshape(8))
    return [float(each) for each in solved]
