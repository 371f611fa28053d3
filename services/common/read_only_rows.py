"""Rows of the fast lane for whoever reads them as those of a table."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

Convert = Callable[[str], object]


class ReadOnlyRow:
    """A row's columns as attributes. Writing to one would be lost, so it fails.

    What stands there as text becomes an id, a day or a moment when somebody asks for it: of most rows nobody does.
    """

    def __init__(self, values: Mapping[str, object], convert: Mapping[str, Convert] = MappingProxyType({})) -> None:
        """`convert` names the columns that stand there as text."""
        self.__dict__.update({name: value for name, value in values.items() if name not in convert})
        self.__dict__.update(_values=values, _convert=convert)

    def __getattr__(self, name: str) -> object:
        """Of a column whose value nobody asked for yet."""
        convert = self.__dict__["_convert"].get(name)
        if convert is None:
            raise AttributeError(name)
        text = self.__dict__["_values"][name]
        value = self.__dict__[name] = None if text is None else convert(text)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} of a row that was only read: change it by a statement")
