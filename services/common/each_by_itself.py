"""Work over many things of which one that fails takes no other with it."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

log = logging.getLogger(__name__)
Thing = TypeVar("Thing")
Result = TypeVar("Result")


async def each_by_itself(
    things: Iterable[Thing], do: Callable[[Thing], Awaitable[Result]], *, name: Callable[[Thing], str]
) -> list[Result]:
    """Does it for one after the other; what fails is logged under its name and left out.

    Raises ExceptionGroup in the end where anything failed: whoever asked tries all of it again.
    """
    results, failed = [], []
    for thing in things:
        try:
            results.append(await do(thing))
        except Exception as trouble:
            log.exception("left undone", extra={"about": name(thing), "error": type(trouble).__name__})
            failed.append(trouble)
    if failed:
        raise ExceptionGroup("left undone", failed)
    return results
