"""Names that survive Windows, a disc and mail, whatever a firm is called (R127)."""

import pytest

from services.evidence.names import apart, safe_name


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("五台县示例铸造有限公司+王晓明", "五台县示例铸造有限公司+王晓明"),
        ('示例\\/:*?"<>|公司', "示例_________公司"),
        ("示例\u202e公司\u200b", "示例公司"),
        ("示例公司. .", "示例公司"),
        ("CON", "_CON"),
        ("com1.txt", "_com1.txt"),
        ("", "_"),
        ("...", "_"),
        ("示" * 80, "示" * 56),
        ("示例\ud800公司".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "示例���公司"),
        ("示例😀公司", "示例😀公司"),
    ],
)
def test_a_name_is_kept_as_far_as_every_system_can_store_it_r127(called, name):
    assert safe_name(called) == name


def test_namesakes_are_numbered_also_where_only_capitals_differ():
    taken: set[str] = set()
    assert [apart(name, taken) for name in ("Wang", "wang", "Wang")] == ["Wang", "wang(2)", "Wang(3)"]
