"""What Prometheus asks: rate, errors and duration by route, and facts that a service counts when it is asked.

Labels are route templates and words of the contract: no identifier of a case or a person ever becomes one.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

REGISTRY = CollectorRegistry(auto_describe=False)
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})

_requests = Counter("xianjin_requests", "Requests answered", ("method", "route", "status"), registry=REGISTRY)
_durations = Histogram(
    "xianjin_request_seconds", "Time to the end of the answer", ("method", "route"), buckets=_SECONDS, registry=REGISTRY
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number that a service knows of itself or of the procedure."""

    name: str
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


CountFacts = Callable[[], Awaitable[Iterable[Fact]]]


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """One request. What matched no route is counted under an empty one, so that scans make no new labels."""
    counter, histogram = _meters(method if method in _METHODS else "other", route, status)
    counter.inc()
    histogram.observe(seconds)


@cache
def _meters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """As many as there are label values, each looked up once."""
    return _requests.labels(method, route, str(status)), _durations.labels(method, route)


def exposition(facts: Iterable[Fact]) -> bytes:
    """The text format that Prometheus reads."""
    families: dict[str, GaugeMetricFamily] = {}
    for fact in facts:
        names = [name for name, _ in fact.labels]
        family = families.setdefault(fact.name, GaugeMetricFamily(fact.name, fact.help, labels=names))
        family.add_metric([value for _, value in fact.labels], fact.value)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Given(families.values()))
    return generate_latest(REGISTRY) + generate_latest(registry)


class _Given:
    def __init__(self, families: Iterable[Any]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def pool_facts(service: str, database: Any) -> list[Fact]:
    """How near a process is to waiting for connections."""
    pool, label = database.engine.pool, (("service", service),)
    return [
        Fact("xianjin_database_connections_in_use", "Connections taken from the pool", pool.checkedout(), label),
        Fact("xianjin_database_connections", "Connections that the pool may hold", pool.size(), label),
    ]
