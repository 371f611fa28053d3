"""A person or a service, as the record of a view names them."""

from dataclasses import dataclass

from services.common.callers.tokens import Caller


@dataclass(frozen=True, slots=True)
class Viewer:
    subject: str
    name: str
    organisation: str
    roles: tuple[str, ...]

    @property
    def is_service(self) -> bool:
        return "service" in self.roles


def viewer_of(caller: Caller) -> Viewer:
    return Viewer(caller.subject, caller.name, caller.organisation_name, tuple(sorted(caller.roles)))
