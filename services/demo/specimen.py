"""The drawn ID card of the demo's nominee: the specimen with the number of this run's form, still marked 样本 SPECIMEN."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from services.demo.content import DemoNominee

_SPECIMEN = Path(__file__).parent / "pictures" / "id_card_front.jpg"
_PAPER, _INK = (232, 240, 244), (24, 24, 28)
_NUMBER = (370, 578, 850, 626)
_BIRTH = ((206, 276, 296, 314), (346, 276, 396, 314), (446, 276, 500, 314))
"""Where the specimen shows the number, and year, month and day."""


def card_front(nominee: DemoNominee) -> bytes:
    """JPEG. Only digits are drawn anew: the font is the one that comes with Pillow."""
    with Image.open(_SPECIMEN) as specimen:
        card = specimen.convert("RGB")
    draw = ImageDraw.Draw(card)
    born = nominee.born_on
    for box, digits in zip(_BIRTH, (born.year, born.month, born.day), strict=True):
        draw.rectangle(box, fill=_PAPER)
        draw.text((box[0] + 3, box[3] - 4), str(digits), font=ImageFont.load_default(size=38), fill=_INK, anchor="ls")
    draw.rectangle(_NUMBER, fill=_PAPER)
    step = (_NUMBER[2] - _NUMBER[0] - 20) / len(nominee.resident_id_number)
    font = ImageFont.load_default(size=46)
    for place, digit in enumerate(nominee.resident_id_number):
        middle = (_NUMBER[0] + 10 + step * (place + 0.5), _NUMBER[3] - 8)
        draw.text(middle, digit, font=font, fill=_INK, anchor="ms", stroke_width=1)
    file = io.BytesIO()
    card.save(file, "JPEG", quality=92)
    return file.getvalue()
