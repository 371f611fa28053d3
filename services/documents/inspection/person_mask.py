"""How much of each pixel is person."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from services.documents.inspection.vision_models import VisionModels

_SIZE = 256


def person_mask(models: VisionModels, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Gives shares from 0 (background) to 1 (person), as large as the picture given."""
    height, width = picture.shape[:2]
    small = Image.fromarray(picture).resize((_SIZE, _SIZE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    (mask,) = models.person((np.asarray(small, dtype=np.float32) / np.float32(255))[np.newaxis])
    full = Image.fromarray(mask.reshape(_SIZE, _SIZE)).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(full, dtype=np.float32)
