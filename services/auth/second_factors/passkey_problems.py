"""What is refused about passkeys."""

from services.common.problems import (
    Conflict,
    Unauthenticated,
    Unavailable,
    Unprocessable,
)
from services.common.text import Bilingual


class PasskeysOff(Unavailable):
    code = "passkeys_off"
    title = Bilingual("本系统没有开通通行密钥", "Passkeys are not set up here")


class PasskeyRefused(Unprocessable):
    code = "passkey_refused"
    title = Bilingual("通行密钥登记未通过核验，请重试", "The new passkey could not be verified; begin again")


class PasskeyKnown(Conflict):
    code = "passkey_known"
    title = Bilingual("该通行密钥已经登记", "This passkey is registered already")


class TooManyPasskeys(Conflict):
    code = "too_many_passkeys"
    title = Bilingual("最多登记10个通行密钥，请先删除不用的", "Ten passkeys at most; remove one first")


class PasskeyWrong(Unauthenticated):
    code = "passkey_wrong"
    title = Bilingual("通行密钥未通过核验，请重试", "The passkey could not be verified; begin again")


class PasskeyCopied(PasskeyWrong):
    code = "passkey_copied"
    title = Bilingual(
        "该通行密钥的使用计数倒退，可能被复制；请换其他方式登录后删除它",
        "This passkey counts backwards, as a copy would; sign in otherwise and remove it",
    )


class PasskeyRequired(Unauthenticated):
    code = "passkey_required"
    title = Bilingual(
        "您的岗位须两种方式验证：请用通行密钥登录，或请管理员重置后绑定动态口令",
        "Your role needs two factors: sign in by your passkey, or have it reset and enrol one-time codes",
    )
