"""Traces across services, where the operator wants them: OpenTelemetry, off unless an exporter is configured.

The interface is always there (FastAPI brings it); the SDK is the extra `tracing`. Span names are route templates, and no
attribute holds an address as sent, a header, a name or a number of a person.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from fastapi.telemetry import TelemetryConfig
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, Status, StatusCode
from starlette.types import Scope

_tracer = trace.get_tracer("xianjin")
_state = {"on": False}
_OFF: AbstractContextManager[None] = nullcontext()

OURS_ALONE: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI's own spans and records hold addresses as sent and what a failure said: none are made beside ours."""


def configure_tracing(service: str) -> bool:
    """Sends spans to OTEL_EXPORTER_OTLP_ENDPOINT. Raises ImportError naming the extra when its packages are missing."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as missing:
        raise ImportError(f"traces need the extra: pip install xianjin[tracing] ({missing.name} is missing)") from None
    provider = TracerProvider(resource=Resource.create({"service.name": f"xianjin-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    turn_on()
    return True


def turn_on() -> None:
    """From now on requests are spans."""
    _state["on"] = True


def span_of(scope: Scope) -> AbstractContextManager[None]:
    """The span of a request, a child of the caller's where it sends `traceparent`."""
    return _span(scope) if _state["on"] else _OFF


@contextmanager
def _span(scope: Scope) -> Iterator[None]:
    carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    parent = propagate.extract({name: carrier[name] for name in ("traceparent", "tracestate") if name in carrier})
    with _tracer.start_as_current_span(scope["method"], context=parent, kind=SpanKind.SERVER) as span:
        try:
            yield
        except BaseException:
            span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            route = getattr(scope.get("route"), "path", "")
            span.update_name(f"{scope['method']} {route}".strip())
            span.set_attribute("http.route", route)


def trace_headers() -> dict[str, str]:
    """What goes along to another service."""
    headers: dict[str, str] = {}
    if _state["on"]:
        propagate.inject(headers)
    return headers
