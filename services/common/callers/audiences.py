"""Who may call each route: declared beside the service, shown in the contract and in docs/audiences.md, enforced here.

A route's audience is what its dependencies say (`caller_with`), or its line in the service's table. Where the procedure
itself refuses, with its reasons, the line names who may act and leaves the refusing to it (`by_procedure`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIRouter

from services.common.callers.scopes import MachineScope
from services.common.callers.tokens import bearer_token, caller_within_scopes
from services.common.problems import Forbidden

DataClass = Literal["P0", "P1", "P2", "P3"]
"""P0 public, P1 internal, P2 personal, P3 sensitive personal data: the highest that an answer may hold."""
PUBLIC = frozenset({"public"})
SIGNED_IN = frozenset({"signed_in"})


@dataclass(frozen=True, slots=True)
class Audience:
    """`roles` are those of people, `service`, or one of `public` and `signed_in`; `rows` says which rows of theirs."""

    roles: frozenset[str]
    rows: str
    data: DataClass = "P1"
    gated: bool = True
    scope: MachineScope | None = None
    """What a body's own system needs to come in; None: only people and our services do."""

    def admits(self, roles: frozenset[str]) -> bool:
        return self.roles in (PUBLIC, SIGNED_IN) or not self.roles.isdisjoint(roles)


def public(rows: str) -> Audience:
    return Audience(PUBLIC, rows, "P0", gated=False)


def signed_in(rows: str, data: DataClass = "P1") -> Audience:
    return Audience(SIGNED_IN, rows, data, gated=False)


def held_by(*roles: str, rows: str, data: DataClass = "P1") -> Audience:
    return Audience(frozenset(roles), rows, data)


def as_coded(rows: str, data: DataClass = "P1") -> Audience:
    """The roles are those of the route's own `caller_with`."""
    return Audience(frozenset(), rows, data, gated=False)


def by_procedure(*roles: str, rows: str, data: DataClass = "P2") -> Audience:
    """Others are refused by the procedure itself, which says why."""
    return Audience(frozenset(roles), rows, data, gated=False)


Audiences = Mapping[str, Audience]
"""By operation id."""


def with_scopes(audiences: Audiences, scopes: Mapping[MachineScope, Iterable[str]]) -> Audiences:
    """The same, with the routes that each scope opens to machines."""
    opened = {name: scope for scope, names in scopes.items() for name in names}
    return {**audiences, **{name: replace(audiences[name], scope=scope) for name, scope in opened.items()}}


def audiences_of(routers: Iterable[APIRouter], declared: Audiences) -> dict[str, Audience]:
    """The audience of every route that has one. A route without is missing here, and a test names it."""
    found = {}
    for route in operations(routers):
        coded, line = frozenset(_roles_asked(route.dependant)), declared.get(route.name)
        if line is not None:
            found[route.name] = replace(line, roles=coded) if coded else line
        elif coded:
            found[route.name] = Audience(coded, "", gated=False)
    return {name: audience for name, audience in found.items() if audience.roles}


def operations(routers: Iterable[APIRouter]) -> Iterator[APIRoute]:
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.include_in_schema and router.include_in_schema:
                yield route


def _roles_asked(dependant: Dependant) -> Iterator[str]:
    yield from getattr(dependant.call, "roles", ())
    for needed in dependant.dependencies:
        yield from _roles_asked(needed)


def extension(audience: Audience) -> dict[str, Any]:
    """The member `x-audience` of an operation in the contract."""
    said = {"roles": sorted(str(role) for role in audience.roles), "rows": audience.rows, "data_class": audience.data}
    return said | ({"scope": str(audience.scope)} if audience.scope else {})


async def gate(request: Request) -> None:
    """Refuses whoever is not in the audience of the route. Raises TokenMissing, Forbidden, ScopeMissing, what `verify` raises."""
    audience = request.app.state.audiences.get(getattr(request.scope.get("route"), "name", ""))
    if audience is None or not audience.gated:
        return
    caller = await caller_within_scopes(request, bearer_token(request))
    if not audience.admits(caller.roles):
        raise Forbidden
