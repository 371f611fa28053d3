"""Chinese names of colours, coarse enough for one sentence of advice."""

# Upper bound of hue in degrees (HSV) for each name; the circle closes with red.
_NAMES = (
    (15.0, "红色"),
    (40.0, "橙色"),
    (70.0, "黄色"),
    (165.0, "绿色"),
    (188.0, "青色"),
    (250.0, "蓝色"),
    (330.0, "紫色"),
)


def colour_name(*, hue: float, lightness: float, chroma: float) -> str:
    """Names a colour from its hue (degrees), lightness and chroma (CIE Lab)."""
    if chroma < 10:
        return _grey_name(lightness)
    return next((name for upper, name in _NAMES if hue < upper), "红色")


def _grey_name(lightness: float) -> str:
    if lightness >= 85:
        return "白色"
    return "黑色" if lightness < 20 else "灰色"
