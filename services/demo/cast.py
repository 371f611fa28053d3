"""Who plays: demo people sign in by password, the nominee by WeChat with the invitation of the unit."""

from dataclasses import dataclass
from typing import Any

from services.demo.narrator import Narrator

PASSWORD = "xianjin-demo-2025"  # noqa: S105  of the embedded default's demo people, printed at its start
APPID = "wx0000000000000000"
COUNTIES = (
    "wutai", "dingxiang", "xinfu", "yuanping", "daixian", "fanshi", "ningwu", "jingle",
    "shenchi", "wuzhai", "kelan", "hequ", "baode", "pianguan", "etdz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Player:
    """A signed-in person of the story."""

    name: str
    token: str


def sign_in(narrator: Narrator, username: str, *, as_what: str) -> Player:
    body = {"username": username, "password": PASSWORD}
    answer = narrator.ask(f"{as_what}登录（{username}）", "POST", "/v1/auth/sessions", expect=201, json=body).json()
    narrator.say(f"{answer['person']['full_name']}，{answer['acting_as']['organisation']['name']}")
    return Player(answer["person"]["full_name"], answer["access_token"])


def sign_in_with_wechat(narrator: Narrator, clerk: Player, *, nominee_name: str, phone_user: str) -> Player:
    """An unknown WeChat user is never given an account: the unit invites, the invitation binds."""
    body: dict[str, Any] = {"appid": APPID, "code": _wx_login(narrator, phone_user)}
    refused = narrator.ask("推荐对象在小程序登录，尚未绑定", "POST", "/v1/auth/wechat/sessions", expect=403, json=body)
    narrator.refusals(refused)
    invited = narrator.ask(
        "单位邀请推荐对象",
        "POST",
        "/v1/auth/invitations",
        expect=201,
        token=clerk.token,
        json={"full_name": nominee_name},
    ).json()
    body = {"appid": APPID, "code": _wx_login(narrator, phone_user), "invitation_code": invited["invitation_code"]}
    answer = narrator.ask(
        "推荐对象凭邀请码绑定微信并登录", "POST", "/v1/auth/wechat/sessions", expect=201, json=body
    ).json()
    return Player(nominee_name, answer["access_token"])


def _wx_login(narrator: Narrator, phone_user: str) -> str:
    """What wx.login gives on the phone."""
    answer = narrator.http.post(f"{narrator.base_urls['wechat']}/fake/login", json={"appid": APPID, "user": phone_user})
    code: str = answer.raise_for_status().json()["code"]
    return code
