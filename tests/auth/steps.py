"""Steps that the stories of auth share."""

from typing import Any
from uuid import uuid4

import httpx

from services.embedded.demo_people import PASSWORD


async def sign_in(client: httpx.AsyncClient, username: str = "wutai-clerk") -> dict[str, Any]:
    response = await client.post("/v1/auth/sessions", json={"username": username, "password": PASSWORD})
    assert response.status_code == 201, response.text
    return response.json()


def bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}


async def bearer_of(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    return bearer((await sign_in(client, username))["access_token"])


async def invite(
    client: httpx.AsyncClient, *, clerk: str = "wutai-clerk", name: str = "示例推荐对象", **more: str
) -> dict[str, Any]:
    response = await client.post(
        "/v1/auth/invitations", json={"full_name": name, **more}, headers=await bearer_of(client, clerk)
    )
    assert response.status_code == 201, response.text
    return response.json()


async def by_wechat(client: httpx.AsyncClient, appid: str, code: str, **more: str) -> httpx.Response:
    return await client.post("/v1/auth/wechat/sessions", json={"appid": appid, "code": code, **more})


def fresh(word: str) -> str:
    return f"{word}-{uuid4().hex}"


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]
