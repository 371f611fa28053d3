import pytest

from services.common.text import preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("fr-FR,fr;q=0.9", "zh"),
        ("zh;q=0.2, en;q=0.7", "en"),
        ("en;q=nonsense", "zh"),
        (",;,", "zh"),
    ],
)
def test_english_is_for_those_who_ask_for_it_first(header, language):
    assert preferred_language(header) == language
