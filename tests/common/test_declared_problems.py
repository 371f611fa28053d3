"""A route declares its own problems beside those of its router, and hides none of them."""

from fastapi import FastAPI

from services.common.problem_schema import DeclaringRouter, answers
from services.common.problems import IdempotencyKeyReused, MethodNotAllowed, NotFound, Problem, Unprocessable


def codes(entry) -> list[str]:
    return list(entry["content"]["application/problem+json"]["examples"])


def test_joined_answers_keep_every_problem_of_one_status():
    both = answers(Unprocessable, NotFound) | answers(IdempotencyKeyReused, MethodNotAllowed)
    assert {status: codes(entry) for status, entry in both.items()} == {
        422: ["validation_failed", "idempotency_key_reused"],
        404: ["not_found"],
        405: ["method_not_allowed"],
    }
    assert both[422]["description"] == (
        "`validation_failed` 部分内容不符合要求，请逐项修改 / `idempotency_key_reused` 同一个幂等键已用于不同的内容"
    )


def test_joining_changes_neither_side():
    first = answers(Unprocessable)
    _ = first | answers(IdempotencyKeyReused)
    assert codes(first[422]) == ["validation_failed"]


def test_a_routes_422_does_not_hide_the_routers():
    router = DeclaringRouter(responses=answers(Unprocessable, Problem))

    @router.get("/thing", responses=answers(IdempotencyKeyReused))
    def get_thing() -> None: ...

    app = FastAPI()
    app.include_router(router)
    declared = app.openapi()["paths"]["/thing"]["get"]["responses"]
    assert (codes(declared["422"]), codes(declared["500"])) == (
        ["validation_failed", "idempotency_key_reused"],
        ["internal_error"],
    )
