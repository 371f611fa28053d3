"""Query parameters as the contract means them: a misspelt filter is refused by name, not answered with everything."""

from fastapi import Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from services.common.answers.validation_messages import pointer_step
from services.common.problems import FieldError, Unprocessable

_FREE = "_"
"""Names that begin so are for browsers and proxies, such as `_=1764326400` against their caches."""
_MOST_TOLD = 20


def query_parameters(route: APIRoute) -> frozenset[str]:
    """The names that the route and everything that it needs read from the query."""
    return frozenset(
        field.alias for field in get_flat_params(route.dependant) if isinstance(field.field_info, params.Query)
    )


def refuse_unknown_parameters(request: Request, known: frozenset[str]) -> None:
    """Raises Unprocessable, naming each parameter that is not `known`."""
    unknown = [name for name in request.query_params if name not in known and not name.startswith(_FREE)]
    if unknown:
        raise Unprocessable(errors=[_unknown(name) for name in unknown[:_MOST_TOLD]])


def _unknown(name: str) -> FieldError:
    return FieldError(
        f"/query/{pointer_step(name)}", "unknown_parameter", "没有这个查询参数", "Unknown query parameter"
    )
