"""Every refusal is problem+json (RFC 9457): a code for programs, a sentence for people, every wrong field at once.

The family, drawn once:

    Problem
     ├─ BadRequest 400            malformed_json, malformed_multipart, …
     ├─ Unauthenticated 401       token_missing, token_invalid, token_expired
     ├─ Forbidden 403
     ├─ NotFound 404              also whatever lies outside the caller's scope
     ├─ Conflict 409
     ├─ PreconditionFailed 412, PreconditionRequired 428
     ├─ PayloadTooLarge 413, UnsupportedMediaType 415
     ├─ Unprocessable 422         validation_failed
     ├─ TooManyRequests 429
     └─ Unavailable 503
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from services.common.text import Bilingual

MEDIA_TYPE = "application/problem+json"
HELP_PAGE = "/docs/errors"
"""Each code has a place there: what it means, what to tell people, what to do."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field. `pointer` is an RFC 6901 pointer into the body; `requirement` names the rule of the notice."""

    pointer: str
    code: str
    message: str
    message_en: str | None = None
    requirement: str | None = None

    def as_json(self, language: str) -> dict[str, str]:
        message = self.message_en if language == "en" and self.message_en else self.message
        answer = {"pointer": self.pointer, "code": self.code, "message": message}
        return answer | {"requirement": self.requirement} if self.requirement else answer


class Problem(Exception):
    """A refusal with its answer. `extra` members stand beside the standard ones in the body."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[Bilingual] = Bilingual("系统内部错误，请稍后再试", "Internal error, please try again later")

    def __init__(
        self,
        detail: Bilingual | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(self.code)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def as_json(self, *, language: str, trace_id: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": f"urn:xianjin:problem:{self.code}",
            "title": self.title.in_language(language),
            "status": self.status,
            "code": self.code,
            "detail": (self.detail or self.title).in_language(language),
            "trace_id": trace_id,
            "help": f"{HELP_PAGE}#{self.code}",
        }
        if self.errors:
            body["errors"] = [error.as_json(language) for error in self.errors]
        return body | self.extra


class BadRequest(Problem):
    status, code = 400, "bad_request"
    title = Bilingual("请求格式有误", "The request is malformed")


class MalformedJson(BadRequest):
    code = "malformed_json"
    title = Bilingual("请求内容不是有效的JSON", "The body is not valid JSON")


class MalformedMultipart(BadRequest):
    code = "malformed_multipart"
    title = Bilingual("上传内容不完整或格式有误", "The multipart body is incomplete or malformed")


class Unauthenticated(Problem):
    status, code = 401, "token_invalid"
    title = Bilingual("登录信息无效，请重新登录", "The access token is not valid; sign in again")

    def __init__(self, detail: Bilingual | None = None, **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": f'Bearer error="{self.code}"'}, **more)


class TokenMissing(Unauthenticated):
    code = "token_missing"
    title = Bilingual("请先登录", "Sign in first")


class TokenExpired(Unauthenticated):
    code = "token_expired"
    title = Bilingual("登录已过期，请刷新或重新登录", "The access token has expired; refresh it or sign in again")


class Forbidden(Problem):
    status, code = 403, "forbidden"
    title = Bilingual("您没有办理这项业务的权限", "Your role may not do this")


class StepRequired(Forbidden):
    code = "step_required"
    title = Bilingual(
        "请先完成安全设置（修改密码或绑定动态口令）", "First finish what required_steps names, then refresh the token"
    )


class ScopeMissing(Forbidden):
    code = "scope_missing"
    title = Bilingual("系统凭证没有此项权限范围", "The credential of this system does not have the scope for this")


class NotFound(Problem):
    status, code = 404, "not_found"
    title = Bilingual("没有找到，或您无权查看", "Not found, or not yours to see")


class MethodNotAllowed(Problem):
    status, code = 405, "method_not_allowed"
    title = Bilingual("该地址不支持这种请求方法", "This address does not support that method")


class Conflict(Problem):
    status, code = 409, "conflict"
    title = Bilingual("与现有数据冲突", "This conflicts with what is stored")


class PreconditionFailed(Problem):
    status, code = 412, "version_conflict"
    title = Bilingual("内容已被他人修改，请核对后再保存", "Somebody saved another version; compare before you save")


class PayloadTooLarge(Problem):
    status, code = 413, "payload_too_large"
    title = Bilingual("内容太大", "The body is too large")


class UnsupportedMediaType(Problem):
    status, code = 415, "unsupported_media_type"
    title = Bilingual("不支持这种内容类型", "This content type is not supported")


class Unprocessable(Problem):
    status, code = 422, "validation_failed"
    title = Bilingual("部分内容不符合要求，请逐项修改", "Some fields are not acceptable")


class IdempotencyKeyReused(Unprocessable):
    code = "idempotency_key_reused"
    title = Bilingual("同一个幂等键已用于不同的内容", "This idempotency key was used for another body")


class PreconditionRequired(Problem):
    status, code = 428, "if_match_required"
    title = Bilingual("保存时须带 If-Match 版本号", "Send If-Match with the version you edited")


class TooManyRequests(Problem):
    """Says when to ask again: by the limit's own `Retry-After`, or in a minute where what is bounded has no clock."""

    status, code = 429, "too_many_requests"
    title = Bilingual("操作太频繁，请稍后再试", "Too many requests, please wait")

    def __init__(
        self, detail: Bilingual | None = None, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail, headers={"Retry-After": "60", **(headers or {})}, **more)


class RangeNotSatisfiable(Problem):
    status, code = 416, "range_not_satisfiable"
    title = Bilingual("请求的范围超出文件大小", "The requested range lies outside the file")


class Unavailable(Problem):
    """Something the service needs is away. It comes back by itself; so the client is told when to ask again."""

    status, code = 503, "service_unavailable"
    title = Bilingual("系统暂时不可用，请稍后再试", "Temporarily unavailable, please try again")

    def __init__(self, detail: Bilingual | None = None, *, retry_after: int = 3, **more: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)}, **more)


def problem_classes() -> list[type[Problem]]:
    """Every problem class that is loaded, sorted by code: the source of the error catalogue."""
    found: dict[str, type[Problem]] = {}
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        cls = waiting.pop()
        found.setdefault(cls.code, cls)
        waiting.extend(cls.__subclasses__())
    return [found[code] for code in sorted(found)]
