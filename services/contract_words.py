"""What people read first: a summary in both languages for each operation, and a sentence for each tag."""

from typing import Any

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete")

TAGS = {
    "bundles": "材料包 The documents of one case",
    "city": "市级名单、表彰和活动进程 The city's lists, awards, and the course of a campaign",
    "consultation": "征求意见 Opinions of other authorities, with and without an account",
    "delegations": "代理和移交 Standing in for a colleague, handing a role over",
    "documents": "材料 Documents: facts, files, links, who looked",
    "evidence": "档案和封存 Packages, case files and what proves them",
    "forms": "表格 Forms on paper",
    "invitations": "邀请和加入 Inviting people, admitting people",
    "keys": "验签公钥 Keys that verify access tokens",
    "kinds": "材料要求 What may be uploaded",
    "machines": "服务间令牌 Tokens for services",
    "messages": "订阅消息和短信 Messages to phones",
    "nominations": "推荐 The case",
    "notifications": "通知 The inbox",
    "objections": "异议和举报 Objections",
    "organisations": "机构 Organisations",
    "passkeys": "通行密钥 Passkeys for browsers",
    "passwords": "密码 Passwords",
    "persons": "账号管理 Accounts of others",
    "photo checks": "照片检查和修正 Photos, checked and fixed before they are kept",
    "privacy": "个人信息 What people are told, agree to and ask about their data",
    "procedure": "办理 Steps of units, counties and the city",
    "public": "公开信息 What anybody may read",
    "reports": "县级报送 What counties hand in",
    "second factor": "动态口令 The second factor",
    "security log": "安全日志 The security log",
    "sessions": "登录 Signing in and out",
    "stories": "典型事迹 Stories to publish",
    "uploads": "上传 Uploads",
    "webhooks": "事件推送 Webhooks",
}


def describe(document: Document) -> None:
    """Puts the summaries in, and names the tags that the document uses."""
    used = set()
    for item in [*document["paths"].values(), *document.get("webhooks", {}).values()]:
        for operation in (item[method] for method in _METHODS if method in item):
            operation["summary"] = summary(operation["operationId"], operation["description"])
            used.update(operation["tags"])
    document["tags"] = [{"name": name, "description": TAGS.get(name, name)} for name in sorted(used)]
    document["servers"] = [{"url": "/", "description": "本文档所在的主机 The host that serves this document"}]


def summary(operation_id: str, description: str) -> str:
    """The Chinese clause that opens the description, and the operation's name in words. The lint asks for both."""
    opening = description.split("。", maxsplit=1)[0].split("\n", maxsplit=1)[0]
    return f"{opening} {operation_id.replace('_', ' ').capitalize()}"
