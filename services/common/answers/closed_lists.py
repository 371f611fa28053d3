"""Words of a closed list, written out where they stand in an answer: front ends see every choice, the member stays a plain text.

For answers only, and where a list came after its member had been released as text: what comes in is parsed into the enum itself.
"""

from collections.abc import Iterable

from pydantic import WithJsonSchema

NAME = "x-list-name"
"""What the list is called in the contract; taken out when it is given its place there."""


def one_of(name: str, words: Iterable[str]) -> WithJsonSchema:
    """Goes into the `Annotated` of a `str`. Members of one list share its name."""
    return WithJsonSchema({"type": "string", "enum": [str(word) for word in words], NAME: name})
