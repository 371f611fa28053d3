"""What is refused to systems: their credentials, and OAuth 2.0 in the words of RFC 6749."""

from typing import Any

from services.common.problems import (
    Conflict,
    Problem,
)
from services.common.text import Bilingual


class TooManyCredentials(Conflict):
    code = "too_many_credentials"
    title = Bilingual("本机构的系统凭证最多20个，请先停用不用的", "Twenty credentials at most; revoke one first")


class OAuthRefusal(Problem):
    """A problem like all others, with the two members that OAuth clients read (RFC 6749 §5.2)."""

    status, code = 400, "invalid_request"
    title = Bilingual("令牌请求缺少参数或参数重复", "A parameter is missing, or given twice")

    def __init__(self, detail: Bilingual | None = None, **more: Any) -> None:
        said = (detail or self.title).en
        super().__init__(detail, extra={"error": self.code, "error_description": said}, **more)


class InvalidRequest(OAuthRefusal):
    """`invalid_request`."""


class UnsupportedGrantType(OAuthRefusal):
    code = "unsupported_grant_type"
    title = Bilingual("不支持这种授权方式", "Only client_credentials and password are granted here")


class InvalidScope(OAuthRefusal):
    code = "invalid_scope"
    title = Bilingual("该凭证没有所申请的权限范围", "The credential does not have that scope")


class InvalidGrant(OAuthRefusal):
    code = "invalid_grant"
    title = Bilingual("登录未成功", "The sign-in was refused")


class InvalidClient(OAuthRefusal):
    status, code = 401, "invalid_client"
    title = Bilingual("系统凭证不正确、已停用或已过期", "The credential is wrong, revoked or expired")

    def __init__(self, detail: Bilingual | None = None, **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Basic realm="xianjin"'}, **more)
